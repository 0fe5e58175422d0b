import {
  columns,
  type FilledTable,
  fixtureOrders,
  fixtureProducts,
  fixtureRows,
  fixtureUsers,
} from './fixture.ts';
import { generateProduct, generateUser, type Priced } from './generate-catalog.ts';
import { generateOrders } from './generate-orders.ts';
import { toCents } from './money.ts';
import { seededRandom } from './random.ts';
import { insertRows, type SqlValue } from './sql.ts';

/** Which data: the same options give the same rows, on every machine and server. */
export interface GenerateOptions {
  /** Orders in all, the fixture's among them, so at least those. Default 100. */
  orders?: number;
  /** A whole number, default 1. */
  seed?: number;
  /** Rows of one INSERT, default 2,000. */
  rowsPerStatement?: number;
}

/** One INSERT of the data. */
export interface DataStatement {
  table: FilledTable;
  rows: number;
  /** Id of the last row; ids grow. */
  lastId: number;
  sql: string;
}

/** How many rows a store holds. */
export interface StoreSize {
  orders: number;
  users: number;
  products: number;
}

/** What is loaded where nobody asks for more. */
export const defaultData = { orders: 100, seed: 1 } as const;

/** The quantum computer is sold in the fixture only: its price would drown every other figure. */
const notGenerated = 7;

/**
 * The size of the store for a number of orders: a user for every 20 orders, a product for every 50, within bounds.
 *
 * @throws RangeError where `orders` is not a whole number from 0 to 10,000,000.
 * @example sizeOf(1_000_000) // { orders: 1000000, users: 20000, products: 1000 }
 */
export function sizeOf(orders: number): StoreSize {
  if (!Number.isSafeInteger(orders) || orders < 0 || orders > 10_000_000) {
    throw new RangeError(`The store holds 0 to 10,000,000 orders, not ${orders}.`);
  }
  const fixture = {
    orders: fixtureOrders.length,
    users: fixtureUsers.length,
    products: fixtureProducts.length,
  };
  if (orders <= fixture.orders) return fixture;
  const within = (low: number, wanted: number, high: number) =>
    Math.min(high, Math.max(low, Math.ceil(wanted)));
  return { orders, users: within(20, orders / 20, 20_000), products: within(20, orders / 50, 1_000) };
}

/**
 * The store's data as INSERT statements, parents first and made as they are asked for: the fixture, then what the
 * seed gives.
 *
 * @example for (const { sql } of generateStatements({ orders: 10_000, seed: 7 })) await connection.query(sql);
 */
export function* generateStatements(options: GenerateOptions = {}): Generator<DataStatement> {
  const { orders = defaultData.orders, seed = defaultData.seed, rowsPerStatement = 2000 } = options;
  const size = sizeOf(orders);
  const random = seededRandom(seed);
  const batch = (table: FilledTable, rows: SqlValue[][]): DataStatement => ({
    table,
    rows: rows.length,
    lastId: rows.at(-1)![0] as number,
    sql: insertRows(table, columns[table], rows),
  });

  const fixture = fixtureRows();
  for (const table of Object.keys(columns) as FilledTable[]) yield batch(table, fixture[table]);

  const users = fixtureUsers.map(({ id }) => id);
  let rows: SqlValue[][] = [];
  for (let id = users.length + 1; id <= size.users; id++) {
    users.push(id);
    rows.push(generateUser(random, id));
    if (rows.length === rowsPerStatement || id === size.users) yield batch('users', rows.splice(0));
  }

  const products: Priced[] = fixtureProducts
    .filter(({ id }) => id !== notGenerated)
    .map(({ id, price }) => ({ id, cents: toCents(price) }));
  rows = [];
  for (let id = fixtureProducts.length + 1; id <= size.products; id++) {
    const { row, ...product } = generateProduct(random, id);
    products.push(product);
    rows.push(row);
    if (rows.length === rowsPerStatement || id === size.products) yield batch('products', rows.splice(0));
  }

  const source = {
    count: size.orders - fixtureOrders.length,
    firstOrderId: Math.max(...fixtureOrders.map(({ id }) => id)) + 1,
    firstItemId: fixture.order_items.length + 1,
    users,
    products,
  };
  let parents: SqlValue[][] = [];
  let children: SqlValue[][] = [];
  for (const { order, items } of generateOrders(random, source)) {
    parents.push(order);
    children.push(...items);
    if (children.length < rowsPerStatement) continue;
    yield batch('orders', parents);
    yield batch('order_items', children);
    parents = [];
    children = [];
  }
  if (parents.length > 0) yield batch('orders', parents);
  if (children.length > 0) yield batch('order_items', children);
}
