// Another right way: ZRANGE … REV on the index, a Promise for each hash sent at once, and without an index a SCAN that
// keeps only the newest ids while it walks.
import type { Redis } from 'ioredis';

const KEY = /^order:(\d+)$/;

function parse(hash: Record<string, string>) {
  const { id, user_id, total_amount, items_count, created_at } = hash;
  if ([id, user_id, total_amount, items_count].some((field) => field === undefined)) return null;
  const parts: Record<string, Record<string, number>> = {};
  for (const field in hash) {
    const [, number, part] = /^item_(\d+)_(product_id|quantity)$/.exec(field) ?? [];
    if (number && part) (parts[number] ??= {})[part] = Number(hash[field]);
  }
  const items: { productId: number; quantity: number }[] = [];
  // Keys of an object that are whole numbers come in their order.
  for (const { product_id, quantity } of Object.values(parts)) {
    if (product_id === undefined || quantity === undefined) return null;
    items.push({ productId: product_id, quantity });
  }
  if (items.length < Number(items_count)) return null;
  const order = { id: Number(id), userId: Number(user_id), totalAmount: total_amount!, items };
  return created_at === undefined ? order : Object.assign(order, { createdAt: new Date(created_at) });
}

export async function getOrderById({ redis }: { redis: Redis }, id: number) {
  return parse(await redis.hgetall(`order:${id}`));
}

const inOrder = (ids: Iterable<number>) => [...new Set(ids)].sort((a, b) => a - b).map((id) => `order:${id}`);

export async function listOrderKeys({ redis }: { redis: Redis }) {
  const ids = (await redis.keys('order:*')).map((key) => KEY.exec(key)?.[1]);
  return inOrder(ids.filter((id) => id !== undefined).map(Number));
}

async function* scanned(redis: Redis, count: number): AsyncGenerator<number> {
  for await (const keys of redis.scanStream({ match: 'order:*', count }) as AsyncIterable<string[]>)
    for (const key of keys) {
      const id = KEY.exec(key)?.[1];
      if (id) yield Number(id);
    }
}

export async function scanOrderKeys({ redis }: { redis: Redis }, { count = 1000 }: { count?: number } = {}) {
  const ids = new Set<number>();
  for await (const id of scanned(redis, count)) ids.add(id);
  return inOrder(ids);
}

export async function getOrdersFromRedis({ redis }: { redis: Redis }, { limit }: { limit: number }) {
  if (!Number.isInteger(limit) || limit < 0) throw new RangeError(`${limit} orders?`);
  if (limit === 0) return [];
  let ids = (await redis.zrange('orders:index', '+inf', '-inf', 'BYSCORE', 'REV', 'LIMIT', 0, limit)).map(Number);
  if (ids.length === 0) {
    const newest = new Set<number>();
    for await (const id of scanned(redis, 500)) {
      newest.add(id);
      if (newest.size > 2 * limit + 100) for (const old of [...newest].sort((a, b) => a - b).slice(0, -limit)) newest.delete(old);
    }
    ids = [...newest].sort((a, b) => b - a).slice(0, limit);
  }
  const orders = await Promise.all(ids.map((id) => getOrderById({ redis }, id)));
  return orders.filter((order) => order !== null);
}
