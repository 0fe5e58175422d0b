import { createHmac } from 'node:crypto';
import type { RowDataPacket } from 'mysql2/promise';
import { loadGenerated } from '../../src/worlds/index.ts';
import type { MysqlAddress } from '../servers/address.ts';
import { adminConnection } from '../servers/admin-connection.ts';
import type { Servers } from '../servers/servers.ts';

/** Stands for a run's seed in names that a submission can read: who knows the seed knows what will be drawn. */
const runOf = ({ password }: MysqlAddress, seed: number): string =>
  createHmac('sha256', password).update(`${seed}`).digest('hex').slice(0, 12);

/**
 * The schema of `orders` generated orders of a run, the same for all its workers.
 *
 * @param mysql as the judge reaches it.
 */
export const generatedSchema = (mysql: MysqlAddress, { orders, seed }: { orders: number; seed: number }) =>
  `storelab_check_data_${runOf(mysql, seed)}_${orders}`;

/** Makes it; of several who ask at once, one does. Some 0.2 s for 10,000 orders. */
export async function generate(
  mysql: MysqlAddress,
  { orders, seed }: { orders: number; seed: number },
): Promise<void> {
  await loadGenerated(mysql, { schema: generatedSchema(mysql, { orders, seed }), orders, seed });
}

/** Drops all that was generated for a run. A schema that somebody still reads after 3 s stays where it is. */
export async function dropGenerated(servers: Servers, seed: number): Promise<void> {
  const connection = await adminConnection(servers.mysql);
  try {
    const [rows] = await connection.query<RowDataPacket[]>('SHOW DATABASES LIKE ?', [
      `storelab\\_check\\_data\\_${runOf(servers.mysql, seed)}\\_%`,
    ]);
    for (const row of rows)
      await connection.query(`DROP DATABASE \`${Object.values(row)[0]}\``).catch(unlessLocked);
  } finally {
    connection.destroy();
  }
}

/** MySQL's number for a lock that nobody released in time. */
const LOCK_WAIT_TIMEOUT = 1205;

function unlessLocked(error: { errno?: number }): void {
  if (error.errno !== LOCK_WAIT_TIMEOUT) throw error;
}
