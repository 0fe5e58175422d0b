// One script for all ids; what it deleted comes back as flat lists.
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
  return (await deleteOrdersFromRedis({ redis }, [id], options)) === 1;
}

const needed = /^(id|user_id|total_amount|items_count|item_\d+_(product_id|quantity))$/;

export async function deleteOrderField({ redis }: { redis: Redis }, id: number, field: string): Promise<boolean> {
  if (needed.test(field)) throw Object.assign(new Error(`An order needs its ${field}`), { name: 'OrderFieldNeeded' });
  return (await redis.hdel(`order:${id}`, field)) === 1;
}

const script = `
local taken = {}
for i, id in ipairs(ARGV) do
  local key = KEYS[i]
  redis.call('ZREM', KEYS[#KEYS], id)
  local hash = redis.call('HGETALL', key)
  if #hash > 0 then
    redis.call('UNLINK', key)
    taken[#taken + 1] = hash
  end
end
return taken`;

async function take(redis: Redis, ids: number[]): Promise<Order[]> {
  const taken = (await redis.eval(script, ids.length + 1, ...ids.map((id) => `order:${id}`), 'orders:index', ...ids)) as string[][];
  return taken.map((flat) => {
    const hash: Record<string, string> = {};
    for (let i = 0; i < flat.length; i += 2) hash[flat[i]!] = flat[i + 1]!;
    return toOrder(hash);
  });
}

async function tell(orders: Order[], onDeleted: Options['onDeleted']): Promise<void> {
  const errors: unknown[] = [];
  for (const order of orders) {
    try {
      await onDeleted?.(order);
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}

export async function deleteOrdersFromRedis({ redis }: { redis: Redis }, ids: number[], { onDeleted }: Options = {}): Promise<number> {
  if (ids.length === 0) return 0;
  const orders = await take(redis, ids);
  await tell(orders, onDeleted);
  return orders.length;
}
