import type { RowDataPacket } from 'mysql2/promise';
import type { Queryable } from './queryable.ts';

/** How much the store holds. */
export interface RowCounts {
  users: number;
  products: number;
  orders: number;
}

/** @example await countRows(mysql) // { users: 20, products: 20, orders: 100 } */
export async function countRows(mysql: Queryable): Promise<RowCounts> {
  const [[row]] = await mysql.query<RowDataPacket[]>(
    `SELECT (SELECT COUNT(*) FROM users) AS users, (SELECT COUNT(*) FROM products) AS products,
      (SELECT COUNT(*) FROM orders) AS orders`,
  );
  return { users: Number(row!.users), products: Number(row!.products), orders: Number(row!.orders) };
}
