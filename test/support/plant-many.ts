import type { Redis } from 'ioredis';
import type { Draw } from '../../src/grade/seed.ts';
import type { Order } from '../../src/store/order.ts';

/** Writes the orders that `rows` below describes, a flat list of five numbers for each. */
const script = `for i = 1, #ARGV, 5 do
  local id, user, cents, product, quantity = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4]
  redis.call('HSET', 'order:' .. id, 'id', id, 'user_id', user, 'total_amount', string.sub(cents, 1, -3) .. '.' .. string.sub(cents, -2),
    'items_count', 1, 'item_0_product_id', product, 'item_0_quantity', quantity)
end`;

/** `n` orders of one item each, planted by Redis itself, as a command for each would cost more than the check. */
export async function plantMany(redis: Redis, draw: Draw, n: number): Promise<Order[]> {
  const orders: Order[] = [];
  for (let from = 0; from < n; from += 1_000) {
    const rows: number[] = [];
    for (let id = 100 + from; id < 100 + Math.min(n, from + 1_000); id++) {
      const [user, cents] = [draw.int(1, 40), draw.int(100, 90_099)];
      const [product, quantity] = [draw.int(1, 30), draw.int(1, 9)];
      rows.push(id, user, cents, product, quantity);
      const totalAmount = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
      orders.push({ id, userId: user, totalAmount, items: [{ productId: product, quantity }] });
    }
    await redis.eval(script, 0, ...rows);
  }
  return orders;
}
