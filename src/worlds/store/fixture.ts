import { tableNames } from './schema.ts';
import { insertRows, type SqlValue } from './sql.ts';

export interface FixtureUser {
  id: number;
  name: string;
  email: string;
}

export interface FixtureProduct {
  id: number;
  name: string;
  sku: string;
  /** Exact, as MySQL prints it: `'1999.99'`. */
  price: string;
}

export interface FixtureItem {
  id: number;
  productId: number;
  quantity: number;
  /** Exact price when it was bought. */
  unitPrice: string;
}

export interface FixtureOrder {
  id: number;
  userId: number;
  /** Exact sum of quantity * unitPrice of the items. */
  totalAmount: string;
  /** UTC, as DATETIME(3) stores it. */
  createdAt: string;
  items: FixtureItem[];
}

export const fixtureUsers: readonly FixtureUser[] = [
  { id: 1, name: 'Ada Lovelace', email: 'ada@example.com' },
  { id: 2, name: 'Alan Turing', email: 'alan@example.com' },
  { id: 3, name: 'Grace Hopper', email: 'grace@example.com' },
  { id: 4, name: 'Katherine Johnson', email: 'katherine@example.com' },
  { id: 5, name: 'Évariste Galois', email: 'evariste@example.com' },
  { id: 6, name: '湯川秀樹', email: 'yukawa@example.com' },
];

export const fixtureProducts: readonly FixtureProduct[] = [
  { id: 1, name: 'Laptop', sku: 'LAP-001', price: '1999.99' },
  { id: 2, name: 'Mechanical keyboard', sku: 'KEY-001', price: '149.50' },
  { id: 3, name: 'Mouse', sku: 'MOU-001', price: '29.99' },
  { id: 4, name: 'USB-C cable', sku: 'CAB-001', price: '9.95' },
  { id: 5, name: 'Rocket sticker 🚀', sku: 'STI-001', price: '0.10' },
  { id: 6, name: 'Postcard from Zürich', sku: 'POS-001', price: '0.20' },
  { id: 7, name: 'Quantum computer', sku: 'QUA-001', price: '99999999.99' },
  { id: 8, name: "Programmer's mug", sku: 'MUG-001', price: '12.35' },
];

/**
 * Ten orders, each with a reason: the report's own (1), two cents that a float gets wrong (3, 6), a number that was
 * deleted (4 is missing), no items (5), the largest price (7, 10), more than ten items, out of product order and one
 * product twice at two prices (8), a price that has risen since (11). Orders 2 and 3 came in the same millisecond.
 */
export const fixtureOrders: readonly FixtureOrder[] = [
  order(1, 1, '1999.99', '2025-01-01 09:00:00.000', [[1, 1, 1, '1999.99']]),
  order(2, 2, '209.48', '2025-01-01 10:15:30.250', [
    [2, 2, 1, '149.50'],
    [3, 3, 2, '29.99'],
  ]),
  order(3, 3, '0.30', '2025-01-01 10:15:30.250', [
    [4, 5, 1, '0.10'],
    [5, 6, 1, '0.20'],
  ]),
  order(5, 4, '0.00', '2025-01-01 11:00:00.001', []),
  order(6, 5, '0.30', '2025-01-01 11:30:00.000', [[6, 5, 3, '0.10']]),
  order(7, 6, '99999999.99', '2025-01-01 12:00:00.999', [[7, 7, 1, '99999999.99']]),
  order(8, 1, '4596.99', '2025-01-02 08:00:00.000', [
    [8, 8, 2, '12.35'],
    [9, 4, 10, '9.95'],
    [10, 4, 5, '8.95'],
    [11, 3, 1, '29.99'],
    [12, 2, 2, '149.50'],
    [13, 1, 2, '1999.99'],
    [14, 5, 100, '0.10'],
    [15, 6, 50, '0.20'],
    [16, 5, 7, '0.10'],
    [17, 8, 1, '11.11'],
    [18, 6, 3, '0.20'],
    [19, 3, 2, '33.33'],
  ]),
  order(9, 3, '86.45', '2025-01-02 09:30:00.000', [[20, 8, 7, '12.35']]),
  order(10, 2, '199999999.98', '2025-01-03 16:45:12.345', [[21, 7, 2, '99999999.99']]),
  order(11, 1, '3799.98', '2025-01-04 18:20:00.000', [[22, 1, 2, '1899.99']]),
];

function order(
  id: number,
  userId: number,
  totalAmount: string,
  createdAt: string,
  items: [id: number, productId: number, quantity: number, unitPrice: string][],
): FixtureOrder {
  return {
    id,
    userId,
    totalAmount,
    createdAt,
    items: items.map(([itemId, productId, quantity, unitPrice]) => ({
      id: itemId,
      productId,
      quantity,
      unitPrice,
    })),
  };
}

/** Columns of the filled tables, in the order in which rows are written. */
export const columns = {
  users: ['id', 'name', 'email'],
  products: ['id', 'name', 'sku', 'price'],
  orders: ['id', 'user_id', 'total_amount', 'created_at'],
  order_items: ['id', 'order_id', 'product_id', 'quantity', 'unit_price'],
} as const;

/** A table that data is loaded into. */
export type FilledTable = keyof typeof columns;

/** The fixture as rows of each table, in the order of `columns`. */
export function fixtureRows(): Record<FilledTable, SqlValue[][]> {
  return {
    users: fixtureUsers.map((user) => [user.id, user.name, user.email]),
    products: fixtureProducts.map((product) => [product.id, product.name, product.sku, product.price]),
    orders: fixtureOrders.map((row) => [row.id, row.userId, row.totalAmount, row.createdAt]),
    order_items: fixtureOrders.flatMap((row) =>
      row.items.map((item) => [item.id, row.id, item.productId, item.quantity, item.unitPrice]),
    ),
  };
}

/** INSERT statements of the fixture, parents first. */
export function fixtureInserts(): string[] {
  const rows = fixtureRows();
  return (Object.keys(columns) as FilledTable[]).map((table) =>
    insertRows(table, columns[table], rows[table]),
  );
}

/** DELETE statements that empty every table of the store, children first (TRUNCATE costs ten times as much). */
export function emptyStatements(): string[] {
  return [...tableNames].reverse().map((table) => `DELETE FROM ${table}`);
}

/**
 * The whole reset as one text for a connection with `multipleStatements`: empty every table and insert the fixture,
 * in one transaction, in 2 to 4 ms. A check sends it between tests. Ids are explicit, so it needs no AUTO_INCREMENT
 * reset. Should it fail half-way, ROLLBACK.
 *
 * @example await judge.query(fixtureStatements());
 */
export function fixtureStatements(): string {
  return ['START TRANSACTION', ...emptyStatements(), ...fixtureInserts(), 'COMMIT'].join(';\n');
}
