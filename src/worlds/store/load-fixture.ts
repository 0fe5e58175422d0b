import type { Connection } from 'mysql2/promise';
import { emptyStatements, fixtureInserts } from './fixture.ts';

/**
 * Empties the store's tables in the schema in use and fills them with the fixture, in one transaction, on a
 * connection that need not allow several statements a query.
 *
 * @throws the server's error, after a ROLLBACK: the tables are then as they were.
 * @example await loadFixture(connection) // 6 users, 8 products, 10 orders, 22 items
 */
export async function loadFixture(connection: Pick<Connection, 'query'>): Promise<void> {
  await connection.query('START TRANSACTION');
  try {
    for (const sql of [...emptyStatements(), ...fixtureInserts()]) await connection.query(sql);
    await connection.query('COMMIT');
  } catch (error) {
    await connection.query('ROLLBACK').catch(() => {});
    throw error;
  }
}
