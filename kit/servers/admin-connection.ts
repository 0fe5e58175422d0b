import { type Connection, createConnection } from 'mysql2/promise';
import type { MysqlAddress } from './address.ts';
import { mysqlClientOptions } from './clients.ts';

/** How long an administrator's statement waits for a lock, s. MySQL's own default for a table is a year, or a day. */
const LOCK_WAIT_S = 3;

/**
 * A connection on which no statement waits for a lock for long. The server may hold one that nobody will ever release.
 *
 * @example const admin = await adminConnection(servers.mysql);
 */
export async function adminConnection(address: MysqlAddress): Promise<Connection> {
  const connection = await createConnection(mysqlClientOptions(address));
  try {
    await connection.query(
      `SET SESSION lock_wait_timeout = ${LOCK_WAIT_S}, SESSION innodb_lock_wait_timeout = ${LOCK_WAIT_S}`,
    );
    return connection;
  } catch (error) {
    connection.destroy();
    throw error;
  }
}
