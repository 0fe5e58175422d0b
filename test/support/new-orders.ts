import type { Connection } from 'mysql2/promise';

/**
 * Adds `n` orders to the store after those of the fixture, in one moment: by the first users, with one to three items of
 * the products that are there, every third one's in falling order of its products. Floats keep their amounts: `17.25`.
 *
 * @returns their ids.
 * @example await addOrders(mysql, 3, 2_000) // [2000, 2001, 2002]
 */
export async function addOrders(mysql: Connection, n: number, firstId = 1_000): Promise<number[]> {
  const ids = Array.from({ length: n }, (_, i) => firstId + i);
  const orders = ids.map((id, i) => [
    id,
    1 + (i % 6),
    `${10 + (i % 90)}.${i % 9}5`,
    '2026-01-15 12:00:00.000',
  ]);
  const items = ids.flatMap((id, i) =>
    Array.from({ length: 1 + (i % 3) }, (_, k) => [
      id,
      i % 3 === 2 ? 8 - k : 1 + ((i + k) % 8),
      1 + k,
      '9.95',
    ]),
  );
  await mysql.query('INSERT INTO orders (id, user_id, total_amount, created_at) VALUES ?', [orders]);
  await mysql.query('INSERT INTO order_items (order_id, product_id, quantity, unit_price) VALUES ?', [items]);
  return ids;
}

export async function countOrders(mysql: Connection): Promise<number> {
  const [rows] = await mysql.query('SELECT COUNT(*) AS n FROM orders');
  return Number((rows as { n: number }[])[0]!.n);
}
