// fails: 03.fields.values
// Looks at a value when its turn comes, after others are written.
import type { Redis } from 'ioredis';

type Ctx = { redis: Redis };

const isWhole = (value: unknown) => Number.isSafeInteger(value) && (value as number) > 0;

function fieldsOf(order: any): Record<string, string | number> {
  const { id, userId, totalAmount, items, createdAt } = order;
  if (!isWhole(id) || !isWhole(userId)) throw new TypeError('an id is no whole number');
  if (typeof totalAmount !== 'string' || !/^\d+(\.\d+)?$/.test(totalAmount)) throw new TypeError('totalAmount');
  if (!Array.isArray(items)) throw new TypeError('items');
  const fields: Record<string, string | number> = { id, user_id: userId, total_amount: totalAmount, items_count: items.length };
  if (createdAt) {
    if (Number.isNaN(createdAt.getTime())) throw new TypeError('createdAt');
    fields.created_at = createdAt.toISOString();
  }
  for (const [i, item] of items.entries()) {
    if (!isWhole(item.productId) || !isWhole(item.quantity)) throw new TypeError(`item ${i}`);
    fields[`item_${i}_product_id`] = item.productId;
    fields[`item_${i}_quantity`] = item.quantity;
  }
  return fields;
}

export async function addOrderToRedisFieldByField({ redis }: Ctx, order: any): Promise<void> {
  const key = `order:${order.id}`;
  if (!isWhole(order.id) || !isWhole(order.userId)) throw new TypeError('an id is no whole number');
  await redis.hset(key, 'id', order.id);
  await redis.hset(key, 'user_id', order.userId);
  fieldsOf({ ...order, items: [] });
  await redis.hset(key, 'total_amount', order.totalAmount);
  if (!Array.isArray(order.items)) throw new TypeError('items');
  await redis.hset(key, 'items_count', order.items.length);
  if (order.createdAt) await redis.hset(key, 'created_at', order.createdAt.toISOString());
  for (const [i, { productId, quantity }] of order.items.entries()) {
    if (!isWhole(productId) || !isWhole(quantity)) throw new TypeError(`item ${i}`);
    await redis.hset(key, `item_${i}_product_id`, productId);
    await redis.hset(key, `item_${i}_quantity`, quantity);
  }
}

export async function addOrderToRedis({ redis }: Ctx, order: any): Promise<void> {
  const fields = fieldsOf(order);
  const key = `order:${order.id}`;
  const replies = await redis.multi().del(key).hset(key, fields).exec();
  for (const [error] of replies ?? []) if (error) throw error;
}
