import type { Redis } from 'ioredis';

/** Lets so many milliseconds pass for everything in Redis that has a time to live, and for nothing else. */
export async function pass(redis: Redis, ms: number): Promise<void> {
  for (const key of await redis.keys('*')) {
    const left = await redis.pttl(key);
    if (left >= 0) await (left <= ms ? redis.del(key) : redis.pexpire(key, left - ms));
  }
}
