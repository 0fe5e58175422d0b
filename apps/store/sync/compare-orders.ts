import type { Redis } from 'ioredis';
import type { Pool, RowDataPacket } from 'mysql2/promise';
import type { Order } from '../../../src/contracts/order.ts';
import { ordersAfter } from '../queries/list-orders.ts';

const pageSize = 1000;

/**
 * The ids of orders that Redis does not hold as MySQL does: missing, different, or in Redis alone. Reads both in pages.
 *
 * @example for await (const id of differences({ mysql, redis })) console.log(`order:${id} differs`);
 */
export async function* differences({ mysql, redis }: { mysql: Pool; redis: Redis }): AsyncGenerator<number> {
  let after: number | null = 0;
  while (after !== null) {
    const { rows, next } = await ordersAfter(mysql, { after, limit: pageSize });
    const pipeline = redis.pipeline();
    for (const { id } of rows) pipeline.hgetall(`order:${id}`);
    const replies = (await pipeline.exec()) ?? [];
    for (const [i, order] of rows.entries()) {
      const [error, hash] = replies[i] ?? [new Error('no reply')];
      if (error || !holds(hash as Record<string, string>, order)) yield order.id;
    }
    after = next;
  }
  yield* strangers({ mysql, redis });
}

/** Orders that only Redis holds. MySQL is asked after Redis: orders come to MySQL first, so these were deleted there. */
async function* strangers({ mysql, redis }: { mysql: Pool; redis: Redis }): AsyncGenerator<number> {
  const stream = redis.scanStream({ match: 'order:[1-9]*', count: pageSize });
  for await (const keys of stream as AsyncIterable<string[]>) {
    const ids = keys.filter((key) => /^order:[1-9]\d*$/.test(key)).map((key) => Number(key.slice(6)));
    if (ids.length === 0) continue;
    const [rows] = await mysql.query<RowDataPacket[]>('SELECT id FROM orders WHERE id IN (?)', [ids]);
    const known = new Set(rows.map(({ id }) => id as number));
    for (const id of ids) if (!known.has(id)) yield id;
  }
}

/**
 * Whether a hash holds an order: each field exactly, and no item too many. Fields of other names are the lab's own
 * affair, and so is leaving `created_at` out.
 *
 * @example holds({ id: '1', user_id: '1', total_amount: '0.00', items_count: '0' }, order) // true for such an order
 */
export function holds(hash: Record<string, string>, order: Order): boolean {
  const wanted: Record<string, string> = {
    id: String(order.id),
    user_id: String(order.userId),
    total_amount: order.totalAmount,
    items_count: String(order.items.length),
  };
  for (const [i, item] of order.items.entries()) {
    wanted[`item_${i}_product_id`] = String(item.productId);
    wanted[`item_${i}_quantity`] = String(item.quantity);
  }
  const items = Object.keys(hash).filter((field) => /^item_\d/.test(field)).length;
  if (items !== 2 * order.items.length) return false;
  if (hash.created_at && order.createdAt && hash.created_at !== order.createdAt.toISOString()) return false;
  return Object.entries(wanted).every(([field, value]) => hash[field] === value);
}
