import type { Redis } from 'ioredis';
import type { Pool } from 'mysql2/promise';
import { INDEX, MARKER, mappingOf, pagesOf, scoresOf } from './pages.ts';

/** The HSETs of a page sent together and awaited together: one round trip, a promise for each. */
export async function syncAllOrdersToRedis({ mysql, redis }: { mysql: Pool; redis: Redis }): Promise<number> {
  let count = 0;
  for await (const page of pagesOf(mysql)) {
    await Promise.all([
      ...page.map((order) => redis.hset(`order:${order.id}`, mappingOf(order))),
      redis.zadd(INDEX, ...scoresOf(page)),
    ]);
    count += page.length;
    await redis.hset(MARKER, { cursor: page.at(-1)!.id, count });
  }
  return count;
}
