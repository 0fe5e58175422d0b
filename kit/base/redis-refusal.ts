/** Characters of an argument, and how many arguments, that a sentence shows. */
const MAX_ARGUMENT_CHARS = 40;
const MAX_ARGUMENTS = 3;

/**
 * The command that Redis refused, as a sentence shows it, or undefined for an error that is none of Redis' own.
 *
 * @example refusedCommand(error) // 'HGETALL demo:t'
 */
export function refusedCommand(error: unknown): string | undefined {
  if ((error as Error | undefined)?.name !== 'ReplyError') return undefined;
  const { command } = error as { command?: { name?: unknown; args?: unknown } };
  // ioredis keeps no command for an error that stands among the replies of an EXEC.
  if (typeof command?.name !== 'string') return 'a command between MULTI and EXEC';
  const args = Array.isArray(command.args) ? command.args : [];
  const shown = args.slice(0, MAX_ARGUMENTS).map(argument);
  return [command.name.toUpperCase(), ...shown, ...(args.length > shown.length ? ['…'] : [])].join(' ');
}

/** An argument on one line: a script or a long value shows its beginning. */
function argument(value: unknown): string {
  const text = (Buffer.isBuffer(value) ? value.toString('latin1') : String(value))
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  if (text === '') return "''";
  return text.length > MAX_ARGUMENT_CHARS ? `${text.slice(0, MAX_ARGUMENT_CHARS)}…` : text;
}

/**
 * What Redis refused, where, and in which words of its own: ioredis tells only the words.
 *
 * @param place where the command was sent: `labs/01-initial-sync.ts:21`; '' where nobody knows.
 * @example refusalSentence({ command: 'HGETALL demo:t', message: 'WRONGTYPE …' }, 'labs/01-initial-sync.ts:21')
 * // 'Redis refused HGETALL demo:t at labs/01-initial-sync.ts:21: WRONGTYPE …'
 */
export function refusalSentence(
  { command, message }: { command: string; message: string },
  place: string,
): string {
  return `Redis refused ${command}${place ? ` at ${place}` : ''}: ${message}`;
}
