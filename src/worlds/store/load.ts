import type { Connection } from 'mysql2/promise';
import { defaultData, generateStatements, sizeOf } from './generate.ts';
import { inSchema } from './in-schema.ts';
import { countTables, dataMarker, type LoadedData, ownData, readMarker, writeMarkerSql } from './marker.ts';
import { type MysqlTarget, schemaOf } from './mysql-target.ts';
import { schemaStatements, storeSchema } from './schema.ts';

/** Which data, where, and who is told. */
export interface LoadOptions {
  /** Default the schema in the address, else `storelab`. */
  schema?: string;
  /** Orders in all, default 100. */
  orders?: number;
  /** Default 1. */
  seed?: number;
  /** Also when the store holds rows that the kit did not load: they are deleted. */
  replace?: boolean;
  /** Called with orders written so far and orders in all. */
  onProgress?(done: number, total: number): void;
}

/** What a load did. */
export interface LoadReport {
  /** False where the store already held this data and nothing was written. */
  loaded: boolean;
  schema: string;
  orders: number;
  seed: number;
  users: number;
  products: number;
  items: number;
  ms: number;
}

/**
 * Makes the store hold the data asked for: creates schema and tables where they are missing, and loads fixture and
 * generated rows unless the very same size and seed are there already. Two callers at once load once. Data of the
 * kit's own in another size is replaced; a load that broke off is done again.
 *
 * @throws StoreHasOwnData (by `name`) where there are rows that the kit did not load and `replace` is not set.
 * @example await loadStore(servers.mysql, { orders: 10_000, seed: 7 }) // { loaded: true, orders: 10000, ... }
 */
export async function loadStore(target: MysqlTarget, options: LoadOptions = {}): Promise<LoadReport> {
  const { orders = defaultData.orders, seed = defaultData.seed, replace = false } = options;
  const wanted = { orders: sizeOf(orders).orders, seed };
  return reportOf(target, options, async (connection, marker) => {
    if (
      marker?.state === 'loaded' &&
      marker.orders === wanted.orders &&
      marker.seed === seed &&
      marker.tables
    ) {
      return { loaded: false, marker };
    }
    if (!replace) await refuseOwnData(connection, marker);
    return { loaded: true, marker: await fill(connection, wanted, options) };
  });
}

/**
 * Makes sure that the store holds data, whichever: loads the default where it holds none, or only half of a load
 * that broke off, and otherwise leaves it as it is. What `open()` of a notebook calls.
 *
 * @example await ensureStore(servers.mysql) // { loaded: false, orders: 1000000, seed: 7, ... }
 */
export async function ensureStore(target: MysqlTarget, options: LoadOptions = {}): Promise<LoadReport> {
  const { orders = defaultData.orders, seed = defaultData.seed } = options;
  const wanted = { orders: sizeOf(orders).orders, seed };
  return reportOf(target, options, async (connection, marker) => {
    if (marker?.state === 'loaded') return { loaded: false, marker };
    if (!marker && (await ownData(connection, undefined)) !== '')
      return { loaded: false, marker: { state: 'loaded', orders: 0, seed } };
    return { loaded: true, marker: await fill(connection, wanted, options) };
  });
}

interface Outcome {
  loaded: boolean;
  marker: LoadedData;
}

/** Runs `work` in the schema and says what it holds then. */
async function reportOf(
  target: MysqlTarget,
  { schema = schemaOf(target) ?? storeSchema }: LoadOptions,
  work: (connection: Connection, marker: LoadedData | undefined) => Promise<Outcome>,
): Promise<LoadReport> {
  const began = performance.now();
  const place = { schema, lock: 'storelab.load', statements: schemaStatements() };
  return inSchema(target, place, async (connection) => {
    const { loaded, marker } = await work(connection, await readMarker(connection));
    const counted = marker.tables ?? (await countTables(connection));
    return {
      loaded,
      schema,
      orders: counted.orders.rows,
      seed: marker.seed,
      users: counted.users.rows,
      products: counted.products.rows,
      items: counted.order_items.rows,
      ms: performance.now() - began,
    };
  });
}

async function refuseOwnData(connection: Connection, marker: LoadedData | undefined): Promise<void> {
  const own = await ownData(connection, marker);
  if (own === '') return;
  const error = new Error(
    `The store holds rows of your own or changed (${own}): loading other data would delete them. ` +
      'Run `./lab data --replace` with the same options to do so.',
  );
  error.name = 'StoreHasOwnData';
  throw error;
}

/** Empties the four tables and fills them; a crash leaves the marker at `loading`, and the next load starts over. */
async function fill(
  connection: Connection,
  { orders, seed }: { orders: number; seed: number },
  { onProgress }: LoadOptions,
): Promise<LoadedData> {
  await connection.query(writeMarkerSql, [dataMarker, JSON.stringify({ state: 'loading', orders, seed })]);
  // The rows are known to be consistent: checking each against its parents would double the time.
  await connection.query('SET SESSION foreign_key_checks = 0, SESSION unique_checks = 0');
  for (const table of ['order_items', 'orders', 'products', 'users'])
    await connection.query(`TRUNCATE TABLE ${table}`);
  let done = 0;
  let running: Promise<unknown> = Promise.resolve();
  for (const { table, rows, sql } of generateStatements({ orders, seed })) {
    // The next statement is made while the server works on the last.
    await running;
    running = connection.query(sql);
    running.catch(() => {});
    if (table !== 'orders') continue;
    done += rows;
    onProgress?.(done, orders);
  }
  await running;
  await connection.query('SET SESSION foreign_key_checks = 1, SESSION unique_checks = 1');
  const marker: LoadedData = { state: 'loaded', orders, seed, tables: await countTables(connection) };
  await connection.query(writeMarkerSql, [dataMarker, JSON.stringify(marker)]);
  return marker;
}
