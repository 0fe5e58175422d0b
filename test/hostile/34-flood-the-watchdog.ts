// tries: writing to the watchdog's channel, so that nobody finds out where it loops
// lab: 03
// earns: 0
// told: endless loop
// checks: 03.fields.exact
import { writeSync } from 'node:fs';

async function attack(): Promise<void> {
  for (;;) {
    try {
      writeSync(4, '[{"url":"file:///lab/lab.mjs","line":1e9,"column":-1}]\n');
    } catch {}
  }
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
