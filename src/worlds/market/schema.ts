import { tables as storeTables } from '../store/schema.ts';

/** What ends every CREATE TABLE: the same collation on MySQL and MariaDB, whose defaults differ. */
const tail = 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci';

/**
 * The game's tables, parents first. Valid on MySQL 8.4 and 9.7 and on MariaDB 10.11.
 *
 * Coins are whole and unsigned: a purse, a stock or a price below zero is refused by the server, whatever the code
 * that asks for it forgot. mysql2 gives a SUM() as text: `CAST(SUM(total_price) AS UNSIGNED)` arrives as a number.
 */
export const marketTables = {
  /** Who plays. `version` grows by one with each write of the profile. */
  players: `CREATE TABLE IF NOT EXISTS players (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  login VARCHAR(50) NOT NULL,
  display_name VARCHAR(100) NOT NULL,
  level TINYINT UNSIGNED NOT NULL DEFAULT 1,
  version INT UNSIGNED NOT NULL DEFAULT 1,
  password_hash VARCHAR(255) NOT NULL,
  role VARCHAR(20) NOT NULL DEFAULT 'player',
  coins BIGINT UNSIGNED NOT NULL DEFAULT 0,
  UNIQUE KEY players_login (login),
  UNIQUE KEY players_display_name (display_name),
  CONSTRAINT players_level CHECK (level BETWEEN 1 AND 100),
  CONSTRAINT players_role CHECK (role IN ('player', 'admin'))
) ${tail}`,

  /** One of them is active; it changes rarely, so everybody asks the cache. */
  weathers: `CREATE TABLE IF NOT EXISTS weathers (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  name VARCHAR(50) NOT NULL,
  gathering_multiplier DECIMAL(4,2) NOT NULL,
  crafting_multiplier DECIMAL(4,2) NOT NULL,
  is_active BOOLEAN NOT NULL DEFAULT FALSE,
  UNIQUE KEY weathers_name (name)
) ${tail}`,

  /** Three months each: the season of month m is where `MOD(m + 12 - first_month, 12) < 3`. */
  seasons: `CREATE TABLE IF NOT EXISTS seasons (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  name VARCHAR(50) NOT NULL,
  first_month TINYINT UNSIGNED NOT NULL,
  gathering_multiplier DECIMAL(4,2) NOT NULL,
  crafting_multiplier DECIMAL(4,2) NOT NULL,
  UNIQUE KEY seasons_name (name),
  UNIQUE KEY seasons_first_month (first_month),
  CONSTRAINT seasons_month CHECK (first_month BETWEEN 1 AND 12)
) ${tail}`,

  /** What is gathered, made and traded. */
  resources: `CREATE TABLE IF NOT EXISTS resources (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  name VARCHAR(100) NOT NULL,
  base_price INT UNSIGNED NOT NULL,
  UNIQUE KEY resources_name (name)
) ${tail}`,

  professions: `CREATE TABLE IF NOT EXISTS professions (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  name VARCHAR(50) NOT NULL,
  UNIQUE KEY professions_name (name)
) ${tail}`,

  /** Who has reached `level` makes `quantity` of a resource from the recipe's ingredients. */
  recipes: `CREATE TABLE IF NOT EXISTS recipes (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  profession_id INT UNSIGNED NOT NULL,
  resource_id INT UNSIGNED NOT NULL,
  quantity INT UNSIGNED NOT NULL DEFAULT 1,
  level TINYINT UNSIGNED NOT NULL DEFAULT 1,
  KEY recipes_profession (profession_id, level),
  CONSTRAINT recipes_profession FOREIGN KEY (profession_id) REFERENCES professions (id),
  CONSTRAINT recipes_resource FOREIGN KEY (resource_id) REFERENCES resources (id),
  CONSTRAINT recipes_quantity CHECK (quantity > 0)
) ${tail}`,

  recipe_ingredients: `CREATE TABLE IF NOT EXISTS recipe_ingredients (
  recipe_id INT UNSIGNED NOT NULL,
  resource_id INT UNSIGNED NOT NULL,
  quantity INT UNSIGNED NOT NULL,
  PRIMARY KEY (recipe_id, resource_id),
  CONSTRAINT ingredients_recipe FOREIGN KEY (recipe_id) REFERENCES recipes (id) ON DELETE CASCADE,
  CONSTRAINT ingredients_resource FOREIGN KEY (resource_id) REFERENCES resources (id),
  CONSTRAINT ingredients_quantity CHECK (quantity > 0)
) ${tail}`,

  /** An offer: its quantity has left the seller's inventory, and is sold as a whole at `quantity * unit_price`. */
  listings: `CREATE TABLE IF NOT EXISTS listings (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  seller_id INT UNSIGNED NOT NULL,
  resource_id INT UNSIGNED NOT NULL,
  quantity INT UNSIGNED NOT NULL,
  unit_price INT UNSIGNED NOT NULL,
  status ENUM('active','sold','cancelled') NOT NULL DEFAULT 'active',
  created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  KEY listings_offered (status, resource_id, unit_price),
  KEY listings_seller (seller_id),
  CONSTRAINT listings_seller FOREIGN KEY (seller_id) REFERENCES players (id),
  CONSTRAINT listings_resource FOREIGN KEY (resource_id) REFERENCES resources (id),
  CONSTRAINT listings_quantity CHECK (quantity > 0),
  CONSTRAINT listings_price CHECK (unit_price > 0)
) ${tail}`,

  /** What a player holds. A row of 0 is what is left of a resource that is used up. */
  inventories: `CREATE TABLE IF NOT EXISTS inventories (
  player_id INT UNSIGNED NOT NULL,
  resource_id INT UNSIGNED NOT NULL,
  quantity INT UNSIGNED NOT NULL DEFAULT 0,
  PRIMARY KEY (player_id, resource_id),
  CONSTRAINT inventories_player FOREIGN KEY (player_id) REFERENCES players (id),
  CONSTRAINT inventories_resource FOREIGN KEY (resource_id) REFERENCES resources (id)
) ${tail}`,

  /** What was sold. A listing is sold once at most; it may be cleared away later, and its sale stays. */
  sales: `CREATE TABLE IF NOT EXISTS sales (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  listing_id INT UNSIGNED NULL,
  buyer_id INT UNSIGNED NOT NULL,
  seller_id INT UNSIGNED NOT NULL,
  resource_id INT UNSIGNED NOT NULL,
  quantity INT UNSIGNED NOT NULL,
  total_price BIGINT UNSIGNED NOT NULL,
  sold_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  UNIQUE KEY sales_listing (listing_id),
  KEY sales_seller (seller_id, total_price),
  KEY sales_buyer (buyer_id),
  CONSTRAINT sales_listing FOREIGN KEY (listing_id) REFERENCES listings (id) ON DELETE SET NULL,
  CONSTRAINT sales_buyer FOREIGN KEY (buyer_id) REFERENCES players (id),
  CONSTRAINT sales_seller FOREIGN KEY (seller_id) REFERENCES players (id),
  CONSTRAINT sales_resource FOREIGN KEY (resource_id) REFERENCES resources (id),
  CONSTRAINT sales_quantity CHECK (quantity > 0)
) ${tail}`,

  /**
   * Who is logged in: never the id of a session, only its SHA-256 in hex. Times are ms since 1970, as the processes that
   * compare them have them; a session ends at `expires_at`, which moves, and never later than `ends_at`, which does not.
   */
  sessions: `CREATE TABLE IF NOT EXISTS sessions (
  id_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  player_id INT UNSIGNED NOT NULL,
  role VARCHAR(20) NOT NULL,
  created_at BIGINT UNSIGNED NOT NULL,
  expires_at BIGINT UNSIGNED NOT NULL,
  ends_at BIGINT UNSIGNED NOT NULL,
  KEY sessions_player (player_id, expires_at),
  CONSTRAINT sessions_player FOREIGN KEY (player_id) REFERENCES players (id) ON DELETE CASCADE,
  CONSTRAINT sessions_end CHECK (expires_at <= ends_at)
) ${tail}`,
} as const;

/** Name of a table of the game. */
export type MarketTableName = keyof typeof marketTables;

/** Every table of the game, parents before children. */
export const marketTableNames = Object.keys(marketTables) as MarketTableName[];

/** Tables that the game shares with the store: markers, events to be delivered, writes already applied. */
export const sharedTableNames = ['markers', 'outbox', 'applied_writes'] as const;

/**
 * What creates the game's tables, and those it shares with the store, in the schema in use; each statement may run
 * again and changes nothing then.
 *
 * @example for (const sql of marketSchemaStatements()) await connection.query(sql);
 */
export function marketSchemaStatements(): string[] {
  return [
    ...sharedTableNames.map((name) => storeTables[name]),
    ...marketTableNames.map((name) => marketTables[name]),
  ];
}
