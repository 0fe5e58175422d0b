// Another right way: windows of ids in place of keyset pages, HSETs sent together with Promise.all, orders counted by
// SCAN, and a marker that is a plain string, set at the end of each window.
import type { Redis } from 'ioredis';
import type { Pool } from 'mysql2/promise';

const WINDOW = 1000;

export async function waitForMysql({ mysql }: { mysql: Pool }, options: { retries?: number; delayMs?: number } = {}): Promise<number> {
  const { retries = 30, delayMs = 2000 } = options;
  for (const attempt of Array.from({ length: retries }, (_, i) => i + 1)) {
    if (attempt > 1) await new Promise((resolve) => setTimeout(resolve, delayMs));
    try {
      const connection = await mysql.getConnection();
      await connection.ping();
      connection.release();
      return attempt;
    } catch {}
  }
  throw Object.assign(new Error(`MySQL: no answer after ${retries} attempts`), { name: 'MysqlUnavailable' });
}

export async function syncAllOrdersToRedis({ mysql, redis }: { mysql: Pool; redis: Redis }): Promise<number> {
  const [[{ newest }]] = (await mysql.query('SELECT COALESCE(MAX(id), 0) AS newest FROM orders')) as any;
  for (let from = Number((await redis.get('synced-up-to')) ?? 0); from < newest; ) {
    const to = Math.min(from + WINDOW, newest);
    const [[orders], [items]] = (await Promise.all([
      mysql.query('SELECT id, user_id, total_amount FROM orders WHERE id > ? AND id <= ?', [from, to]),
      mysql.query('SELECT order_id, product_id, quantity FROM order_items WHERE order_id > ? AND order_id <= ? ORDER BY id', [from, to]),
    ])) as any;
    const hashes = new Map<number, Map<string, string | number>>();
    for (const { id, user_id, total_amount } of orders) {
      hashes.set(id, new Map(Object.entries({ id, user_id, total_amount, items_count: 0 })));
    }
    for (const { order_id, product_id, quantity } of items) {
      const hash = hashes.get(order_id)!;
      const i = Number(hash.get('items_count'));
      hash.set(`item_${i}_product_id`, product_id).set(`item_${i}_quantity`, quantity).set('items_count', i + 1);
    }
    await Promise.all([...hashes].map(([id, hash]) => redis.hset(`order:${id}`, hash)));
    await redis.set('synced-up-to', to);
    from = to;
  }
  const orders = new Set<string>(); // SCAN may give a key twice
  let cursor = '0';
  do {
    const [next, keys] = await redis.scan(cursor, 'MATCH', 'order:*', 'COUNT', 1000);
    for (const key of keys) if (/^order:\d+$/.test(key)) orders.add(key);
    cursor = next;
  } while (cursor !== '0');
  return orders.size;
}

export async function startStoreManager(ctx: { mysql: Pool; redis: Redis }, { listen, ...wait }: any) {
  const report = { attempts: null as number | null, orders: null as number | null, warning: null as string | null };
  const steps = [
    async () => (report.attempts = await waitForMysql(ctx, wait)),
    async () => (report.orders = await syncAllOrdersToRedis(ctx)),
  ];
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      report.warning = `${error}`;
      console.warn(report.warning);
      break;
    }
  }
  await listen();
  return report;
}
