/** What mysql2 and the servers say where MySQL cannot answer now, and a later try may go well. */
const passing = new Set([
  'ER_SERVER_SHUTDOWN',
  'ER_NORMAL_SHUTDOWN',
  'ER_CON_COUNT_ERROR',
  'ER_CONNECTION_KILLED',
  'ER_QUERY_INTERRUPTED',
  'ER_LOCK_WAIT_TIMEOUT',
  'ER_LOCK_DEADLOCK',
  'ER_DISK_FULL',
]);

/** The connection was lost while MySQL worked on a COMMIT: whether it took effect, nobody knows. */
export class CommitUnknown extends Error {
  override name = 'CommitUnknown';
}

/** The code of an error of mysql2, `'ER_DUP_ENTRY'` or `'ECONNREFUSED'`; empty where it has none. */
export function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}

/**
 * Whether MySQL is away, rather than asked something wrong.
 *
 * @example isMysqlAway(await pool.query('SELECT 1').catch((error) => error)) // true while it is stopped
 */
export function isMysqlAway(error: unknown): boolean {
  if (error instanceof CommitUnknown) return true;
  const code = codeOf(error);
  if (code.startsWith('ER_')) return passing.has(code);
  if (/^(PROTOCOL_|E[A-Z])/.test(code)) return true;
  return error instanceof Error && /closed state|Pool is closed|Queue limit reached/.test(error.message);
}

/** Whether the server gave this transaction up so that others can go on: it may be run again as it is. */
export function isDeadlock(error: unknown): boolean {
  return codeOf(error) === 'ER_LOCK_DEADLOCK' || codeOf(error) === 'ER_CHECKREAD';
}
