import type { Pool, PoolConnection } from 'mysql2/promise';
import { CommitUnknown, isDeadlock, isMysqlAway } from './mysql-errors.ts';

/**
 * Runs `work` in a transaction: all of it is done, or nothing. Where MySQL ends it to resolve a deadlock, it runs
 * again, at most five times in all.
 *
 * @throws CommitUnknown where the connection was lost during the COMMIT; else whatever `work` threw, rolled back.
 * @example await inTransaction(mysql, (connection) => connection.query('DELETE FROM orders WHERE id = ?', [7]))
 */
export async function inTransaction<T>(
  mysql: Pool,
  work: (connection: PoolConnection) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await once(mysql, work);
    } catch (error) {
      if (!isDeadlock(error) || attempt === 5) throw error;
    }
  }
}

async function once<T>(mysql: Pool, work: (connection: PoolConnection) => Promise<T>): Promise<T> {
  const connection = await mysql.getConnection();
  let committing = false;
  try {
    await connection.beginTransaction();
    const result = await work(connection);
    committing = true;
    await connection.commit();
    connection.release();
    return result;
  } catch (error) {
    // A connection whose transaction cannot be undone must not go back to the pool.
    await connection.rollback().then(
      () => connection.release(),
      () => connection.destroy(),
    );
    if (committing && isMysqlAway(error) && !isDeadlock(error))
      throw new CommitUnknown('MySQL went away during the COMMIT.', { cause: error });
    throw error;
  }
}
