// tries: answering the judge itself, before and instead of the runner
// lab: 03
// earns: 0
// told: judge's own channel
import { writeSync } from 'node:fs';

async function attack(): Promise<void> {
  for (let id = 1; id < 100; id++) writeSync(3, `${JSON.stringify({ type: 'returned', id, value: 'passed', unanswered: [] })}\n`);
  await new Promise(() => {});
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
