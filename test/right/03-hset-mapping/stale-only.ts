// Another right way: a script that writes with one HSET, deletes only the fields that are stale, and keeps the index.
import type { Redis } from 'ioredis';

const script = `
local order = cjson.decode(ARGV[1])
local flat = {}
for field, value in pairs(order) do
  flat[#flat + 1] = field
  flat[#flat + 1] = value
end
redis.call('HSET', KEYS[1], unpack(flat))
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  if order[field] == nil then redis.call('HDEL', KEYS[1], field) end
end
if redis.call('ZCARD', KEYS[2]) > 0 then redis.call('ZADD', KEYS[2], ARGV[2], ARGV[2]) end
return redis.status_reply('OK')`;

const wrong = (what: string) => Object.assign(new Error(`not an order: ${what}`), { name: 'TypeError' });

function texts(order: any): Record<string, string> {
  const number = (value: any, what: string) => {
    if (value === null || value === undefined || value !== Math.floor(value) || value < 1 || value > 2 ** 53 - 1) throw wrong(what);
    return value.toString();
  };
  if (order.items?.constructor !== Array) throw wrong('items');
  if (!order.totalAmount?.match?.(/^[0-9]+$|^[0-9]+[.][0-9]+$/)) throw wrong('totalAmount');
  if (order.createdAt !== undefined && !(order.createdAt?.getTime?.() > -Infinity)) throw wrong('createdAt');
  const items = order.items.flatMap((item: any, i: number) => [
    [`item_${i}_product_id`, number(item.productId, 'product')],
    [`item_${i}_quantity`, number(item.quantity, 'quantity')],
  ]);
  return {
    id: number(order.id, 'id'),
    user_id: number(order.userId, 'user'),
    total_amount: order.totalAmount,
    items_count: `${order.items.length}`,
    ...(order.createdAt ? { created_at: order.createdAt.toJSON() } : {}),
    ...Object.fromEntries(items),
  };
}

export async function addOrderToRedisFieldByField({ redis }: { redis: Redis }, order: any) {
  const fields = texts(order);
  await Object.entries(fields).reduce(
    (before, [field, value]) => before.then(() => redis.hset(`order:${order.id}`, field, value)),
    Promise.resolve(0),
  );
}

export async function addOrderToRedis({ redis }: { redis: Redis }, order: any) {
  const fields = texts(order);
  await redis.eval(script, 2, `order:${fields.id}`, 'orders:index', JSON.stringify(fields), fields.id!);
}
