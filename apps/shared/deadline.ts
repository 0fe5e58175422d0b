/**
 * What `promise` gives, or `late()` thrown once it took longer than `ms`. The work itself goes on.
 *
 * @example await deadline(mysql.query('SELECT 1'), 5000, () => new Error('MySQL did not answer within 5 s.'))
 */
export async function deadline<T>(promise: Promise<T>, ms: number, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), ms);
  });
  try {
    return await Promise.race([promise, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
