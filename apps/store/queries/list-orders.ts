import type { RowDataPacket } from 'mysql2/promise';
import type { Order } from '../../../src/contracts/order.ts';
import { type Page, pageOf, type Queryable, utc } from './queryable.ts';

interface OrderRow extends RowDataPacket {
  id: number;
  user_id: number;
  total_amount: string;
  created_at: string;
}

const columns = 'SELECT id, user_id, total_amount, created_at FROM orders';

/**
 * Orders, newest first, that came before an id.
 *
 * @example await listOrders(mysql, { before: 81, limit: 20 }) // { rows: [{ id: 80, ... }, ...], next: 61 }
 */
export async function listOrders(
  mysql: Queryable,
  { before, limit }: { before?: number | undefined; limit: number },
): Promise<Page<Order>> {
  const where = before === undefined ? '' : 'WHERE id < ?';
  const [rows] = await mysql.query<OrderRow[]>(`${columns} ${where} ORDER BY id DESC LIMIT ?`, [
    ...(before === undefined ? [] : [before]),
    limit + 1,
  ]);
  return pageOf(await withItems(mysql, rows), limit);
}

/**
 * Orders by id, a page that begins after an id: to walk through all of them.
 *
 * @example await ordersAfter(mysql, { after: 1000, limit: 1000 })
 */
export async function ordersAfter(
  mysql: Queryable,
  { after, limit }: { after: number; limit: number },
): Promise<Page<Order>> {
  const [rows] = await mysql.query<OrderRow[]>(`${columns} WHERE id > ? ORDER BY id LIMIT ?`, [
    after,
    limit + 1,
  ]);
  return pageOf(await withItems(mysql, rows), limit);
}

/**
 * One order, or null.
 *
 * @param options `lock` keeps others from deleting it until the transaction ends.
 * @example await findOrder(mysql, 1) // { id: 1, userId: 1, totalAmount: '1999.99', items: [...], createdAt }
 */
export async function findOrder(
  mysql: Queryable,
  id: number,
  { lock = false }: { lock?: boolean } = {},
): Promise<Order | null> {
  const [rows] = await mysql.query<OrderRow[]>(
    `${columns} WHERE id = ?${lock ? ' LOCK IN SHARE MODE' : ''}`,
    [id],
  );
  return (await withItems(mysql, rows))[0] ?? null;
}

/** The items of all these orders in one query, in the order of their own ids. */
async function withItems(mysql: Queryable, rows: OrderRow[]): Promise<Order[]> {
  if (rows.length === 0) return [];
  const orders = new Map<number, Order>();
  for (const { id, user_id, total_amount, created_at } of rows)
    orders.set(id, { id, userId: user_id, totalAmount: total_amount, items: [], createdAt: utc(created_at) });
  const [items] = await mysql.query<RowDataPacket[]>(
    'SELECT order_id, product_id, quantity FROM order_items WHERE order_id IN (?) ORDER BY id',
    [[...orders.keys()]],
  );
  for (const { order_id, product_id, quantity } of items)
    orders.get(order_id)?.items.push({ productId: product_id, quantity });
  return [...orders.values()];
}
