import type { Pool } from 'mysql2/promise';

/** What a query needs: a pool, or the connection of a transaction. Decimals and dates arrive as text. */
export type Queryable = Pick<Pool, 'query'>;

/** A page of a list that is read by its key: the rows, and where the next page begins. */
export interface Page<T> {
  rows: T[];
  /** Id of the last row, to ask for what follows it; null where nothing does. */
  next: number | null;
}

/** Makes a page of at most `limit` rows of a result that was read with one row more. */
export function pageOf<T extends { id: number }>(rows: T[], limit: number): Page<T> {
  const shown = rows.slice(0, limit);
  return { rows: shown, next: rows.length > limit ? (shown.at(-1)?.id ?? null) : null };
}

/**
 * The moment that a DATETIME of the store means; the store's times are UTC.
 *
 * @example utc('2026-03-01 09:30:00.000') // new Date('2026-03-01T09:30:00.000Z')
 */
export function utc(datetime: string): Date {
  return new Date(`${datetime.replace(' ', 'T')}Z`);
}
