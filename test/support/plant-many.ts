import type { Redis } from 'ioredis';
import type { Order } from '../../src/contracts/order.ts';

/** A prime: multiples of a smaller number run through all remainders, each once. */
const PRIME = 65_521;

/** Writes the orders `ARGV[2]` to `ARGV[3]` as `theOrder` below makes them of the key `ARGV[1]`. */
const script = `local key = tonumber(ARGV[1])
for id = tonumber(ARGV[2]), tonumber(ARGV[3]) do
  local x = id * key % ${PRIME}
  redis.call('HSET', 'order:' .. id, 'id', id, 'user_id', x % 40 + 1,
    'total_amount', x % 900 + 1 .. '.' .. x % 89 + 10,
    'items_count', 1, 'item_0_product_id', math.floor(x / 40) % 30 + 1, 'item_0_quantity', x % 9 + 1)
end`;

function theOrder(id: number, key: number): Order {
  const x = (id * key) % PRIME;
  return {
    id,
    userId: (x % 40) + 1,
    totalAmount: `${(x % 900) + 1}.${(x % 89) + 10}`,
    items: [{ productId: (Math.floor(x / 40) % 30) + 1, quantity: (x % 9) + 1 }],
  };
}

/**
 * Plants orders of one item each with the ids `from` to `to`: Redis itself makes them of `key`, a number that the check
 * has drawn below 65,521, as to send each of them would cost more than the check.
 *
 * @example const orders = await plantMany(redis, { key: draw.int(1_000, 60_000), from: 100, to: 1_249 }) // 1,150
 */
export async function plantMany(
  redis: Redis,
  { key, from, to }: { key: number; from: number; to: number },
): Promise<Order[]> {
  await redis.eval(script, 0, key, from, to);
  return Array.from({ length: to - from + 1 }, (_, i) => theOrder(from + i, key));
}
