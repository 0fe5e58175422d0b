/**
 * Waits for `work`, `ms` at most, default for as long as it takes. The work itself goes on; what it throws is ignored.
 *
 * @example await atMost(2000, worker.close())
 */
export async function atMost(ms: number | undefined, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => {
    if (ms !== undefined) timer = setTimeout(resolve, ms);
  });
  await Promise.race([work.catch(() => {}), late]);
  clearTimeout(timer);
}
