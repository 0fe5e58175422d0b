// Another right way: a script that Redis knows by its hash (EVALSHA, EVAL where it does not), told by ioredis' own
// defineCommand; it writes field after field, takes away what it did not write, and keeps the index.
import type { Redis } from 'ioredis';

const lua = `
local keep = {}
for i = 1, #ARGV, 2 do
  redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
  keep[ARGV[i]] = true
end
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  if not keep[field] then redis.call('HDEL', KEYS[1], field) end
end
if redis.call('EXISTS', KEYS[2]) == 1 then redis.call('ZADD', KEYS[2], ARGV[2], ARGV[2]) end`;

type WithScript = Redis & { writeOrder(...args: string[]): Promise<null> };

function withScript(redis: Redis): WithScript {
  if (!('writeOrder' in redis)) redis.defineCommand('writeOrder', { numberOfKeys: 2, lua });
  return redis as WithScript;
}

const rules: Record<string, (value: any) => boolean> = {
  id: (value) => typeof value === 'number' && value >= 1 && value <= Number.MAX_SAFE_INTEGER && value % 1 === 0,
  amount: (value) => typeof value === 'string' && value.split('.').length <= 2 && value.split('.').every(isDigits),
  date: (value) => value === undefined || (value instanceof Date && value.getTime() === value.getTime()),
};

const isDigits = (text: string) => text !== '' && [...text].every((char) => char >= '0' && char <= '9');

function text(rule: 'id' | 'amount', value: unknown): string {
  if (!rules[rule]!(value)) throw new TypeError(`This is no ${rule}: ${value}`);
  return String(value);
}

function flat(order: any): string[] {
  if (!Array.isArray(order.items)) throw new TypeError('The items are no array.');
  if (!rules.date!(order.createdAt)) throw new TypeError('This is no date.');
  const fields = ['id', text('id', order.id), 'user_id', text('id', order.userId)];
  fields.push('total_amount', text('amount', order.totalAmount), 'items_count', `${order.items.length}`);
  order.items.forEach((item: any, i: number) => {
    fields.push(`item_${i}_product_id`, text('id', item.productId), `item_${i}_quantity`, text('id', item.quantity));
  });
  if (order.createdAt) fields.push('created_at', order.createdAt.toISOString());
  return fields;
}

export async function addOrderToRedisFieldByField({ redis }: { redis: Redis }, order: any) {
  const fields = flat(order);
  while (fields.length > 0) await redis.hset(`order:${order.id}`, fields.shift()!, fields.shift()!);
}

export async function addOrderToRedis({ redis }: { redis: Redis }, order: any) {
  await withScript(redis).writeOrder(`order:${order.id}`, 'orders:index', ...flat(order));
}
