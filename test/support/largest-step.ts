import type { Taps } from '../../kit/judge/environment.ts';
import { begin } from './standstill.ts';

/**
 * Runs `call` with each of its MySQL commands standing still until `count` was asked, and says by how much the count
 * grew at most from one command to the next. What a transaction wrote is seen by others at its COMMIT, all at once: so
 * it is the size of the largest transaction.
 *
 * @example await largestStep(tap, { count: () => rowsOfApplied(mysql), call: () => lab.flushChanges({ batch: 2 }) }) // 2
 */
export async function largestStep(
  tap: Taps,
  { count, call }: { count: () => Promise<number>; call: () => Promise<unknown> },
): Promise<number> {
  let [before, largest, over] = [await count(), 0, false];
  let next = tap.mysql.stallAt(1, { executed: false });
  const calling = begin(
    call().finally(() => {
      over = true;
    }),
  );
  while (!over) {
    await Promise.race([next.happened, calling.catch(() => {})]);
    const now = await count();
    largest = Math.max(largest, now - before);
    before = now;
    const stands = next;
    next = tap.mysql.stallAt(1, { executed: false });
    stands.release();
  }
  next.release();
  await calling;
  return largest;
}
