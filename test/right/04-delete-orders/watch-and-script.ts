// WATCH on a connection of its own for one order, a defined command for many; callbacks in parallel; DEL and ZREM alone where nobody asks.
import type { Redis } from 'ioredis';

interface Item { productId: number; quantity: number }
interface Order { id: number; userId: number; totalAmount: string; items: Item[]; createdAt?: Date }
type Options = { onDeleted?: (order: Order) => Promise<void> };

function toOrder(hash: Record<string, string>): Order {
  const items: Item[] = [];
  for (let i = 0; i < Number(hash.items_count); i++) {
    items.push({ productId: Number(hash[`item_${i}_product_id`]), quantity: Number(hash[`item_${i}_quantity`]) });
  }
  const order: Order = { id: Number(hash.id), userId: Number(hash.user_id), totalAmount: hash.total_amount!, items };
  if (hash.created_at) order.createdAt = new Date(hash.created_at);
  return order;
}

export async function deleteOrderFromRedis({ redis }: { redis: Redis }, id: number, options: Options = {}): Promise<boolean> {
  const own = redis.duplicate();
  own.on('error', () => {});
  try {
    for (;;) {
      await own.watch(`order:${id}`);
      const hash = await own.hgetall(`order:${id}`);
      if (Object.keys(hash).length === 0) return false;
      const done = await own.multi().del(`order:${id}`).zrem('orders:index', id).exec();
      if (!done) continue;
      await tell([toOrder(hash)], options.onDeleted);
      return true;
    }
  } finally {
    own.disconnect();
  }
}

const needed = /^(id|user_id|total_amount|items_count|item_\d+_(product_id|quantity))$/;

export async function deleteOrderField({ redis }: { redis: Redis }, id: number, field: string): Promise<boolean> {
  if (needed.test(field)) throw Object.assign(new Error(`An order needs its ${field}`), { name: 'OrderFieldNeeded' });
  return (await redis.hdel(`order:${id}`, field)) === 1;
}

const script = `
local taken = {}
for i, id in ipairs(ARGV) do
  local key = 'order:' .. id
  local hash = redis.call('HGETALL', key)
  redis.call('ZREM', 'orders:index', id)
  if redis.call('DEL', key) == 1 then taken[#taken + 1] = cjson.encode(hash) end
end
return taken`;

async function take(redis: Redis, ids: number[]): Promise<Order[]> {
  if (!('takeOrders' in redis)) redis.defineCommand('takeOrders', { lua: script });
  const taken: string[] = await (redis as any).takeOrders(0, ...ids);
  return taken.map((text) => {
    const flat = JSON.parse(text) as string[];
    return toOrder(Object.fromEntries(flat.flatMap((name, i) => (i % 2 === 0 ? [[name, flat[i + 1]!]] : []))));
  });
}

async function tell(orders: Order[], onDeleted: Options['onDeleted']): Promise<void> {
  const outcomes = await Promise.allSettled(orders.map((order) => onDeleted?.(order)));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
}

export async function deleteOrdersFromRedis({ redis }: { redis: Redis }, ids: number[], { onDeleted }: Options = {}): Promise<number> {
  if (ids.length === 0) return 0;
  if (!onDeleted) {
    const [deleted] = await Promise.all([redis.del(...ids.map((id) => `order:${id}`)), redis.zrem('orders:index', ...ids)]);
    return deleted;
  }
  const orders = await take(redis, ids);
  await tell(orders, onDeleted);
  return orders.length;
}
