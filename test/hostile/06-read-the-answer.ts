// tries: reading the worked answer out of the repository
// lab: 03
// earns: 0
// told: tried to read a file
import { existsSync, readdirSync, readFileSync } from 'node:fs';

async function attack(): Promise<void> {
  const folders = ['.', '..', process.cwd(), '/lab'];
  for (const folder of folders) if (existsSync(`${folder}/answers`)) readdirSync(`${folder}/answers`);
  readFileSync('answers/03-hset-mapping.md');
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
