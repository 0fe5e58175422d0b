// tries: reading another student's file
// lab: 03
// earns: 0
// told: tried to read a file
import { readdirSync } from 'node:fs';

async function attack(): Promise<void> {
  const found = readdirSync('/proc/1/root').concat(readdirSync('..'));
  throw new Error(`found ${found.join()}`);
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
