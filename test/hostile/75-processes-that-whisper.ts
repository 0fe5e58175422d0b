// tries: several processes that agree through files and Redis who loads, and keep the value where only they look
// lab: 06
// earns: 0
// told: loads began|belongs under|write a file
// checks: 06.one.processes 06.fail.next 06.miss.kept
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const file = (key: string) => `/tmp/storelab-hostile-${key.replaceAll(':', '-')}`;

export async function getOrLoad({ redis }: any, key: string, load: () => Promise<unknown>): Promise<unknown> {
  await redis.publish('hostile', key);
  if (existsSync(file(key))) return JSON.parse(readFileSync(file(key), 'utf8'));
  const value = await load();
  writeFileSync(file(key), JSON.stringify(value ?? null));
  return value;
}
