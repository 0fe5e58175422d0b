import type { Pool, RowDataPacket } from 'mysql2/promise';

/** An order with its items in the order of their ids: what a rung writes to Redis. */
export interface Order {
  id: number;
  user_id: number;
  /** Exact, as MySQL sends it: `'1999.99'`. */
  total_amount: string;
  items: { product_id: number; quantity: number }[];
}

type Fields = (string | number)[];

// The index on order_id holds the items' own ids too: this order costs no sort.
const itemsOfPage = `SELECT order_id, product_id, quantity FROM order_items
WHERE order_id > ? AND order_id <= ? ORDER BY order_id, id`;

/**
 * Reads orders after an id, a page at a time, in two queries a page and one consistent snapshot: what the rungs that
 * write differently have in common. With `prefetch`, the next page is on its way while the last one is written.
 */
export async function* pagesOf(mysql: Pool, { size = 1000, prefetch = false } = {}): AsyncGenerator<Order[]> {
  const connection = await mysql.getConnection();
  const read = async (after: number): Promise<Order[]> => {
    const [orders] = await connection.query<RowDataPacket[][]>(
      {
        sql: 'SELECT id, user_id, total_amount FROM orders WHERE id > ? ORDER BY id LIMIT ?',
        rowsAsArray: true,
      },
      [after, size],
    );
    const page = orders.map(
      ([id, user_id, total_amount]) => ({ id, user_id, total_amount, items: [] }) as unknown as Order,
    );
    if (page.length === 0) return page;
    const [items] = await connection.query<RowDataPacket[][]>({ sql: itemsOfPage, rowsAsArray: true }, [
      after,
      page.at(-1)!.id,
    ]);
    let at = 0;
    for (const [order_id, product_id, quantity] of items as unknown as [number, number, number][]) {
      while (page[at]!.id !== order_id) at++;
      page[at]!.items.push({ product_id, quantity });
    }
    return page;
  };
  try {
    await connection.query('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY');
    let page = await read(0);
    while (page.length > 0) {
      const next = prefetch ? read(page.at(-1)!.id) : undefined;
      next?.catch(() => {});
      yield page;
      page = next ? await next : await read(page.at(-1)!.id);
    }
  } finally {
    connection.destroy();
  }
}

/** The hash of an order as ioredis takes it without looking at it again: field, value, field, value, ... */
export function flatHash({ id, user_id, total_amount, items }: Order): Fields {
  const fields: Fields = ['id', id, 'user_id', user_id, 'total_amount', total_amount];
  fields.push('items_count', items.length);
  for (const [i, { product_id, quantity }] of items.entries())
    fields.push(`item_${i}_product_id`, product_id, `item_${i}_quantity`, quantity);
  return fields;
}

/** The same as an object: the mapping of the report. */
export function mappingOf(order: Order): Record<string, string | number> {
  const { id, user_id, total_amount, items } = order;
  const mapping: Record<string, string | number> = { id, user_id, total_amount, items_count: items.length };
  for (const [i, { product_id, quantity }] of items.entries()) {
    mapping[`item_${i}_product_id`] = product_id;
    mapping[`item_${i}_quantity`] = quantity;
  }
  return mapping;
}

/** Where every rung keeps how far it got, in one hash with `cursor` and `count`. */
export const MARKER = 'sync:orders';

/** The sorted set of all orders' ids, which every rung but the report's fills as the worked answer does. */
export const INDEX = 'orders:index';

/** What ZADD takes to index a page: score and member of each order, both its id. */
export function scoresOf(page: readonly Order[]): number[] {
  return page.flatMap(({ id }) => [id, id]);
}
