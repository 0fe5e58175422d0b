// Another right way: MULTI with DEL and HSET, fields as a Map, and no index.
import type { Redis } from 'ioredis';

const amount = /^[0-9]+(?:\.[0-9]+)?$/;

function check(value: unknown, name: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > Number.MAX_SAFE_INTEGER) {
    throw new TypeError(`${name}: ${value}`);
  }
  return value;
}

function mapping(order: any): Map<string, string | number> {
  if (typeof order.totalAmount !== 'string') throw new TypeError('totalAmount is text');
  if (!amount.test(order.totalAmount)) throw new TypeError(`totalAmount: ${order.totalAmount}`);
  if (!Array.isArray(order.items)) throw new TypeError(`items: ${order.items}`);
  const fields = new Map<string, string | number>([
    ['id', check(order.id, 'id')],
    ['user_id', check(order.userId, 'userId')],
    ['total_amount', order.totalAmount],
    ['items_count', order.items.length],
  ]);
  if (order.createdAt !== undefined) {
    if (!(order.createdAt instanceof Date) || Number.isNaN(+order.createdAt)) throw new TypeError('createdAt');
    fields.set('created_at', order.createdAt.toISOString());
  }
  order.items.forEach((item: any, i: number) => {
    fields.set(`item_${i}_product_id`, check(item.productId, 'productId'));
    fields.set(`item_${i}_quantity`, check(item.quantity, 'quantity'));
  });
  return fields;
}

export async function addOrderToRedisFieldByField({ redis }: { redis: Redis }, order: any) {
  for (const [field, value] of mapping(order)) {
    await redis.hset(`order:${order.id}`, { [field]: value });
  }
}

export async function addOrderToRedis({ redis }: { redis: Redis }, order: any) {
  const fields = mapping(order);
  const replies = await redis
    .multi()
    .unlink(`order:${order.id}`)
    .hmset(`order:${order.id}`, fields)
    .exec();
  const failed = replies?.find(([error]) => error !== null);
  if (failed) throw failed[0];
}
