import type { RowDataPacket } from 'mysql2/promise';
import { type Page, pageOf, type Queryable } from './queryable.ts';

export interface Product {
  id: number;
  name: string;
  sku: string;
  /** Exact: `'1999.99'`. */
  price: string;
}

/**
 * Products by id, a page that begins after an id.
 *
 * @example await listProducts(mysql, { limit: 50 }) // { rows: [{ id: 1, name: 'Laptop', ... }, ...], next: null }
 */
export async function listProducts(
  mysql: Queryable,
  { after = 0, limit }: { after?: number; limit: number },
): Promise<Page<Product>> {
  const [rows] = await mysql.query<(Product & RowDataPacket)[]>(
    'SELECT id, name, sku, price FROM products WHERE id > ? ORDER BY id LIMIT ?',
    [after, limit + 1],
  );
  return pageOf(rows, limit);
}
