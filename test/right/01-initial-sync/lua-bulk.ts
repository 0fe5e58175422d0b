// Another right way: a Lua script writes 250 orders and the marker in one atomic step, so a page is there or not.
import type { Redis } from 'ioredis';
import type { Pool } from 'mysql2/promise';

const script = `
for i, order in ipairs(cjson.decode(ARGV[1])) do
  if redis.call('TYPE', KEYS[i + 1]).ok ~= 'hash' then redis.call('DEL', KEYS[i + 1]) end
  redis.call('HSET', KEYS[i + 1], unpack(order))
end
redis.call('HSET', KEYS[1], 'last', ARGV[2])
return redis.call('HINCRBY', KEYS[1], 'count', #KEYS - 1)`;

export async function waitForMysql({ mysql }: { mysql: Pool }, { retries = 30, delayMs = 2000 } = {}, attempt = 1): Promise<number> {
  const up = await mysql.execute('SELECT 1').then(() => true, () => false);
  if (up) return attempt;
  if (attempt === retries) throw new (class MysqlUnavailable extends Error { override name = 'MysqlUnavailable'; })();
  await new Promise((resolve) => setTimeout(resolve, delayMs));
  return waitForMysql({ mysql }, { retries, delayMs }, attempt + 1);
}

export async function syncAllOrdersToRedis({ mysql, redis }: { mysql: Pool; redis: Redis }): Promise<number> {
  let last = Number((await redis.hget('marker', 'last')) ?? 0);
  for (;;) {
    const [rows] = (await mysql.execute(
      `SELECT o.id, o.user_id, o.total_amount, i.product_id, i.quantity
       FROM (SELECT id, user_id, total_amount FROM orders WHERE id > ? ORDER BY id LIMIT 250) o
       LEFT JOIN order_items i ON i.order_id = o.id ORDER BY o.id, i.id`,
      [last],
    )) as any;
    if (rows.length === 0) return Number((await redis.hget('marker', 'count')) ?? 0);
    const orders = new Map<number, (string | number)[]>();
    const counts = new Map<number, number>();
    for (const { id, user_id, total_amount, product_id, quantity } of rows) {
      if (!orders.has(id)) orders.set(id, ['id', id, 'user_id', user_id, 'total_amount', total_amount]);
      if (product_id === null) continue;
      const i = counts.get(id) ?? 0;
      counts.set(id, i + 1);
      orders.get(id)!.push(`item_${i}_product_id`, product_id, `item_${i}_quantity`, quantity);
    }
    for (const [id, fields] of orders) fields.push('items_count', counts.get(id) ?? 0);
    const keys = [...orders.keys()];
    last = keys.at(-1)!;
    const args = [JSON.stringify([...orders.values()].map((fields) => fields.map(String))), last];
    await redis.eval(script, keys.length + 1, 'marker', ...keys.map((id) => `order:${id}`), ...args);
  }
}

export async function startStoreManager({ mysql, redis }: { mysql: Pool; redis: Redis }, { listen, retries, delayMs }: any) {
  const report = { attempts: null as number | null, orders: null as number | null, warning: null as string | null };
  try {
    report.attempts = await waitForMysql({ mysql }, { retries, delayMs });
    report.orders = await syncAllOrdersToRedis({ mysql, redis });
  } catch (error) {
    report.warning = (error as Error).message || 'MySQL is away';
    process.stderr.write(`${report.warning}\n`);
  }
  await listen();
  return report;
}
