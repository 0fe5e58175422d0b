// Another right way: MULTI with DEL and HSET, fields as a plain object, and no index.
import type { Redis } from 'ioredis';

type Ctx = { redis: Redis };

const isWhole = (value: unknown) => Number.isSafeInteger(value) && (value as number) > 0;

function fieldsOf(order: any): Record<string, string | number> {
  const { id, userId, totalAmount, items, createdAt } = order;
  if (!isWhole(id) || !isWhole(userId)) throw new TypeError('an id is no whole number');
  if (typeof totalAmount !== 'string' || !/^\d+(\.\d+)?$/.test(totalAmount))
    throw new TypeError('totalAmount');
  if (!Array.isArray(items)) throw new TypeError('items');
  const fields: Record<string, string | number> = {
    id,
    user_id: userId,
    total_amount: totalAmount,
    items_count: items.length,
  };
  if (createdAt !== undefined) {
    if (!(createdAt instanceof Date) || Number.isNaN(createdAt.getTime())) throw new TypeError('createdAt');
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
  const fields = fieldsOf(order);
  for (const [field, value] of Object.entries(fields)) await redis.hset(`order:${order.id}`, field, value);
}

export async function addOrderToRedis({ redis }: Ctx, order: any): Promise<void> {
  const fields = fieldsOf(order);
  const key = `order:${order.id}`;
  const replies = await redis.multi().del(key).hset(key, fields).exec();
  for (const [error] of replies ?? []) if (error) throw error;
}
