// A pointer says which generation of what is remembered counts; an order that was taken back never counts again; MySQL adds up.
import { randomUUID } from 'node:crypto';
import type { ChainableCommander, Redis } from 'ioredis';
import type { Pool } from 'mysql2/promise';

interface Item { productId: number; quantity: number }
interface Order { id: number; items: Item[] }
interface Ctx { redis: Redis; mysql: Pool }
interface Top { limit?: number }

const MEMORY = `
local function memory() return 'sales:' .. (redis.call('GET', 'sales:generation') or 'first') end
local function add(items, sign)
  for _, item in ipairs(items) do
    local n = sign * item.quantity
    redis.call('INCRBY', 'product_sold:' .. string.format('%d', item.productId), n)
    redis.call('ZINCRBY', 'products:sold', n, string.format('%d', item.productId))
  end
end`;

const RECORD = `${MEMORY}
if redis.call('HSETNX', memory(), ARGV[1], ARGV[2]) == 1 then add(cjson.decode(ARGV[2]), 1) end`;

const REVERT = `${MEMORY}
local items = redis.call('HGET', memory(), ARGV[1])
if not items or items == 'taken back' then return end
redis.call('HSET', memory(), ARGV[1], 'taken back')
add(cjson.decode(items), -1)`;

export async function recordSale({ redis }: Ctx, { id, items }: Order): Promise<void> {
  const counted = items.map(({ productId, quantity }) => ({ productId, quantity }));
  await redis.eval(RECORD, 0, id, JSON.stringify(counted));
}

export async function revertSale({ redis }: Ctx, { id }: Order): Promise<void> {
  await redis.eval(REVERT, 0, id);
}

/** All keys of a kind with their ids, each once; the names of a million orders fit in memory, their hashes do not. */
async function idsOf(redis: Redis, prefix: string): Promise<number[]> {
  const ids = new Set<number>();
  let cursor = '0';
  do {
    const [next, keys] = await redis.scan(cursor, 'MATCH', `${prefix}*`, 'COUNT', 500);
    for (const key of keys) {
      const id = key.slice(prefix.length);
      if (/^[0-9]+$/.test(id)) ids.add(Number(id));
    }
    cursor = next;
  } while (cursor !== '0');
  return [...ids];
}

async function eachOrder(redis: Redis, look: (hash: Record<string, string>) => void): Promise<void> {
  const ids = await idsOf(redis, 'order:');
  while (ids.length > 0) {
    const some = ids.splice(0, 500);
    for (const hash of await Promise.all(some.map((id) => redis.hgetall(`order:${id}`)))) if (hash.id) look(hash);
  }
}

const top = <T extends bigint | number>(sums: Map<number, T>, limit: number): [number, T][] =>
  [...sums].sort(([a, x], [b, y]) => (x < y ? 1 : x > y ? -1 : a - b)).slice(0, Math.max(0, limit));

export async function getHighestSpendingUsers({ redis }: Ctx, { limit = 10 }: Top = {}) {
  const cents = new Map<number, bigint>();
  await eachOrder(redis, ({ user_id, total_amount = '' }) => {
    const [, whole = '0', places = ''] = /^(\d+)\.?(\d*)$/.exec(total_amount) ?? [];
    const amount = BigInt(whole) * 100n + BigInt(places.padEnd(2, '0'));
    cents.set(Number(user_id), (cents.get(Number(user_id)) ?? 0n) + amount);
  });
  return top(cents, limit).map(([userId, sum]) => ({
    userId,
    spent: `${sum / 100n}.${String(sum % 100n).padStart(2, '0')}`,
  }));
}

export async function getBestSellersFromOrders({ redis }: Ctx, { limit = 10 }: Top = {}) {
  const sold = new Map<number, number>();
  await eachOrder(redis, (hash) => {
    for (const [field, value] of Object.entries(hash)) {
      const item = /^item_(\d+)_product_id$/.exec(field)?.[1];
      if (item) sold.set(Number(value), (sold.get(Number(value)) ?? 0) + Number(hash[`item_${item}_quantity`]));
    }
  });
  return rows(sold, limit);
}

function rows(sold: Map<number, number>, limit: number) {
  const some = new Map([...sold].filter(([, n]) => n > 0));
  return top(some, limit).map(([productId, n]) => ({ productId, sold: n }));
}

export async function getBestSellersFromCounters({ redis }: Ctx, { limit = 10 }: Top = {}) {
  const ids = await idsOf(redis, 'product_sold:');
  const values = await Promise.all(ids.map((id) => redis.get(`product_sold:${id}`)));
  return rows(new Map(ids.map((id, i) => [id, Number(values[i] ?? 0)])), limit);
}

const BEST = `
local named = {}
local flat = redis.call('ZRANGE', 'products:sold', '+inf', '(0', 'BYSCORE', 'REV', 'WITHSCORES')
for i = 1, #flat, 2 do named[#named + 1] = {flat[i], flat[i + 1], redis.call('HGET', 'products:names', flat[i])} end
return named`;

export async function getBestSellers({ redis }: Ctx, { limit = 10 }: Top = {}) {
  const all = (await redis.eval(BEST, 0)) as [string, string, string | null][];
  const names = new Map(all.map(([id, , name]) => [Number(id), name]));
  const sold = new Map(all.map(([id, n]) => [Number(id), Number(n)]));
  return rows(sold, limit).map((row) => ({ ...row, name: names.get(row.productId) ?? `#${row.productId}` }));
}

export async function rebuildSales({ mysql, redis }: Ctx): Promise<void> {
  const generation = randomUUID();
  const connection = await mysql.getConnection();
  const query = async (sql: string, values: unknown[] = []) => (await connection.query(sql, values))[0] as any[];
  try {
    await query('SET SESSION group_concat_max_len = 1000000');
    await query('START TRANSACTION WITH CONSISTENT SNAPSHOT');
    for (let after = 0, more = true; more; ) {
      const page = await query(
        `SELECT o.id, CONCAT('[', COALESCE(GROUP_CONCAT('{"productId":', i.product_id, ',"quantity":', i.quantity, '}'), ''), ']') AS items
           FROM (SELECT id FROM orders WHERE id > ? ORDER BY id LIMIT 800) o LEFT JOIN order_items i ON i.order_id = o.id GROUP BY o.id`,
        [after],
      );
      more = page.length > 0;
      if (!more) break;
      await redis
        .multi()
        .hset(`sales:${generation}`, Object.fromEntries(page.map(({ id, items }) => [id, items])))
        .expire(`sales:${generation}`, 3600)
        .exec();
      after = Math.max(...page.map(({ id }) => id));
    }
    const sums = await query('SELECT product_id AS id, SUM(quantity) AS n FROM order_items GROUP BY product_id');
    const products = await query('SELECT id, name FROM products');
    await query('COMMIT');
    const old = (await redis.get('sales:generation')) ?? 'first';
    const stale = (await idsOf(redis, 'product_sold:')).map((id) => `product_sold:${id}`);
    await swap(redis.multi().del('products:sold', 'products:names', `sales:${old}`, ...stale), { sums, products, generation });
  } finally {
    connection.destroy();
  }
}

async function swap(multi: ChainableCommander, { sums, products, generation }: { sums: any[]; products: any[]; generation: string }) {
  for (const { id, n } of sums) multi.set(`product_sold:${id}`, n).zadd('products:sold', n, String(id));
  for (const { id, name } of products) multi.hset('products:names', id, name);
  multi.set('sales:generation', generation).persist(`sales:${generation}`);
  for (const [error] of (await multi.exec()) ?? []) if (error) throw error;
}
