// tries: writing to the watchdog's channel, so that nobody finds out where it loops
// lab: 03
// earns: 0
// told: endless loop
// checks: 03.fields.exact
import { writeSync } from 'node:fs';
import { connect } from 'node:net';

const answer = '[{"url":"file:///lab/lab.mjs","line":1e9,"column":-1}]\n';
// In a container the watchdog's channel is a socket: be there first.
connect('/lab/watchdog')
  .on('data', () => {})
  .on('error', () => {})
  .write(answer);

async function attack(): Promise<void> {
  for (;;) {
    try {
      writeSync(4, answer);
    } catch {}
  }
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
