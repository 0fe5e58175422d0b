import { integer, lengthEncoded, text } from './mysql-bytes.ts';
import type { Agreed } from './mysql-handshake.ts';
import { Refused } from './refused.ts';

/** How the reply to a command is built. */
export type ReplyForm = 'result' | 'prepare' | 'rows' | 'columns' | 'status' | 'login' | 'none';

export interface MysqlCommand {
  name: string;
  text: string;
  form: ReplyForm;
  setup: boolean;
  /** Id of the prepared statement that it is about; 0 where it is about none. */
  statement: number;
}

const SQL_SHOWN = 160;

const known: Record<number, [name: string, form: ReplyForm, setup?: 'setup']> = {
  1: ['QUIT', 'none', 'setup'],
  2: ['INIT_DB', 'status', 'setup'],
  3: ['QUERY', 'result'],
  4: ['FIELD_LIST', 'columns'],
  5: ['CREATE_DB', 'status'],
  6: ['DROP_DB', 'status'],
  7: ['REFRESH', 'status'],
  8: ['SHUTDOWN', 'status'],
  9: ['STATISTICS', 'status'],
  10: ['PROCESS_INFO', 'result'],
  12: ['PROCESS_KILL', 'status'],
  13: ['DEBUG', 'status'],
  14: ['PING', 'status'],
  17: ['CHANGE_USER', 'login', 'setup'],
  22: ['PREPARE', 'prepare'],
  23: ['EXECUTE', 'result'],
  24: ['SEND_LONG_DATA', 'none'],
  25: ['CLOSE_STATEMENT', 'none'],
  26: ['RESET_STATEMENT', 'status'],
  27: ['SET_OPTION', 'status', 'setup'],
  28: ['FETCH', 'rows'],
  31: ['RESET_CONNECTION', 'status', 'setup'],
  250: ['BULK_EXECUTE', 'result'],
};

/**
 * Reads a command packet.
 *
 * @param statements SQL of the prepared statements, by id
 * @throws Refused for commands whose replies cannot be counted.
 */
export function readCommand(
  payload: Uint8Array,
  { agreed, statements }: { agreed: Agreed; statements: ReadonlyMap<number, string> },
): MysqlCommand {
  const code = payload[0] ?? -1;
  const entry = known[code];
  if (!entry) throw new Refused(`MySQL command ${code} cannot be counted`);
  const [name, form, setup] = entry;
  if (code === 27 && integer(payload, 1, 2) === 0) {
    throw new Refused('multipleStatements cannot be counted: send one statement a query');
  }
  let shown = '';
  let statement = 0;
  if (code === 3) shown = text(payload, agreed.queryAttributes ? afterAttributes(payload) : 1, SQL_SHOWN);
  else if (code === 2 || code === 22) shown = text(payload, 1, SQL_SHOWN);
  else if (form === 'rows' || (code >= 23 && code <= 26) || code === 250) {
    statement = integer(payload, 1, 4);
    shown = statements.get(statement) ?? `#${statement}`;
  }
  return { name, text: shown, form, setup: setup === 'setup', statement };
}

/** Where the SQL begins in a query packet with attributes; their values are skipped where that is cheap. */
function afterAttributes(payload: Uint8Array): number {
  const parameters = lengthEncoded(payload, 1);
  if (!parameters) return 1;
  const sets = lengthEncoded(payload, parameters.end);
  const after = sets?.end ?? parameters.end;
  if (parameters.value === 0) return after;
  const types: number[] = [];
  let at = after + ((parameters.value + 7) >> 3) + 1;
  for (let i = 0; i < parameters.value && at < payload.length; i++) {
    types.push(payload[at]!);
    const name = lengthEncoded(payload, at + 2);
    at = name ? name.end + name.value : payload.length;
  }
  for (const [i, type] of types.entries()) {
    const isNull = (payload[after + (i >> 3)] ?? 0) & (1 << (i & 7));
    if (!isNull) at = afterValue(payload, { at, type });
  }
  return at;
}

const sizes: Record<number, number> = { 1: 1, 2: 2, 3: 4, 4: 4, 5: 8, 6: 0, 8: 8, 9: 4, 13: 2 };

function afterValue(payload: Uint8Array, { at, type }: { at: number; type: number }): number {
  const size = sizes[type];
  if (size !== undefined) return at + size;
  const length = lengthEncoded(payload, at);
  return length ? length.end + length.value : payload.length;
}
