import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { mysqlClientOptions } from '../servers/clients.ts';
import type { Servers } from '../servers/servers.ts';

/** The schema of `orders` generated orders of a run, the same for all its workers. */
export const generatedSchema = (orders: number, seed: number): string =>
  `storelab_check_data_${seed}_${orders}`;

/** Drops what the workers of a run generated. */
export async function dropGenerated(servers: Servers, seed: number): Promise<void> {
  const connection = await createConnection(mysqlClientOptions(servers.mysql));
  try {
    const [rows] = await connection.query<RowDataPacket[]>('SHOW DATABASES LIKE ?', [
      `storelab\\_check\\_data\\_${seed}\\_%`,
    ]);
    for (const row of rows) await connection.query(`DROP DATABASE \`${Object.values(row)[0]}\``);
  } finally {
    await connection.end();
  }
}
