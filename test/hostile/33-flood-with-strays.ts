// tries: flooding the judge's channel with messages that are allowed
// lab: 03
// earns: 0
// told: judge's own channel
// checks: 03.fields.exact 03.add.exact
import { fstatSync, writeSync } from 'node:fs';

/** Descriptor 3, or, in a container, the first that is a socket. */
const channel = Array.from({ length: 60 }, (_, i) => i + 3).find((fd) => {
  try {
    return fstatSync(fd).isSocket();
  } catch {
    return false;
  }
})!;

function write(fd: number, text: string): void {
  for (let data = Buffer.from(text); data.length > 0; ) {
    try {
      data = data.subarray(writeSync(fd, data));
    } catch (error: any) {
      if (error.code !== 'EAGAIN') throw error;
    }
  }
}

async function attack(): Promise<void> {
  const line = `${JSON.stringify({ type: 'stray', error: { name: 'E', message: 'x'.repeat(2000) } })}\n`;
  for (let i = 0; i < 5_000; i++) write(channel, line);
  await new Promise(() => {});
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
