// Another right way: one JOIN, streamed; the stream stops while a pipeline of 400 orders is on its way.
import type { Redis } from 'ioredis';
import type { Pool } from 'mysql2/promise';

type Row = { id: number; user_id: number; total_amount: string; product_id: number | null; quantity: number | null };

export async function waitForMysql({ mysql }: { mysql: Pool }, { retries = 30, delayMs = 2000 } = {}): Promise<number> {
  let used = 0;
  while (used < retries) {
    used += 1;
    const connection = await mysql.getConnection().catch(() => undefined);
    if (connection) {
      connection.release();
      return used;
    }
    if (used < retries) await new Promise((resolve) => setTimeout(resolve, delayMs));
  }
  const error = new Error('no MySQL');
  error.name = 'MysqlUnavailable';
  throw error;
}

export async function syncAllOrdersToRedis({ mysql, redis }: { mysql: Pool; redis: Redis }): Promise<number> {
  const [last, known] = await redis.mget('orders-sync-last', 'orders-sync-count');
  let count = Number(known ?? 0);
  const connection = await mysql.getConnection();
  try {
    const rows = (connection as any).connection
      .query(
        `SELECT o.id, o.user_id, o.total_amount, i.product_id, i.quantity FROM orders o
         LEFT JOIN order_items i ON i.order_id = o.id WHERE o.id > ? ORDER BY o.id, i.id`,
        [Number(last ?? 0)],
      )
      .stream({ highWaterMark: 200 }) as AsyncIterable<Row>;
    let batch: Record<string, string | number>[] = [];
    const flush = async () => {
      if (batch.length === 0) return;
      const multi = redis.multi();
      for (const hash of batch) multi.hset(`order:${hash.id}`, hash);
      multi.mset('orders-sync-last', batch.at(-1)!.id!, 'orders-sync-count', count + batch.length);
      const replies = await multi.exec();
      const failed = replies?.find(([error]) => error);
      if (failed) {
        await redis.mset('orders-sync-last', Number(batch[0]!.id) - 1, 'orders-sync-count', count);
        throw failed[0];
      }
      count += batch.length;
      batch = [];
    };
    let current: Record<string, string | number> | undefined;
    for await (const row of rows) {
      if (row.id !== current?.id) {
        if (batch.length >= 400) await flush();
        current = { id: row.id, user_id: row.user_id, total_amount: row.total_amount, items_count: 0 };
        batch.push(current);
      }
      if (row.product_id === null) continue;
      const i = Number(current.items_count);
      current[`item_${i}_product_id`] = row.product_id;
      current[`item_${i}_quantity`] = row.quantity!;
      current.items_count = i + 1;
    }
    await flush();
    return count;
  } finally {
    connection.release();
  }
}

export async function startStoreManager(ctx: { mysql: Pool; redis: Redis }, options: any) {
  let attempts: number | null = null;
  let orders: number | null = null;
  let warning: string | null = null;
  await waitForMysql(ctx, options)
    .then((n) => {
      attempts = n;
      return syncAllOrdersToRedis(ctx);
    })
    .then((n) => {
      orders = n;
    })
    .catch((error) => {
      warning = `no sync: ${error.name}`;
      console.log(warning);
    });
  await options.listen();
  return { attempts, orders, warning };
}
