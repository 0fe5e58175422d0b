// Another right way: SCAN into a Set, keys sorted by their ids, one pipeline of HGETALLs for as many as were asked for.
import type { Redis } from 'ioredis';

type Ctx = { redis: Redis };

function orderOf(hash: Record<string, string>): any {
  if (!hash.id || !hash.user_id || !hash.total_amount || !hash.items_count) return null;
  const numbers = Object.keys(hash)
    .map((field) => /^item_(\d+)_/.exec(field)?.[1])
    .filter((number) => number !== undefined)
    .map(Number);
  const items: any[] = [];
  for (const i of [...new Set(numbers)].sort((a, b) => a - b)) {
    const [productId, quantity] = [hash[`item_${i}_product_id`], hash[`item_${i}_quantity`]];
    if (!productId || !quantity) return null;
    items.push({ productId: Number(productId), quantity: Number(quantity) });
  }
  if (items.length < Number(hash.items_count)) return null;
  const order: any = {
    id: Number(hash.id),
    userId: Number(hash.user_id),
    totalAmount: hash.total_amount,
    items,
  };
  if (hash.created_at) order.createdAt = new Date(hash.created_at);
  return order;
}

const idOf = (key: string) => Number(key.slice('order:'.length));
const isOrder = (key: string) => /^order:\d+$/.test(key);

export async function getOrderById({ redis }: Ctx, id: number): Promise<any> {
  return orderOf(await redis.hgetall(`order:${id}`));
}

export async function listOrderKeys({ redis }: Ctx): Promise<string[]> {
  const keys = await redis.keys('order:*');
  return keys.filter(isOrder).sort((a, b) => idOf(a) - idOf(b));
}

export async function scanOrderKeys(
  { redis }: Ctx,
  { count = 1000 }: { count?: number } = {},
): Promise<string[]> {
  const keys = new Set<string>();
  let cursor = '0';
  do {
    const [next, some] = await redis.scan(cursor, 'MATCH', 'order:*', 'COUNT', count);
    for (const key of some) keys.add(key);
    cursor = next;
  } while (cursor !== '0');
  return [...keys].filter(isOrder).sort((a, b) => idOf(a) - idOf(b));
}

export async function getOrdersFromRedis({ redis }: Ctx, { limit }: { limit: number }): Promise<any[]> {
  if (!Number.isInteger(limit) || limit < 0) throw new RangeError('limit');
  const keys = (await scanOrderKeys({ redis })).reverse().slice(0, limit);
  const pipeline = redis.pipeline();
  for (const key of keys) pipeline.hgetall(key);
  const orders: any[] = [];
  for (const [error, hash] of (await pipeline.exec()) ?? []) {
    if (error) throw error;
    const order = orderOf(hash as any);
    if (order) orders.push(order);
  }
  return orders;
}
