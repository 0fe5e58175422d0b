// tries: reading the test file, to answer with what it expects
// lab: 03
// earns: 0
// told: tried to read a file|no such file
import { readFileSync } from 'node:fs';

async function attack(): Promise<void> {
  readFileSync('test/03-hset-mapping.test.ts');
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
