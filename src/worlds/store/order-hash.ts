import type { Redis } from 'ioredis';
import type { Connection, Pool, RowDataPacket } from 'mysql2/promise';
import type { Order } from '../../contracts/order.ts';
import { quoteName } from './schema.ts';

/** An order as Redis holds it, `{ id: '1', user_id: '1', total_amount: '1999.99', items_count: '1', ... }`, fields sorted. */
export type OrderHash = Record<string, string>;

const sorted = (hash: OrderHash): OrderHash =>
  Object.fromEntries(Object.entries(hash).sort(([a], [b]) => (a < b ? -1 : 1)));

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

/**
 * What Redis should hold, computed from MySQL: the hash of every order by its key, items in the order of their ids.
 *
 * @param schema reads that schema in place of the one in use.
 */
export async function orderHashes(
  mysql: Connection | Pool,
  schema?: string,
): Promise<Map<string, OrderHash>> {
  const from = schema ? `${quoteName(schema)}.` : '';
  const [orders] = await mysql.query<RowDataPacket[]>(`SELECT id, user_id, total_amount FROM ${from}orders`);
  const [items] = await mysql.query<RowDataPacket[]>(
    `SELECT order_id, product_id, quantity FROM ${from}order_items ORDER BY id`,
  );
  const found = new Map<number, Order>();
  for (const { id, user_id, total_amount } of orders)
    found.set(id, { id, userId: user_id, totalAmount: `${total_amount}`, items: [] });
  for (const { order_id, product_id, quantity } of items)
    found.get(order_id)?.items.push({ productId: product_id, quantity });
  const hashes = new Map<string, OrderHash>();
  for (const order of found.values()) hashes.set(`order:${order.id}`, sorted(hashOfOrder(order)));
  return hashes;
}

/** What Redis does hold: every hash `order:<number>`, by its key. A key of another type is left out. */
export async function redisOrders(redis: Redis): Promise<Map<string, OrderHash>> {
  const hashes = new Map<string, OrderHash>();
  const stream = redis.scanStream({ match: 'order:[0-9]*', count: 1000, type: 'hash' });
  for await (const keys of stream as AsyncIterable<string[]>) {
    const wanted = keys.filter((key) => /^order:\d+$/.test(key));
    const pipeline = redis.pipeline();
    for (const key of wanted) pipeline.hgetall(key);
    const replies = await pipeline.exec();
    for (const [i, key] of wanted.entries()) hashes.set(key, sorted((replies?.[i]?.[1] ?? {}) as OrderHash));
  }
  return hashes;
}
