import { createPool, type Pool, type RowDataPacket } from 'mysql2/promise';
import type { MysqlAddress } from '../../../kit/servers/address.ts';
import { mysqlClientOptions } from '../../../kit/servers/clients.ts';
import { marketFixtureStatements } from '../../../src/worlds/market/fixture.ts';
import { marketSchemaStatements } from '../../../src/worlds/market/schema.ts';
import { createSchema } from '../../../src/worlds/store/schema.ts';

/** A schema with the game's fixture, of a test's own. */
export interface MarketSchema {
  /** As an application has it. */
  pool: Pool;
  rows(sql: string, values?: unknown[]): Promise<RowDataPacket[]>;
  /** The fixture again. */
  reset(): Promise<void>;
  /** Coins of all, and of each resource what is held or on offer: no trade changes any of it. */
  wealth(): Promise<unknown>;
  close(): Promise<void>;
}

export async function openMarketSchema(mysql: MysqlAddress, schema: string): Promise<MarketSchema> {
  const admin = createPool({ ...mysqlClientOptions(mysql), database: undefined, multipleStatements: true });
  await admin.query(`DROP DATABASE IF EXISTS ${schema}`);
  await admin.query(createSchema(schema));
  const pool = createPool({ ...mysqlClientOptions(mysql), database: schema, connectionLimit: 10 });
  for (const sql of marketSchemaStatements()) await pool.query(sql);
  const rows = async (sql: string, values: unknown[] = []) =>
    (await pool.query<RowDataPacket[]>(sql, values))[0];
  return {
    pool,
    rows,
    reset: async () => void (await admin.query(`USE ${schema};${marketFixtureStatements()}`)),
    wealth: async () => ({
      coins: await rows('SELECT SUM(coins) AS coins FROM players'),
      stock: await rows(`SELECT resource_id, SUM(quantity) AS quantity FROM (
        SELECT resource_id, quantity FROM inventories
        UNION ALL SELECT resource_id, quantity FROM listings WHERE status = 'active') AS everything
        GROUP BY resource_id HAVING SUM(quantity) > 0 ORDER BY resource_id`),
    }),
    async close() {
      await pool.end();
      await admin.query(`DROP DATABASE IF EXISTS ${schema}`);
      await admin.end();
    },
  };
}
