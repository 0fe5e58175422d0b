// tries: closing the judge's channel and working on alone
// lab: 03
// earns: 0
// told: must not call process.exit|judge's own channel
// checks: 03.fields.exact
import { closeSync } from 'node:fs';

async function attack(): Promise<void> {
  closeSync(3);
  closeSync(4);
  await new Promise((resolve) => setTimeout(resolve, 60_000));
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
