import type { Connection, RowDataPacket } from 'mysql2/promise';

/**
 * Rolls back what XA PREPARE left in a MySQL that is ours alone. Such a transaction outlives its connection, no KILL ends it,
 * and its locks keep every DROP waiting. One whose connection is still there cannot be rolled back: end threads first.
 *
 * @example await rollBackPrepared(mysql)
 */
export async function rollBackPrepared(mysql: Connection): Promise<void> {
  for (const id of await preparedIn(mysql)) await mysql.query(`XA ROLLBACK ${id}`).catch(() => {}); // it is another's
}

/**
 * The ids of prepared transactions, as XA ROLLBACK takes them.
 *
 * @example await preparedIn(mysql) // ["X'61',X'',1"]
 */
export async function preparedIn(mysql: Connection): Promise<string[]> {
  // As bytes: an id may hold any.
  const [rows] = await mysql.query<RowDataPacket[]>({
    sql: 'XA RECOVER',
    typeCast: (field) => field.buffer(),
  });
  return rows.map(({ formatID, gtrid_length, bqual_length, data }) => {
    const [format, gtrid, bqual] = [formatID, gtrid_length, bqual_length].map(Number) as [
      number,
      number,
      number,
    ];
    const hex = (from: number, to: number) => `X'${(data as Buffer).subarray(from, to).toString('hex')}'`;
    return `${hex(0, gtrid)},${hex(gtrid, gtrid + bqual)},${format}`;
  });
}
