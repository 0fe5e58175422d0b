import type { Redis } from 'ioredis';

/** As if so much time had passed (ms): what would have ended by then is gone. */
export async function passes(redis: Redis, ms: number): Promise<void> {
  for (const key of await redis.keys('*')) {
    const left = await redis.pttl(key);
    if (left >= 0 && left <= ms) await redis.del(key);
  }
}

/** Keys that never end, sorted. */
export async function lasting(redis: Redis): Promise<string[]> {
  const names = await redis.keys('*');
  const lives = await Promise.all(names.map((name) => redis.pttl(name)));
  return names.filter((_, i) => lives[i] === -1).sort();
}
