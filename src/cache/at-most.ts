/**
 * Waits for `work`, and no longer than `ms` where that is told. The work itself goes on; what it throws is nobody's.
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
