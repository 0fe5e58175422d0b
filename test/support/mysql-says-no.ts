import type { Connection } from 'mysql2/promise';

/** An error of MySQL's that says nothing of the data: tried again it may go well. */
export interface PassingError {
  /** `a deadlock` */
  what: string;
  errno: number;
  sqlState: string;
  message: string;
}

export const passingErrors: readonly PassingError[] = [
  {
    what: 'a lock-wait time-out',
    errno: 1205,
    sqlState: 'HY000',
    message: 'Lock wait timeout exceeded; try restarting transaction',
  },
  {
    what: 'a deadlock',
    errno: 1213,
    sqlState: '40001',
    message: 'Deadlock found when trying to get lock; try restarting transaction',
  },
  {
    what: 'a query that was killed',
    errno: 1317,
    sqlState: '70100',
    message: 'Query execution was interrupted',
  },
  {
    what: 'a server that is read only',
    errno: 1290,
    sqlState: 'HY000',
    message: 'The MySQL server is running with the --read-only option so it cannot execute this statement',
  },
  {
    what: 'a full disk',
    errno: 1021,
    sqlState: 'HY000',
    message:
      "Disk full (/tmp); waiting for someone to free some space... (errno: 28 'No space left on device')",
  },
];

/** Has MySQL refuse every write to `table` with that error while `work` runs. */
export type SayNo = <T>(table: string, error: PassingError, work: () => Promise<T>) => Promise<T>;

/** The name of a lock of MySQL's: while somebody holds it, the trigger of that table says no. */
const lockOf = (table: string, { errno }: PassingError) =>
  `SHA2(CONCAT(DATABASE(), '.${table}.${errno}'), 224)`;

/**
 * Puts triggers on tables that answer a write with an error, as MySQL itself would, whenever the judge wants it: they
 * look whether the judge holds a lock, so that no row says so and no transaction sees it late. Takes them away again
 * when `work` is over, by when no call may be under way.
 *
 * @param disconnect ends the student's connections: a transaction that one left open would hold the tables.
 * @example
 * await mysqlSaysNo(mysql, ['inventories'], tap.mysql.disconnectAll, async (sayNo) => {
 *   const error = await sayNo('inventories', passingErrors[1]!, () => thrownBy(lab.flushChanges()));
 * });
 */
export async function mysqlSaysNo(
  mysql: Connection,
  tables: readonly string[],
  disconnect: () => void,
  work: (sayNo: SayNo) => Promise<void>,
): Promise<void> {
  const triggers = tables.flatMap((table) =>
    (['INSERT', 'UPDATE'] as const).map((event) => ({
      table,
      event,
      name: `says_no_${table}_${event.toLowerCase()}`,
    })),
  );
  for (const { name, table, event } of triggers) {
    const cases = passingErrors.map(
      (error) =>
        `IF IS_USED_LOCK(${lockOf(table, error)}) IS NOT NULL THEN SIGNAL SQLSTATE '${error.sqlState}' ` +
        `SET MYSQL_ERRNO = ${error.errno}, MESSAGE_TEXT = ${mysql.escape(error.message)}; END IF;`,
    );
    await mysql.query(
      `CREATE TRIGGER ${name} BEFORE ${event} ON ${table} FOR EACH ROW BEGIN ${cases.join(' ')} END`,
    );
  }
  try {
    await work(async (table, error, during) => {
      await mysql.query(`SELECT GET_LOCK(${lockOf(table, error)}, 0)`);
      try {
        return await during();
      } finally {
        await mysql.query(`SELECT RELEASE_LOCK(${lockOf(table, error)})`);
      }
    });
  } finally {
    disconnect();
    for (const { name } of triggers) await mysql.query(`DROP TRIGGER IF EXISTS ${name}`);
  }
}
