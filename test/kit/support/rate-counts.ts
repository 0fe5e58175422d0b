import type { Redis } from 'ioredis';

/** Forgets how often anybody asked: who looks again and again until something holds is no subject of a limit. */
export async function forgetCounts(redis: Redis): Promise<void> {
  const counts = await redis.keys('rate:*');
  if (counts.length > 0) await redis.del(counts);
}
