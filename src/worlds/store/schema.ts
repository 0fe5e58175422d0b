/** The store's own schema. A check works in `storelab_check_*` instead, never here. */
export const storeSchema = 'storelab';

/** What ends every CREATE TABLE: the same collation on MySQL and MariaDB, whose defaults differ. */
const tail = 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci';

/**
 * The tables, parents first. Valid on MySQL 8.4 and 9.7 and on MariaDB 10.11.
 *
 * Money is DECIMAL, never a float. `orders.id` grows with time, so a page of orders is `WHERE id > ? ORDER BY id
 * LIMIT ?` (keyset paging, by the primary key), and the items of that page `WHERE order_id BETWEEN ? AND ?`.
 */
export const tables = {
  /** Who buys. */
  users: `CREATE TABLE IF NOT EXISTS users (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  name VARCHAR(100) NOT NULL,
  email VARCHAR(190) NOT NULL,
  UNIQUE KEY users_email (email)
) ${tail}`,

  /** What is sold, at today's price. */
  products: `CREATE TABLE IF NOT EXISTS products (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  name VARCHAR(150) NOT NULL,
  sku VARCHAR(40) NOT NULL,
  price DECIMAL(10,2) NOT NULL,
  UNIQUE KEY products_sku (sku)
) ${tail}`,

  /** `total_amount` is the exact sum of quantity * unit_price of the order's items. */
  orders: `CREATE TABLE IF NOT EXISTS orders (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  user_id INT UNSIGNED NOT NULL,
  total_amount DECIMAL(12,2) NOT NULL,
  created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  KEY orders_user (user_id),
  KEY orders_created (created_at),
  CONSTRAINT orders_user FOREIGN KEY (user_id) REFERENCES users (id)
) ${tail}`,

  /** `unit_price` is the price when it was bought, which may differ from the product's today. */
  order_items: `CREATE TABLE IF NOT EXISTS order_items (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  order_id INT UNSIGNED NOT NULL,
  product_id INT UNSIGNED NOT NULL,
  quantity INT UNSIGNED NOT NULL,
  unit_price DECIMAL(10,2) NOT NULL,
  KEY order_items_order (order_id),
  KEY order_items_product (product_id),
  CONSTRAINT order_items_order FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE CASCADE,
  CONSTRAINT order_items_product FOREIGN KEY (product_id) REFERENCES products (id)
) ${tail}`,

  /** Named positions and facts: where a sync stands, or (`store.data`) which data was loaded. */
  markers: `CREATE TABLE IF NOT EXISTS markers (
  name VARCHAR(100) NOT NULL PRIMARY KEY,
  value VARCHAR(500) NOT NULL,
  updated_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3)
) ${tail}`,

  /** Events written in the transaction that caused them, to be delivered afterwards (write-behind, invalidation). */
  outbox: `CREATE TABLE IF NOT EXISTS outbox (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  topic VARCHAR(100) NOT NULL,
  payload MEDIUMTEXT NOT NULL,
  created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  delivered_at DATETIME(3) NULL,
  KEY outbox_open (delivered_at, id)
) ${tail}`,

  /** Ids of writes already applied, so that one that is delivered twice is applied once. `a1` and `A1` are two. */
  applied_writes: `CREATE TABLE IF NOT EXISTS applied_writes (
  write_id VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
  applied_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3)
) ${tail}`,
} as const;

/** Name of a table of the store. */
export type TableName = keyof typeof tables;

/** Every table, parents before children: the order to create and fill them; empty them in reverse. */
export const tableNames = Object.keys(tables) as TableName[];

/**
 * What creates the tables in the schema in use; each statement may run again and changes nothing then.
 *
 * @example for (const sql of schemaStatements()) await connection.query(sql);
 */
export function schemaStatements(): string[] {
  return tableNames.map((name) => tables[name]);
}

/**
 * What creates a schema, its name checked, as it cannot be a parameter.
 *
 * @example createSchema('storelab_check_7') // 'CREATE DATABASE IF NOT EXISTS `storelab_check_7` ...'
 */
export function createSchema(name: string): string {
  return `CREATE DATABASE IF NOT EXISTS ${quoteName(name)} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci`;
}

/**
 * A schema's name between backticks.
 *
 * @throws Error where it holds anything but letters, digits and `_`.
 */
export function quoteName(name: string): string {
  if (!/^[A-Za-z0-9_]{1,64}$/.test(name)) {
    throw new Error(`"${name}" cannot be a schema's name: use letters, digits and _, at most 64.`);
  }
  return `\`${name}\``;
}
