import type { Pool, ResultSetHeader } from 'mysql2/promise';
import { fromCents, toCents } from '../../../src/worlds/store/money.ts';
import { codeOf } from '../../shared/mysql-errors.ts';
import { Refusal } from '../../shared/refusal.ts';
import type { Product } from '../queries/list-products.ts';

/**
 * Adds a product; a SKU belongs to one product, whatever its case.
 *
 * @param product its price exact, as text: `'149.5'` is stored as 149.50.
 * @throws Refusal SKU_TAKEN
 * @example await addProduct(mysql, { name: 'Mouse', sku: 'MOU-002', price: '29.99' }) // { id: 9, ... }
 */
export async function addProduct(
  mysql: Pool,
  { name, sku, price }: { name: string; sku: string; price: string },
): Promise<Product> {
  const exact = fromCents(toCents(price));
  try {
    const [{ insertId }] = await mysql.query<ResultSetHeader>(
      'INSERT INTO products (name, sku, price) VALUES (?, ?, ?)',
      [name, sku, exact],
    );
    return { id: insertId, name, sku, price: exact };
  } catch (error) {
    if (codeOf(error) !== 'ER_DUP_ENTRY') throw error;
    throw new Refusal('SKU_TAKEN', `A product with the SKU ${sku} is there already.`);
  }
}
