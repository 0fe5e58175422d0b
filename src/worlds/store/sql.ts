/** A value of a row: text (money too, so that it never passes a float), a whole number, or NULL. */
export type SqlValue = string | number | null;

/**
 * A value as an SQL literal. Backslashes are doubled, as both servers read them as escapes by default; the kit only
 * uses it for data of its own, a student's values go through placeholders.
 *
 * @example literal("Programmer's mug") // "'Programmer''s mug'"
 */
export function literal(value: SqlValue): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
  if (!Number.isSafeInteger(value)) throw new Error(`${value} is not a whole number: give it as text.`);
  return String(value);
}

/**
 * One INSERT of several rows, a row a line.
 *
 * @example insertRows('users', ['id', 'name'], [[1, 'Ada Lovelace']])
 */
export function insertRows(table: string, columns: readonly string[], rows: readonly SqlValue[][]): string {
  const tuples = rows.map((row) => `(${row.map(literal).join(',')})`);
  return `INSERT INTO ${table} (${columns.join(', ')}) VALUES\n${tuples.join(',\n')}`;
}
