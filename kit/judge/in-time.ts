/** Something took longer than anybody waits for it. */
export class TookTooLong extends Error {
  override name = 'TookTooLong';
}

/**
 * What `work` resolves to, where it does so in time. It is not ended else: whoever gives up on it throws away what it works
 * on.
 *
 * @param what begins the sentence of the error.
 * @throws TookTooLong after `ms`.
 * @example await bounded(schema.drop(), 8000, 'Dropping a schema') // or: Dropping a schema took more than 8 s.
 */
export async function bounded<T>(work: Promise<T>, ms: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TookTooLong(`${what} took more than ${ms / 1000} s.`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    work.catch(() => {}); // nobody waits for it any longer
  }
}
