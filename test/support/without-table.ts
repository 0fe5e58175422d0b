import type { Connection } from 'mysql2/promise';
import type { Tap } from '../../kit/tap/tap.ts';
import { withLockWait } from './with-lock-wait.ts';

/** So long a rename may wait for a transaction that somebody has left open, s. */
const LOCK_WAIT_S = 10;

/**
 * Takes a table away while `work` runs: MySQL is there, and answers each query of that table with an error. Call it before
 * any other call of the check: a transaction that is open would hold the table. At its end the connections of all
 * processes are closed, so what comes next is for a process that has none yet.
 *
 * @example await withoutTable({ mysql, tap: tap.mysql }, 'order_items', () => thrownBy(lab.syncAllOrdersToRedis()))
 */
export async function withoutTable<T>(
  { mysql, tap }: { mysql: Connection; tap: Tap },
  table: string,
  work: () => Promise<T>,
): Promise<T> {
  return withLockWait(mysql, LOCK_WAIT_S, async () => {
    await mysql.query(`RENAME TABLE ${table} TO ${table}_away`);
    try {
      return await work();
    } finally {
      tap.disconnectAll();
      await mysql.query(`RENAME TABLE ${table}_away TO ${table}`);
    }
  });
}
