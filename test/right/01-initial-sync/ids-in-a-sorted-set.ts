// Another right way: a sorted set of the ids that are there is marker and count at once, added to by the MULTI that writes
// their orders; the items of a page come by IN (...). Where the MULTI has an error, its ids are taken out again.
import type { Redis } from 'ioredis';
import type { Pool, PoolConnection } from 'mysql2/promise';

const IDS = 'sync:ids';
const PAGE = 300;

export async function waitForMysql(
  { mysql }: { mysql: Pool },
  { retries = 30, delayMs = 2000 }: { retries?: number; delayMs?: number } = {},
): Promise<number> {
  let left = retries;
  let last: unknown;
  while (left-- > 0) {
    try {
      await mysql.query('SELECT 1');
      return retries - left;
    } catch (error) {
      last = error;
    }
    if (left > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
  }
  const error = new Error(`MySQL does not answer: ${last}`);
  error.name = 'MysqlUnavailable';
  throw error;
}

async function bringPage(connection: PoolConnection, redis: Redis): Promise<number> {
  const [last = 0] = await redis.zrange(IDS, '-1', '-1');
  const [orders] = (await connection.query(
    'SELECT id, user_id, total_amount FROM orders WHERE id > ? ORDER BY id LIMIT ?',
    [Number(last), PAGE],
  )) as any;
  if (orders.length === 0) return 0;
  const ids: number[] = orders.map(({ id }: { id: number }) => id);
  const [items] = (await connection.query(
    'SELECT order_id, product_id, quantity FROM order_items WHERE order_id IN (?) ORDER BY order_id, id',
    [ids],
  )) as any;
  const multi = redis.multi();
  let at = 0;
  for (const { id, user_id, total_amount } of orders) {
    const fields: (string | number)[] = ['id', id, 'user_id', user_id, 'total_amount', total_amount];
    let n = 0;
    for (; items[at]?.order_id === id; at++, n++)
      fields.push(`item_${n}_product_id`, items[at].product_id, `item_${n}_quantity`, items[at].quantity);
    multi.del(`order:${id}`);
    multi.hset(`order:${id}`, ...fields, 'items_count', n);
  }
  multi.zadd(IDS, ...ids.flatMap((id) => [id, id]));
  const replies = await multi.exec();
  const failed = replies?.find(([error]) => error);
  if (!replies || failed) {
    // MULTI does not roll back: what it says is there is taken back, and written again by the next sync.
    await redis.zrem(IDS, ...ids);
    throw failed?.[0] ?? new Error('Redis gave the page up');
  }
  return ids.length;
}

export async function syncAllOrdersToRedis({ mysql, redis }: { mysql: Pool; redis: Redis }): Promise<number> {
  const connection = await mysql.getConnection();
  try {
    while ((await bringPage(connection, redis)) > 0);
    return await redis.zcard(IDS);
  } finally {
    connection.release();
  }
}

export async function startStoreManager(
  ctx: { mysql: Pool; redis: Redis },
  { listen, retries, delayMs }: { listen(): Promise<void>; retries?: number; delayMs?: number },
) {
  const attempts = await waitForMysql(ctx, { ...(retries && { retries }), ...(delayMs && { delayMs }) }).catch(
    (error: Error) => error,
  );
  const orders = attempts instanceof Error ? attempts : await syncAllOrdersToRedis(ctx).catch((error: Error) => error);
  const warning = orders instanceof Error ? orders.message || orders.name : null;
  if (warning !== null) console.warn(warning);
  await listen();
  return {
    attempts: attempts instanceof Error ? null : attempts,
    orders: orders instanceof Error ? null : orders,
    warning,
  };
}
