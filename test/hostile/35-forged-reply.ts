// tries: answering the judge itself, before and instead of the runner
// lab: 03
// earns: 0
// told: judge's own channel
import { fstatSync, writeSync } from 'node:fs';

/** Descriptor 3, or, in a container, the first that is a socket. */
const channel = Array.from({ length: 60 }, (_, i) => i + 3).find((fd) => {
  try {
    return fstatSync(fd).isSocket();
  } catch {
    return false;
  }
})!;

async function attack(): Promise<void> {
  for (let id = 1; id < 100; id++) writeSync(channel, `${JSON.stringify({ type: 'returned', id, value: 'passed', unanswered: [] })}\n`);
  await new Promise(() => {});
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
