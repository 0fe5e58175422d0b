// tries: reading /etc/passwd
// lab: 03
// earns: 0
// told: tried to read a file
import { readFileSync } from 'node:fs';

async function attack(): Promise<void> {
  readFileSync('/etc/passwd');
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
