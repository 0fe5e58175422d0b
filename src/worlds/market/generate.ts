import { seededRandom, zipf } from '../store/random.ts';
import { insertRows, type SqlValue } from '../store/sql.ts';
import { marketColumns, marketFixture } from './fixture.ts';
import {
  generateInventory,
  generateListings,
  generatePlayer,
  generateResources,
  type PricedResource,
  resourceNames,
} from './generate-rows.ts';
import { type MarketTableName, marketTableNames } from './schema.ts';

/** Which data: the same options give the same rows, on every machine and server. */
export interface MarketDataOptions {
  /** Players in all, the fixture's among them, so at least those. Default 100. */
  players?: number;
  /** A whole number, default 1. */
  seed?: number;
  /** Rows of one INSERT, default 2,000. */
  rowsPerStatement?: number;
}

/** One INSERT of the data. */
export interface MarketStatement {
  table: MarketTableName;
  rows: number;
  sql: string;
}

/** What is loaded where nobody asks for more. */
export const defaultMarketData = { players: 100, seed: 1 } as const;

/** The most players that the generator makes. */
export const mostPlayers = 1_000_000;

/**
 * How many rows a number of players asks for: five listings each, and a resource for every ten, within bounds.
 *
 * @throws RangeError where `players` is not a whole number from 0 to 1,000,000.
 * @example marketSizeOf(1000) // { players: 1000, resources: 100, listings: 5000 }
 */
export function marketSizeOf(players: number): { players: number; resources: number; listings: number } {
  if (!Number.isSafeInteger(players) || players < 0 || players > mostPlayers) {
    throw new RangeError(`The game has 0 to ${mostPlayers.toLocaleString('en')} players, not ${players}.`);
  }
  const { players: known, resources, listings } = marketFixture;
  if (players <= known.length) {
    return { players: known.length, resources: resources.length, listings: listings.length };
  }
  const most = resources.length + resourceNames;
  const wanted = Math.max(20, Math.ceil(players / 10));
  return { players, resources: Math.min(most, wanted), listings: players * 5 };
}

/**
 * The game's data as INSERT statements, parents first and made as they are asked for: the fixture, then what the seed
 * gives.
 *
 * @example for (const { sql } of generateMarket({ players: 1000, seed: 7 })) await connection.query(sql);
 */
export function* generateMarket(options: MarketDataOptions = {}): Generator<MarketStatement> {
  const { players = defaultMarketData.players, seed = defaultMarketData.seed } = options;
  const size = marketSizeOf(players);
  const random = seededRandom(seed);
  const batches = batchesOf(options.rowsPerStatement ?? 2000);

  for (const table of marketTableNames) {
    if (marketFixture[table].length > 0) yield statement(table, marketFixture[table]);
  }
  if (size.players === marketFixture.players.length) return;

  const next = (table: 'players' | 'resources' | 'listings' | 'sales') =>
    Math.max(...marketFixture[table].map(([id]) => id as number)) + 1;
  const made = generateResources(random, {
    firstId: next('resources'),
    count: size.resources - marketFixture.resources.length,
  });
  yield* batches('resources', made);

  const ids = marketFixture.players.map(([id]) => id as number);
  const generatedFrom = ids.length;
  for (let id = next('players'); ids.length < size.players; id++) ids.push(id);
  const newcomers = ids.slice(generatedFrom);
  yield* batches(
    'players',
    mapped(newcomers, (id) => generatePlayer(random, id)),
  );

  const priced: PricedResource[] = [...marketFixture.resources, ...made]
    .filter(([id]) => id !== nobodyOffers)
    .map(([id, , price]) => ({ id: id as number, basePrice: price as number }));
  const resource = zipf(random, random.shuffle(priced));
  yield* batches(
    'inventories',
    flat(newcomers, (id) => generateInventory(random, id, { resource })),
  );

  // Players of the fixture hold and sell what the fixture says: its figures stay true in any size.
  const sales: SqlValue[][] = [];
  const listings = generateListings(random, {
    count: size.listings - marketFixture.listings.length,
    firstId: next('listings'),
    firstSaleId: next('sales'),
    player: zipf(random, random.shuffle(newcomers)),
    resource,
  });
  const rows = mapped(listings, ({ listing, sale }) => {
    if (sale) sales.push(sale);
    return listing;
  });
  for (const made of batches('listings', rows)) {
    yield made;
    if (sales.length > 0) yield statement('sales', sales.splice(0));
  }
}

/** Dragon scale: nobody offers any, in any size. */
const nobodyOffers = 11;

function statement(table: MarketTableName, rows: readonly SqlValue[][]): MarketStatement {
  return { table, rows: rows.length, sql: insertRows(table, marketColumns[table], rows) };
}

/** Cuts rows into INSERTs of at most so many. */
function batchesOf(most: number) {
  return function* (table: MarketTableName, rows: Iterable<SqlValue[]>): Generator<MarketStatement> {
    let batch: SqlValue[][] = [];
    for (const row of rows) {
      if (batch.push(row) < most) continue;
      yield statement(table, batch);
      batch = [];
    }
    if (batch.length > 0) yield statement(table, batch);
  };
}

function* mapped<T, U>(list: Iterable<T>, make: (value: T) => U): Generator<U> {
  for (const value of list) yield make(value);
}

function* flat<T, U>(list: Iterable<T>, make: (value: T) => U[]): Generator<U> {
  for (const value of list) yield* make(value);
}
