import { CheckFailed } from './check-errors.ts';
import { shown } from './explain.ts';
import { StudentError } from './runner/student-error.ts';

/** Redis's code for a command that found something else than it is for: a hash was asked for, and a list stands there. */
const WRONG_TYPE = 'WRONGTYPE';
/** Redis's codes for a server that is taken up by what others asked of it: full, or in a script that does not end. */
const TAKEN_UP = new Set(['OOM', 'BUSY']);
/** Classes of SQLSTATE for rows that stand in the way of a statement: a value, or a constraint such as a unique id. */
const BY_ROWS = new Set(['22', '23']);
/** MySQL's number for a transaction that was undone as it and another held what the other wanted. */
const DEADLOCK = 1213;

/**
 * What to tell where one of the judge's own commands was refused for what it found in the server. A check knows what it
 * has put there itself: the rest is the student's. The server says so with a code of its own, which no student chooses.
 *
 * @returns undefined for any other error: a mistake in the command itself is the check's.
 */
export function leftInServer(error: unknown): CheckFailed | undefined {
  if (error instanceof StudentError || !(error instanceof Error)) return undefined;
  if (error.name === 'ReplyError') return leftInRedis(error);
  const { sqlState, errno } = error as { sqlState?: unknown; errno?: unknown };
  if (errno === DEADLOCK || BY_ROWS.has(String(sqlState).slice(0, 2)))
    return new CheckFailed(
      `The check could not write to MySQL, because of rows that your code had left there or had locked: ${error.message}`,
    );
  return undefined;
}

function leftInRedis(error: Error): CheckFailed | undefined {
  const [code = ''] = error.message.split(' ', 1);
  if (TAKEN_UP.has(code))
    return new CheckFailed(
      `The check sent a command to Redis, and Redis could not do it, because your code had left Redis full or busy: ${error.message}`,
    );
  if (code !== WRONG_TYPE) return undefined;
  const { name = '', args = [] } = (error as { command?: { name?: string; args?: unknown[] } }).command ?? {};
  const asked = [name.toUpperCase(), ...args.slice(0, 1).map((arg) => shown(String(arg)))].join(' ');
  return new CheckFailed(
    `The check asked Redis for ${asked} and Redis answered WRONGTYPE: your code stored another type of value under this key. Which type does the comment above the function name?`,
  );
}
