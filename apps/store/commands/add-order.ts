import type { Pool, PoolConnection, ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import type { Order, OrderItem } from '../../../src/contracts/order.ts';
import { fromCents, toCents } from '../../../src/worlds/store/money.ts';
import { inTransaction } from '../../shared/in-transaction.ts';
import { Refusal } from '../../shared/refusal.ts';

/** What a customer asks for; the store finds the prices. */
export interface NewOrder {
  userId: number;
  /** At least one, each of a quantity of at least 1. */
  items: OrderItem[];
}

/** DECIMAL(12,2) holds ten digits before the point. */
const mostCents = 999_999_999_999;

/**
 * Records an order in one transaction: the prices are those of the products table at this moment, held until the
 * commit, and the total is summed in whole cents.
 *
 * @param options `beforeCommit` is told the order's id while nobody else can see the order yet; called again, with
 *   another id, where a deadlock made the transaction start over.
 * @throws Refusal UNKNOWN_USER, UNKNOWN_PRODUCT, ORDER_TOO_LARGE; CommitUnknown
 * @example await addOrder(mysql, { userId: 1, items: [{ productId: 3, quantity: 2 }] }) // totalAmount: '59.98'
 */
export async function addOrder(
  mysql: Pool,
  { userId, items }: NewOrder,
  { beforeCommit }: { beforeCommit?: (id: number) => Promise<void> } = {},
): Promise<Order> {
  return inTransaction(mysql, async (connection) => {
    const prices = await pricesNow(connection, { userId, items });
    const cents = items.reduce((sum, item) => sum + toCents(prices.get(item.productId)!) * item.quantity, 0);
    if (cents > mostCents)
      throw new Refusal('ORDER_TOO_LARGE', `An order may come to ${fromCents(mostCents)} at most.`);
    const createdAt = new Date();
    const totalAmount = fromCents(cents);
    const [{ insertId: id }] = await connection.query<ResultSetHeader>(
      'INSERT INTO orders (user_id, total_amount, created_at) VALUES (?, ?, ?)',
      [userId, totalAmount, createdAt],
    );
    const rows = items.map((item) => [id, item.productId, item.quantity, prices.get(item.productId)]);
    await connection.query('INSERT INTO order_items (order_id, product_id, quantity, unit_price) VALUES ?', [
      rows,
    ]);
    await beforeCommit?.(id);
    return { id, userId, totalAmount, items: items.map((item) => ({ ...item })), createdAt };
  });
}

/** Prices by product id. The rows are locked, so that no price changes and no user goes before the commit. */
async function pricesNow(
  connection: PoolConnection,
  { userId, items }: NewOrder,
): Promise<Map<number, string>> {
  const [users] = await connection.query<RowDataPacket[]>(
    'SELECT id FROM users WHERE id = ? LOCK IN SHARE MODE',
    [userId],
  );
  if (users.length === 0) throw new Refusal('UNKNOWN_USER', `There is no user ${userId}.`);
  // In the order of ids, so that two orders of the same products never wait for each other in a circle.
  const ids = [...new Set(items.map(({ productId }) => productId))].sort((a, b) => a - b);
  const [rows] = await connection.query<RowDataPacket[]>(
    'SELECT id, price FROM products WHERE id IN (?) ORDER BY id LOCK IN SHARE MODE',
    [ids],
  );
  const prices = new Map(rows.map(({ id, price }) => [id as number, price as string]));
  const unknown = ids.find((id) => !prices.has(id));
  if (unknown !== undefined) throw new Refusal('UNKNOWN_PRODUCT', `There is no product ${unknown}.`);
  return prices;
}
