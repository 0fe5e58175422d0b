import type { Connection, RowDataPacket } from 'mysql2/promise';

/**
 * Runs `work` while the judge's connection waits so long for a table, s. Afterwards it waits as long as before.
 *
 * @example await withLockWait(mysql, 3, () => mysql.query('RENAME TABLE sales TO sales_away'))
 */
export async function withLockWait<T>(
  mysql: Connection,
  seconds: number,
  work: () => Promise<T>,
): Promise<T> {
  const [rows] = await mysql.query<RowDataPacket[]>('SELECT @@SESSION.lock_wait_timeout AS before_it');
  await mysql.query(`SET SESSION lock_wait_timeout = ${seconds}`);
  try {
    return await work();
  } finally {
    await mysql.query(`SET SESSION lock_wait_timeout = ${Number(rows[0]!.before_it)}`);
  }
}
