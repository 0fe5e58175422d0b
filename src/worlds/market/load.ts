import type { Connection, RowDataPacket } from 'mysql2/promise';
import { inSchema } from '../store/in-schema.ts';
import { writeMarkerSql } from '../store/marker.ts';
import { type MysqlTarget, schemaOf } from '../store/mysql-target.ts';
import { storeSchema } from '../store/schema.ts';
import { defaultMarketData, generateMarket, marketSizeOf } from './generate.ts';
import { marketSchemaStatements, marketTableNames } from './schema.ts';

/** The row of `markers` that tells which of the game's data a schema holds. */
export const marketMarker = 'market.data';

export interface LoadMarketOptions {
  /** Default the schema in the address, else `storelab`: the game's tables stand beside the store's. */
  schema?: string;
  /** Players in all, default 100. */
  players?: number;
  /** Default 1. */
  seed?: number;
  /** Load anew whatever is there: what was played since, and rows of somebody's own, are deleted. */
  replace?: boolean;
  /** Called with rows written so far. */
  onProgress?(rows: number): void;
}

/** What a load did. */
export interface MarketReport {
  /** False where the game already held data that was left as it is. */
  loaded: boolean;
  schema: string;
  seed: number;
  players: number;
  listings: number;
  sales: number;
  ms: number;
}

interface Marker {
  state: 'loading' | 'loaded';
  players: number;
  seed: number;
  counts?: Counts;
}
type Counts = Record<'players' | 'listings' | 'sales', number>;

/**
 * Makes the game hold the data asked for, its tables made where they are missing. Data of the kit in another size or
 * seed is replaced; a load that broke off is done again; two callers at once load once.
 *
 * @throws MarketHasOwnData (by `name`) where the game was played since and `replace` is not set.
 * @example await loadMarket(servers.mysql, { players: 10_000, seed: 7 })
 */
export function loadMarket(target: MysqlTarget, options: LoadMarketOptions = {}): Promise<MarketReport> {
  return loadWhere(target, options, async (connection, marker, wanted) => {
    if (options.replace) return true;
    const { state, players, seed } = marker ?? {};
    if (state === 'loaded' && players === wanted.players && seed === wanted.seed) return false;
    if (state === 'loading' || !(await differs(connection, marker))) return true;
    const error = new Error(
      'The game was played since its data was loaded, or holds rows of your own: loading other data would delete ' +
        `them. Run \`./lab data --players ${wanted.players} --replace\` to do so.`,
    );
    error.name = 'MarketHasOwnData';
    throw error;
  });
}

/**
 * Makes sure that the game holds data, whichever: loads the default where it holds none, or half of a load that broke
 * off, and otherwise leaves it as it is.
 *
 * @example await ensureMarket(servers.mysql) // { loaded: true, schema: 'storelab', players: 100, listings: 500, ... }
 */
export function ensureMarket(target: MysqlTarget, options: LoadMarketOptions = {}): Promise<MarketReport> {
  return loadWhere(target, options, async (connection, marker) =>
    marker ? marker.state === 'loading' : !(await differs(connection, undefined)),
  );
}

/** Loads in the schema where `decide` says so. */
async function loadWhere(
  target: MysqlTarget,
  options: LoadMarketOptions,
  decide: (connection: Connection, marker: Marker | undefined, wanted: Marker) => Promise<boolean>,
): Promise<MarketReport> {
  const began = performance.now();
  const { schema = schemaOf(target) ?? storeSchema, players = defaultMarketData.players } = options;
  const seed = options.seed ?? defaultMarketData.seed;
  const wanted: Marker = { state: 'loading', players: marketSizeOf(players).players, seed };
  const place = { schema, lock: 'market.load', statements: marketSchemaStatements() };
  return inSchema(target, place, async (connection) => {
    const marker = await readMarker(connection);
    const loaded = await decide(connection, marker, wanted);
    if (loaded) await fill(connection, wanted, options);
    const counts = await count(connection);
    return {
      loaded,
      schema,
      seed: loaded ? seed : (marker?.seed ?? seed),
      ...counts,
      ms: performance.now() - began,
    };
  });
}

/** Empties the game's tables and fills them; a crash leaves the marker at `loading`, and the next load starts over. */
async function fill(
  connection: Connection,
  wanted: Marker,
  { onProgress }: LoadMarketOptions,
): Promise<void> {
  await connection.query(writeMarkerSql, [marketMarker, JSON.stringify(wanted)]);
  // The rows are known to be consistent: checking each against its parents would double the time.
  await connection.query('SET SESSION foreign_key_checks = 0, SESSION unique_checks = 0');
  for (const table of [...marketTableNames].reverse()) await connection.query(`TRUNCATE TABLE ${table}`);
  let done = 0;
  for (const { rows, sql } of generateMarket(wanted)) {
    await connection.query(sql);
    done += rows;
    onProgress?.(done);
  }
  await connection.query('SET SESSION foreign_key_checks = 1, SESSION unique_checks = 1');
  const marker: Marker = { ...wanted, state: 'loaded', counts: await count(connection) };
  await connection.query(writeMarkerSql, [marketMarker, JSON.stringify(marker)]);
}

async function readMarker(connection: Connection): Promise<Marker | undefined> {
  const [[row]] = await connection.query<RowDataPacket[]>('SELECT value FROM markers WHERE name = ?', [
    marketMarker,
  ]);
  if (!row) return undefined;
  try {
    const marker = JSON.parse(row.value as string) as Marker;
    return marker.state === 'loaded' || marker.state === 'loading' ? marker : undefined;
  } catch {
    return undefined;
  }
}

async function count(connection: Connection): Promise<Counts> {
  const [[row]] = await connection.query<RowDataPacket[]>(
    `SELECT (SELECT COUNT(*) FROM players) AS players, (SELECT COUNT(*) FROM listings) AS listings,
      (SELECT COUNT(*) FROM sales) AS sales`,
  );
  return { players: Number(row!.players), listings: Number(row!.listings), sales: Number(row!.sales) };
}

/** Whether rows came or went since the load: it compares counts, so a row edited in place goes unseen. */
async function differs(connection: Connection, marker: Marker | undefined): Promise<boolean> {
  const now = await count(connection);
  const then = marker?.counts ?? { players: 0, listings: 0, sales: 0 };
  return now.players !== then.players || now.listings !== then.listings || now.sales !== then.sales;
}
