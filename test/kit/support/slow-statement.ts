/**
 * A statement that MySQL computes for minutes inside of one function, where it does not look at KILL: each REPLACE() moves
 * all that follows.
 *
 * @param table read by it too, so that it holds the table's lock all the while.
 */
export function slowStatement(table?: string): string {
  const text = "REPEAT('a', 4000000)";
  return `SELECT LENGTH(REPLACE(${text}, 'a', 'bb'))${table ? ` + id FROM ${table}` : ''}`;
}
