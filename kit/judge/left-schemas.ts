import type { RowDataPacket } from 'mysql2/promise';
import { isAlive } from '../base/is-alive.ts';
import type { MysqlAddress } from '../servers/address.ts';
import { adminConnection } from '../servers/admin-connection.ts';
import { dropCheckSchema } from '../servers/check-schema.ts';

/** A name for the schema of a worker's environment, which tells whose it is: `4711_mf3x9k_0`. */
export const environmentName = (number: number): string =>
  `${process.pid}_${Math.floor(performance.timeOrigin).toString(36)}_${number}`;

/**
 * Drops the schemas and users for checks whose worker is gone: it was killed, or a statement that ignored KILL held its
 * tables. Of a MySQL that nobody but this machine's judges use.
 *
 * @example await dropLeftSchemas(servers.mysql)
 */
export async function dropLeftSchemas(mysql: MysqlAddress): Promise<void> {
  const admin = await adminConnection(mysql);
  try {
    const [rows] = await admin.query<RowDataPacket[]>("SHOW DATABASES LIKE 'storelab\\_check\\_%'");
    for (const name of rows.map((row) => String(Object.values(row)[0]))) {
      const pid = /^storelab_check_(\d+)_[a-z0-9]+_\d+$/.exec(name)?.[1];
      // One that is still held goes with a later start.
      if (pid && !isAlive(Number(pid))) await dropCheckSchema(mysql, name, { ours: true }).catch(() => {});
    }
  } finally {
    admin.destroy();
  }
}
