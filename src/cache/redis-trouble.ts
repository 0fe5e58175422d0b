/** Whether Redis itself answered with an error. */
export const isRefusal = (error: unknown): boolean => asError(error).name === 'ReplyError';

/** Replies that say that the server cannot work now, whatever the command. */
const unable = /^(LOADING|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|BUSY|NOAUTH|WRONGPASS)\b/;

/**
 * Whether an error means that Redis could not be asked, rather than that it said no (WRONGTYPE, OOM).
 *
 * @example isTrouble(new Error('Connection is closed.')) // true
 */
export function isTrouble(error: unknown): boolean {
  const { name, message } = asError(error);
  if (isRefusal(error)) return unable.test(message);
  return (
    name === 'MaxRetriesPerRequestError' ||
    /timed out|Connection is (closed|lost)|isn't writeable|ECONN|EPIPE|ENOENT|ENOTFOUND|EAI_AGAIN|Socket closed/.test(
      message,
    )
  );
}

/**
 * Whether Redis refused a write for want of room: of memory (OOM), or on its disk (MISCONF). It is there, and goes on reading.
 *
 * @param error or what wraps it as its cause.
 */
export function isFull(error: unknown): boolean {
  for (let one = error; one instanceof Error; one = one.cause)
    if (isRefusal(one) && /^(OOM|MISCONF)\b|OOM command not allowed/.test(one.message)) return true;
  return false;
}

/** An error's message in one line; of an AggregateError, that of the first. */
export function messageOf(error: unknown): string {
  const { errors, message } = asError(error) as Error & { errors?: Error[] };
  return (message || errors?.[0]?.message || 'no reason given').split('\n')[0]!.slice(0, 200);
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
