import type { RowDataPacket } from 'mysql2/promise';
import type { BestSeller, Spender } from '../../../src/contracts/best-sellers.ts';
import type { Queryable } from './queryable.ts';

/**
 * Who spent most, from MySQL: the exact sum of their orders, ties by the smaller id.
 *
 * @example await highestSpenders(mysql, { limit: 10 }) // [{ userId: 2, spent: '200000209.46' }, ...]
 */
export async function highestSpenders(mysql: Queryable, { limit }: { limit: number }): Promise<Spender[]> {
  const [rows] = await mysql.query<RowDataPacket[]>(
    'SELECT user_id, SUM(total_amount) AS spent FROM orders GROUP BY user_id ORDER BY spent DESC, user_id LIMIT ?',
    [limit],
  );
  return rows.map(({ user_id, spent }) => ({ userId: user_id, spent }));
}

/**
 * What sold most, from MySQL: the sum of the quantities, ties by the smaller id.
 *
 * @example await bestSellers(mysql, { limit: 10 }) // [{ productId: 5, sold: 111 }, ...]
 */
export async function bestSellers(mysql: Queryable, { limit }: { limit: number }): Promise<BestSeller[]> {
  const [rows] = await mysql.query<RowDataPacket[]>(
    'SELECT product_id, SUM(quantity) AS sold FROM order_items GROUP BY product_id ORDER BY sold DESC, product_id LIMIT ?',
    [limit],
  );
  return rows.map(({ product_id, sold }) => ({ productId: product_id, sold: Number(sold) }));
}
