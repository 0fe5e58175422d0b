import type { Connection, RowDataPacket } from 'mysql2/promise';
import type { TableName } from './schema.ts';

/** The row of `markers` that tells which data a schema holds. */
export const dataMarker = 'store.data';

/** Rows that the kit loaded: how many, and up to which id. */
export interface LoadedTable {
  rows: number;
  lastId: number;
}

/** What the kit loaded into a schema. `loading` is what a load that broke off leaves. */
export interface LoadedData {
  state: 'loading' | 'loaded';
  orders: number;
  seed: number;
  tables?: Record<'users' | 'products' | 'orders' | 'order_items', LoadedTable>;
}

/** The tables whose rows the marker counts, parents first. */
export const countedTables = [
  'users',
  'products',
  'orders',
  'order_items',
] as const satisfies readonly TableName[];

/**
 * Which data the schema in use holds, or undefined where the kit loaded none.
 *
 * @example await readMarker(connection) // { state: 'loaded', orders: 100, seed: 1, tables: {...} }
 */
export async function readMarker(connection: Connection): Promise<LoadedData | undefined> {
  const [[row]] = await connection.query<RowDataPacket[]>('SELECT value FROM markers WHERE name = ?', [
    dataMarker,
  ]);
  if (!row) return undefined;
  try {
    const data = JSON.parse(row.value as string) as LoadedData;
    return data.state === 'loaded' || data.state === 'loading' ? data : undefined;
  } catch {
    return undefined;
  }
}

/** The statement that keeps a marker; its parameters are name and value. */
export const writeMarkerSql = 'REPLACE INTO markers (name, value) VALUES (?, ?)';

/** Rows and last id of each table. */
export async function countTables(connection: Connection): Promise<NonNullable<LoadedData['tables']>> {
  const counted = {} as NonNullable<LoadedData['tables']>;
  for (const table of countedTables) {
    const [[row]] = await connection.query<RowDataPacket[]>(
      `SELECT COUNT(*) AS n, COALESCE(MAX(id), 0) AS lastId FROM ${table}`,
    );
    counted[table] = { rows: Number(row!.n), lastId: Number(row!.lastId) };
  }
  return counted;
}

/**
 * Says in words which rows of the schema in use are not the kit's; an empty text means that there are none. It
 * compares counts and last ids, so a row edited in place counts as the kit's.
 *
 * @example await ownData(connection, marker) // '2 in orders, 3 in order_items'
 */
export async function ownData(connection: Connection, marker: LoadedData | undefined): Promise<string> {
  if (marker?.state === 'loading') return '';
  const counted = await countTables(connection);
  const own = countedTables.flatMap((table) => {
    const kit = marker?.tables?.[table] ?? { rows: 0, lastId: 0 };
    const now = counted[table];
    if (now.rows === kit.rows && now.lastId === kit.lastId) return [];
    const extra = Math.max(1, now.rows - kit.rows);
    return [`${extra.toLocaleString('en')} in ${table}`];
  });
  return own.join(', ');
}
