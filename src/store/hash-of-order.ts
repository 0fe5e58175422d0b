import type { Order } from './order.ts';
import type { OrderHash } from './order-hash.ts';

/**
 * The fields that an order has in Redis, written as the labs agree on it.
 *
 * @example hashOfOrder({ id: 1, userId: 1, totalAmount: '1999.99', items: [] }) // { id: '1', items_count: '0', ... }
 */
export function hashOfOrder({ id, userId, totalAmount, items, createdAt }: Order): OrderHash {
  const hash: OrderHash = {
    id: `${id}`,
    user_id: `${userId}`,
    total_amount: totalAmount,
    items_count: `${items.length}`,
  };
  for (const [i, { productId, quantity }] of items.entries()) {
    hash[`item_${i}_product_id`] = `${productId}`;
    hash[`item_${i}_quantity`] = `${quantity}`;
  }
  if (createdAt) hash.created_at = createdAt.toISOString();
  return hash;
}
