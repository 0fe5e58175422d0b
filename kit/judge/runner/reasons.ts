/** So many reasons are told, each with so many characters, from so deep. */
const MAX_REASONS = 4;
const MAX_CHARS = 200;
const MAX_DEPTH = 8;

/**
 * Why an error was thrown, as its `cause` and the `errors` of an AggregateError say it: theirs too, each error once, the
 * outer before the inner. At most four, of 200 characters each.
 *
 * @example reasonsOf(new Error('could not write', { cause: new Error('disk full') })) // ['Error: disk full']
 */
export function reasonsOf(thrown: Error): string[] {
  const found: string[] = [];
  const seen = new Set<unknown>([thrown]);
  const follow = (error: object, depth: number): void => {
    for (const reason of within(error)) {
      if (found.length === MAX_REASONS) return;
      if (depth > MAX_DEPTH || seen.has(reason)) continue;
      seen.add(reason);
      const said = shortened(reason);
      if (said) found.push(said);
      if (reason instanceof Error) follow(reason, depth + 1);
    }
  };
  try {
    follow(thrown, 1);
  } catch {
    // A property that throws when it is read: what was found before it is told.
  }
  return found;
}

function within(error: object): unknown[] {
  const { cause, errors } = error as { cause?: unknown; errors?: unknown };
  const listed = Array.isArray(errors) ? errors.slice(0, MAX_REASONS) : [];
  return [...(cause === undefined || cause === null ? [] : [cause]), ...listed];
}

/** An AggregateError without a message says nothing but its reasons. */
function shortened(reason: unknown): string | undefined {
  if (reason instanceof AggregateError && reason.message === '') return undefined;
  const said = reason instanceof Error ? `${reason.name}: ${reason.message}` : textOf(reason);
  return said.length > MAX_CHARS ? `${said.slice(0, MAX_CHARS)}…` : said;
}

const textOf = (value: unknown): string =>
  typeof value === 'object' ? (JSON.stringify(value) ?? 'an object') : String(value);

/**
 * What an error says, with its reasons behind it. They come from a sandbox, and are bounded again here.
 *
 * @example saidOf({ name: 'Error', message: 'could not write', reasons: ['Error: disk full'] })
 * // 'Error: could not write (reason: Error: disk full)'
 */
export function saidOf({ name, message, reasons }: { name: string; message: string; reasons?: unknown }) {
  const said = message === '' ? name : `${name}: ${message}`;
  const told = Array.isArray(reasons)
    ? reasons
        .filter((one) => typeof one === 'string')
        .slice(0, MAX_REASONS)
        .map((one) => one.slice(0, MAX_CHARS + 1))
    : [];
  if (told.length === 0) return said;
  return `${said} (${told.length > 1 ? 'reasons' : 'reason'}: ${told.join('; ')})`;
}
