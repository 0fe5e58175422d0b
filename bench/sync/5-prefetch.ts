import type { Redis } from 'ioredis';
import type { Pool } from 'mysql2/promise';
import { flatHash, INDEX, MARKER, pagesOf, scoresOf } from './pages.ts';

/** The pipelines, with the next page read from MySQL while Redis takes this one. */
export async function syncAllOrdersToRedis({ mysql, redis }: { mysql: Pool; redis: Redis }): Promise<number> {
  let count = 0;
  for await (const page of pagesOf(mysql, { prefetch: true })) {
    const pipeline = redis.pipeline();
    pipeline.del(...page.map(({ id }) => `order:${id}`));
    for (const order of page) pipeline.hset(`order:${order.id}`, ...flatHash(order));
    pipeline.zadd(INDEX, ...scoresOf(page));
    for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error;
    count += page.length;
    await redis.hset(MARKER, { cursor: page.at(-1)!.id, count });
  }
  return count;
}
