// WATCH and MULTI on a connection of its own, items remembered as JSON; SCAN with a small COUNT. Fields of a row in another order.
import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Pool } from 'mysql2/promise';

interface Order { id: number; userId: number; totalAmount: string; items: { productId: number; quantity: number }[] }
type Limit = { limit?: number };

const key = (id: number | string) => `product_sold:${id}`;

/** '12.5' is 1250 cents. */
function centsOf(amount: string): bigint {
  const [whole, places = ''] = amount.split('.');
  return BigInt(`${whole}${places.padEnd(2, '0')}`);
}

function itemsText(items: Order['items']): string {
  const sums = new Map<number, number>();
  for (const { productId, quantity } of items) sums.set(productId, (sums.get(productId) ?? 0) + quantity);
  return [...sums].map(([id, n]) => `${id}:${n}`).join(',');
}

const record = `
if redis.call('HSETNX', 'sales:counted', ARGV[1], ARGV[2]) == 0 then return end
for id, n in string.gmatch(ARGV[2], '(%d+):(%d+)') do
  redis.call('INCRBY', 'product_sold:' .. id, n)
  redis.call('ZINCRBY', 'products:sold', n, id)
end`;

const revert = `
local items = redis.call('HGET', 'sales:counted', ARGV[1])
if not items then return end
redis.call('HDEL', 'sales:counted', ARGV[1])
for id, n in string.gmatch(items, '(%d+):(%d+)') do
  redis.call('DECRBY', 'product_sold:' .. id, n)
  redis.call('ZINCRBY', 'products:sold', -n, id)
end`;

/** Runs `change` on a connection of its own until nobody came between. */
async function alone(redis: Redis, change: (own: Redis) => Promise<unknown>): Promise<void> {
  const own = redis.duplicate();
  own.on('error', () => {});
  try {
    for (;;) {
      await own.watch('sales:counted');
      if ((await change(own)) !== null) return;
    }
  } finally {
    own.disconnect();
  }
}

export async function recordSale({ redis }: { redis: Redis }, order: Order): Promise<void> {
  await alone(redis, async (own) => {
    if (await own.hexists('sales:counted', String(order.id))) return;
    const transaction = own.multi().hset('sales:counted', String(order.id), JSON.stringify(order.items));
    for (const { productId, quantity } of order.items) {
      transaction.incrby(key(productId), quantity).zincrby('products:sold', quantity, String(productId));
    }
    return transaction.exec();
  });
}

export async function revertSale({ redis }: { redis: Redis }, order: Order): Promise<void> {
  await alone(redis, async (own) => {
    const items = await own.hget('sales:counted', String(order.id));
    if (items === null) return;
    const transaction = own.multi().hdel('sales:counted', String(order.id));
    for (const { productId, quantity } of JSON.parse(items) as Order['items']) {
      transaction.decrby(key(productId), quantity).zincrby('products:sold', -quantity, String(productId));
    }
    return transaction.exec();
  });
}

async function* hashes(redis: Redis): AsyncGenerator<Record<string, string>> {
  const seen = new Set<string>();
  for await (const keys of redis.scanStream({ match: 'order:[0-9]*', count: 200 })) {
    const fresh = (keys as string[]).filter((name) => /^order:\d+$/.test(name) && !seen.has(name));
    for (const name of fresh) seen.add(name);
    if (fresh.length === 0) continue;
    const replies = (await redis.pipeline([...new Set(fresh)].map((name) => ['hgetall', name])).exec())!;
    for (const [error, hash] of replies) {
      if (error) throw error;
      if (Object.keys(hash as object).length > 0) yield hash as Record<string, string>;
    }
  }
}

export async function getHighestSpendingUsers({ redis }: { redis: Redis }, { limit = 10 }: Limit = {}) {
  const spent = new Map<number, bigint>();
  for await (const hash of hashes(redis)) {
    const cents = centsOf(hash.total_amount!);
    spent.set(Number(hash.user_id), (spent.get(Number(hash.user_id)) ?? 0n) + cents);
  }
  return [...spent]
    .sort(([a, x], [b, y]) => (x === y ? a - b : x < y ? 1 : -1))
    .slice(0, limit)
    .map(([userId, cents]) => {
      const text = String(cents).padStart(3, '0');
      return { spent: `${text.slice(0, -2)}.${text.slice(-2)}`, userId };
    });
}

function report(sold: Map<number, number>, limit: number) {
  return [...sold]
    .filter(([, n]) => n > 0)
    .sort(([a, x], [b, y]) => y - x || a - b)
    .slice(0, limit)
    .map(([productId, n]) => ({ sold: n, productId }));
}

export async function getBestSellersFromOrders({ redis }: { redis: Redis }, { limit = 10 }: Limit = {}) {
  const sold = new Map<number, number>();
  for await (const hash of hashes(redis)) {
    for (let i = 0; i < Number(hash.items_count); i++) {
      const id = Number(hash[`item_${i}_product_id`]);
      sold.set(id, (sold.get(id) ?? 0) + Number(hash[`item_${i}_quantity`]));
    }
  }
  return report(sold, limit);
}

async function counters(redis: Redis): Promise<string[]> {
  const found = new Set<string>();
  for await (const keys of redis.scanStream({ match: 'product_sold:*', count: 1000 })) {
    for (const name of keys as string[]) if (/^product_sold:\d+$/.test(name)) found.add(name);
  }
  return [...found];
}

export async function getBestSellersFromCounters({ redis }: { redis: Redis }, { limit = 10 }: Limit = {}) {
  const keys = await counters(redis);
  if (keys.length === 0) return [];
  const values = await redis.mget(keys);
  return report(new Map(keys.map((name, i) => [Number(name.split(':')[1]), Number(values[i])])), limit);
}

export async function getBestSellers({ redis }: { redis: Redis }, { limit = 10 }: Limit = {}) {
  const replies = (await redis.pipeline().zrange('products:sold', '0', '-1', 'WITHSCORES').hgetall('products:names').exec())!;
  const flat = replies[0]![1] as string[];
  const names = replies[1]![1] as Record<string, string>;
  const sold = new Map<number, number>();
  for (let i = 0; i < flat.length; i += 2) sold.set(Number(flat[i]), Number(flat[i + 1]));
  return report(sold, limit).map((row) => ({ ...row, name: names[row.productId] ?? `#${row.productId}` }));
}

export async function rebuildSales({ mysql, redis }: { mysql: Pool; redis: Redis }): Promise<void> {
  const run = randomUUID();
  const sold = new Map<number, number>();
  let any = false;
  for (let after = 0; ; ) {
    const [orders] = (await mysql.query('SELECT id FROM orders WHERE id > ? ORDER BY id LIMIT 1000', [after])) as any;
    if (orders.length === 0) break;
    const last = orders.at(-1).id;
    const [rows] = (await mysql.query('SELECT order_id, product_id, quantity FROM order_items WHERE order_id > ? AND order_id <= ?', [after, last])) as any;
    const of = new Map<number, Order['items']>(orders.map(({ id }: any) => [id, []]));
    for (const { order_id, product_id, quantity } of rows) {
      of.get(order_id)?.push({ productId: product_id, quantity });
      sold.set(product_id, (sold.get(product_id) ?? 0) + quantity);
    }
    await redis.hset(`sales:new:${run}`, ...[...of].flatMap(([id, items]) => [String(id), JSON.stringify(items)]));
    any = true;
    after = last;
  }
  const [products] = (await mysql.query('SELECT id, name FROM products')) as any;
  const old = await counters(redis);
  const swap = redis.multi();
  if (old.length > 0) swap.del(...old);
  swap.del('products:sold', 'products:names', 'sales:counted');
  for (const [id, n] of sold) swap.set(key(id), n).zadd('products:sold', n, String(id));
  for (const { id, name } of products) swap.hset('products:names', String(id), name);
  if (any) swap.rename(`sales:new:${run}`, 'sales:counted');
  for (const [error] of (await swap.exec())!) if (error) throw error;
}
