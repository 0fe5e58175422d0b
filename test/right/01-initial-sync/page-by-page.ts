// Another right way: pages of 500 orders, their items by the range of the ids, a pipeline for each page, then the marker.
import type { Redis } from 'ioredis';
import type { Pool } from 'mysql2/promise';

const MARKER = 'sync:marker';

export async function waitForMysql(
  { mysql }: { mysql: Pool },
  { retries = 30, delayMs = 2000 } = {},
): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    try {
      await mysql.query('SELECT 1');
      return attempt;
    } catch {
      if (attempt >= retries)
        throw Object.assign(new Error('MySQL did not answer'), { name: 'MysqlUnavailable' });
      await new Promise((resolve) => setTimeout(resolve, delayMs));
    }
  }
}

async function writeAll(redis: Redis, writes: [string, Record<string, string | number>][]): Promise<void> {
  const pipeline = redis.pipeline();
  for (const [key, hash] of writes) pipeline.hset(key, hash);
  for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error;
}

export async function syncAllOrdersToRedis({ mysql, redis }: { mysql: Pool; redis: Redis }): Promise<number> {
  const marker = await redis.hgetall(MARKER);
  let after = Number(marker.after ?? 0);
  let count = Number(marker.count ?? 0);
  for (;;) {
    const [orders] = (await mysql.query('SELECT * FROM orders WHERE id > ? ORDER BY id LIMIT 500', [
      after,
    ])) as any;
    if (orders.length === 0) break;
    const range = [after, orders.at(-1)!.id];
    const [items] = (await mysql.query(
      'SELECT * FROM order_items WHERE order_id > ? AND order_id <= ? ORDER BY id',
      range,
    )) as any;
    const writes: [string, Record<string, string | number>][] = [];
    for (const order of orders) {
      const mine = items.filter((item: any) => item.order_id === order.id);
      const hash: Record<string, string | number> = {
        id: order.id,
        user_id: order.user_id,
        total_amount: order.total_amount,
        items_count: mine.length,
      };
      for (const [i, item] of mine.entries()) {
        hash[`item_${i}_product_id`] = item.product_id;
        hash[`item_${i}_quantity`] = item.quantity;
      }
      writes.push([`order:${order.id}`, hash]);
    }
    await writeAll(redis, writes);
    after = orders.at(-1)!.id;
    count += orders.length;
    await redis.hset(MARKER, { after, count });
  }
  return count;
}

export async function startStoreManager(
  { mysql, redis }: { mysql: Pool; redis: Redis },
  { listen, ...wait }: any,
) {
  const report: Record<string, unknown> = { attempts: null, orders: null, warning: null };
  try {
    report.attempts = await waitForMysql({ mysql }, wait);
    report.orders = await syncAllOrdersToRedis({ mysql, redis });
  } catch (error) {
    report.warning = String(error);
    console.warn(report.warning);
  }
  await listen();
  return report;
}
