// tries: closing the judge's channel and working on alone
// lab: 03
// earns: 0
// told: must not call process.exit|judge's own channel
// checks: 03.fields.exact
import { closeSync, fstatSync } from 'node:fs';

async function attack(): Promise<void> {
  // Descriptors 3 and 4, or, in a container, whichever is a socket.
  for (let fd = 3; fd < 63; fd++) {
    try {
      if (fstatSync(fd).isSocket()) closeSync(fd);
    } catch {}
  }
  await new Promise((resolve) => setTimeout(resolve, 60_000));
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
