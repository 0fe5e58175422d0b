import type { Redis } from 'ioredis';
import { studentOf } from './redis-student.ts';

/**
 * Runs `work` while the judge's own Redis is configured so. Afterwards each setting is what it was before.
 *
 * @throws NotGradable where the Redis is not the judge's to do so.
 * @example await withConfig(redis, { maxmemory: '1' }, () => lab.getOrLoad(key, load, { ttlMs: 1000 })) // Redis is full
 */
export async function withConfig<T>(
  redis: Redis,
  settings: Readonly<Record<string, string>>,
  work: () => Promise<T>,
): Promise<T> {
  await studentOf(redis, 'its settings cannot be changed');
  const before: string[] = [];
  for (const name of Object.keys(settings)) before.push(...((await redis.config('GET', name)) as string[]));
  try {
    for (const [name, value] of Object.entries(settings)) await redis.config('SET', name, value);
    return await work();
  } finally {
    for (let i = 0; i < before.length; i += 2) await redis.config('SET', before[i]!, before[i + 1]!);
  }
}
