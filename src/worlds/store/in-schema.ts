import type { Connection, RowDataPacket } from 'mysql2/promise';
import { connectionsOf, type MysqlTarget } from './mysql-target.ts';
import { createSchema, quoteName } from './schema.ts';

export interface InSchemaOptions {
  schema: string;
  /** Name of the lock that keeps other loads out: `storelab.load` */
  lock: string;
  /** What creates the tables where they are missing. */
  statements: readonly string[];
}

/**
 * Runs `work` in a schema, created with its tables where they are missing, while no other process of the kit loads the
 * same into it.
 */
export async function inSchema<T>(
  target: MysqlTarget,
  { schema, lock, statements }: InSchemaOptions,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const { open, close } = connectionsOf(target);
  try {
    const connection = await open();
    const [[got]] = await connection.query<RowDataPacket[]>('SELECT GET_LOCK(?, 600) AS got', [
      `${lock}.${schema}`.slice(0, 64),
    ]);
    if (got?.got !== 1)
      throw new Error(`Another process has been loading ${schema} for ten minutes: stop it first.`);
    const [there] = await connection.query<RowDataPacket[]>(
      'SELECT 1 FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?',
      [schema],
    );
    if (there.length === 0) await connection.query(createSchema(schema));
    await connection.query(`USE ${quoteName(schema)}`);
    for (const sql of statements) await connection.query(sql);
    return await work(connection);
  } finally {
    // Ending the connection releases the lock and undoes the session's settings.
    await close();
  }
}
