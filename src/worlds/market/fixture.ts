import { insertRows, type SqlValue } from '../store/sql.ts';
import { type MarketTableName, marketTableNames, sharedTableNames } from './schema.ts';

/** The password of every player of the fixture. */
export const fixturePassword = 'tinkers-delight';

/** Its argon2id hash, of which the salt is known: for made-up players only. */
export const fixturePasswordHash =
  '$argon2id$v=19$m=19456,t=2,p=1$c3RvcmVsYWItc2FsdC0wMQ$wfyMKyAXM6QsGF9zK07x+nwffYarbRPOmVbwdxP6MAA';

/** Columns of the game's tables, in the order in which rows are written. */
export const marketColumns = {
  players: ['id', 'login', 'display_name', 'level', 'version', 'password_hash', 'role', 'coins'],
  weathers: ['id', 'name', 'gathering_multiplier', 'crafting_multiplier', 'is_active'],
  seasons: ['id', 'name', 'first_month', 'gathering_multiplier', 'crafting_multiplier'],
  resources: ['id', 'name', 'base_price'],
  professions: ['id', 'name'],
  recipes: ['id', 'profession_id', 'resource_id', 'quantity', 'level'],
  recipe_ingredients: ['recipe_id', 'resource_id', 'quantity'],
  listings: ['id', 'seller_id', 'resource_id', 'quantity', 'unit_price', 'status', 'created_at'],
  inventories: ['player_id', 'resource_id', 'quantity'],
  sales: ['id', 'listing_id', 'buyer_id', 'seller_id', 'resource_id', 'quantity', 'total_price', 'sold_at'],
  sessions: ['id_hash', 'player_id', 'role', 'created_at', 'expires_at', 'ends_at'],
} as const satisfies Record<MarketTableName, readonly string[]>;

const player = (
  id: number,
  login: string,
  { name = login, level = 1, coins = 0, role = 'player' },
): SqlValue[] => [id, login, name, level, 1, fixturePasswordHash, role, coins];

/** The rows of each table, in the order of `marketColumns`; each stands there for a reason. */
export const marketFixture: Readonly<Record<MarketTableName, readonly SqlValue[][]>> = {
  players: [
    player(1, 'ada', { name: 'Ada', level: 42, coins: 10_000 }), // sells most of what the market shows
    player(2, 'borin', { name: 'Borin Ironhand', level: 12, coins: 500 }), // earned as much as 7 and 10
    player(3, 'chloe', { name: 'Chloé' }), // new: no coin, an empty inventory, nothing sold
    player(4, 'dara', { name: 'Dara', level: 100, coins: 5_000_000_000 }), // the top level; coins beyond 32 bits
    player(5, 'ewen', { name: `Ewen "Tinker" O'Malley`, level: 7, coins: 37 }), // a name to escape
    player(6, 'yukawa', { name: '湯川 🔨', level: 30, coins: 2_000 }), // a name beyond ASCII; bought, never sold
    player(7, 'gita', { name: 'Gita', level: 9, coins: 1_250 }), // the document's `inventory:user:7`
    player(8, 'master', { name: 'Game master', level: 100, role: 'admin' }), // the one who may do more
    // 9 has left.
    player(10, 'joss', { name: 'Joss', level: 15, coins: 95 }), // after 2 by number, before it as text
    player(11, 'kim', { name: 'Kim', level: 2, coins: 94 }), // one coin short of listing 2
  ],
  weathers: [
    [1, 'Clear', '1.00', '1.00', 0],
    [2, 'Rain', '1.20', '0.95', 1],
    [3, 'Storm', '0.50', '0.80', 0],
    [4, 'Aurora', '2.00', '1.50', 0],
  ],
  seasons: [
    [1, 'Spring', 3, '1.10', '1.00'],
    [2, 'Summer', 6, '1.25', '0.90'],
    [3, 'Autumn', 9, '1.00', '1.10'],
    [4, 'Winter', 12, '0.70', '1.20'], // runs over the end of the year
  ],
  resources: [
    [1, 'Oak log', 2],
    [2, 'Iron ore', 3],
    [3, 'Coal', 2],
    [4, 'Healing herb', 5],
    [5, 'Spring water', 1],
    [6, 'Leather', 8],
    [7, 'Iron ingot', 15],
    [8, 'Iron sword', 90],
    [9, 'Healing potion', 25],
    [10, 'Moonstone', 120], // the document's `market:listings:active:10`: three offers
    [11, 'Dragon scale', 5_000], // nobody offers any: an empty list, which is a value too
    [12, "Cook's salt", 56], // offered once, but no longer
    [13, 'Moonblade', 900], // nobody has made one
  ],
  professions: [
    [1, 'Miner'],
    [2, 'Alchemist'],
    [3, 'Blacksmith'], // the document's `recipes:user:7:3`
    [4, 'Cook'], // knows no recipe
  ],
  recipes: [
    [1, 3, 7, 1, 1], // gita can: level 9, ore and coal
    [2, 3, 8, 1, 10], // one level above gita
    [3, 2, 9, 1, 1],
    [4, 3, 13, 1, 90], // dara has the level and not the stones
  ],
  recipe_ingredients: [
    [1, 2, 2],
    [1, 3, 1],
    [2, 1, 1],
    [2, 6, 1],
    [2, 7, 3],
    [3, 4, 2],
    [3, 5, 1],
    [4, 8, 1],
    [4, 10, 5],
  ],
  listings: [
    [1, 1, 10, 5, 120, 'active', '2025-11-01 08:00:00.000'],
    [2, 2, 10, 1, 95, 'active', '2025-11-01 09:00:00.000'], // the cheapest, and one piece: who gets it?
    [3, 7, 10, 5, 120, 'active', '2025-11-01 09:00:00.000'], // the price of 1, the moment of 2
    [4, 1, 2, 50, 3, 'active', '2025-11-02 10:30:00.000'],
    [5, 1, 3, 20, 2, 'sold', '2025-11-02 11:00:00.000'],
    [6, 1, 12, 10, 56, 'sold', '2025-11-03 12:00:00.000'],
    [7, 6, 12, 4, 60, 'cancelled', '2025-11-03 12:30:00.000'],
    [8, 4, 8, 1, 4_000_000_000, 'active', '2025-11-04 07:15:00.000'], // only dara could pay, whose own it is
    [9, 10, 4, 12, 5, 'active', '2025-11-05 18:00:00.000'],
    [10, 2, 2, 30, 3, 'sold', '2025-11-06 06:00:00.000'],
    [11, 10, 4, 18, 5, 'sold', '2025-11-06 07:00:00.000'],
    [12, 4, 8, 2, 2_500_000_000, 'sold', '2025-11-06 08:00:00.000'],
    [13, 5, 6, 1, 1, 'sold', '2025-11-07 20:00:00.000'],
  ],
  inventories: [
    [1, 1, 40],
    [1, 2, 200],
    [1, 10, 2],
    [2, 2, 6],
    [4, 8, 1],
    [5, 5, 3],
    [6, 8, 2],
    [7, 1, 1],
    [7, 2, 5],
    [7, 3, 3],
    [7, 6, 0], // used up
    [10, 4, 7],
    [11, 1, 4_294_967_295], // one more would not fit
  ],
  // Earned: 4 has 5,000,000,000, 1 has 600, 2, 7 and 10 have 90 (ranks 3, 3, 3), 5 has 1 (rank 6).
  sales: [
    [1, 5, 2, 1, 3, 20, 40, '2025-11-02 12:00:00.000'],
    [2, 6, 7, 1, 12, 10, 560, '2025-11-03 13:00:00.000'],
    [3, 10, 1, 2, 2, 30, 90, '2025-11-06 06:30:00.000'],
    [4, 11, 5, 10, 4, 18, 90, '2025-11-06 07:30:00.000'],
    [5, 12, 6, 4, 8, 2, 5_000_000_000, '2025-11-06 08:00:00.001'],
    [6, null, 1, 7, 1, 45, 90, '2025-11-06 09:00:00.000'], // its listing was cleared away
    [7, 13, 1, 5, 6, 1, 1, '2025-11-07 20:00:00.000'],
  ],
  sessions: [], // nobody is logged in
};

/** INSERT statements of the fixture, parents first. */
export function marketFixtureInserts(): string[] {
  const filled = marketTableNames.filter((table) => marketFixture[table].length > 0);
  return filled.map((table) => insertRows(table, marketColumns[table], marketFixture[table]));
}

/** DELETE statements that empty every table of the game and those it shares with the store, children first. */
export function marketEmptyStatements(): string[] {
  return [...sharedTableNames, ...[...marketTableNames].reverse()].map((table) => `DELETE FROM ${table}`);
}

/**
 * The whole reset as one text for a connection with `multipleStatements`: empty every table of the game and insert
 * the fixture, in one transaction. A check sends it between tests. Ids are explicit.
 *
 * @example await judge.query(marketFixtureStatements());
 */
export function marketFixtureStatements(): string {
  return ['START TRANSACTION', ...marketEmptyStatements(), ...marketFixtureInserts(), 'COMMIT'].join(';\n');
}
