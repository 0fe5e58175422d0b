import { setTimeout as pause } from 'node:timers/promises';
import { MachineTooBusy } from '../../kit/judge/machine-too-busy.ts';

/** How often it waits longer, and how much. */
const ATTEMPTS = 3;
const LONGER = 3;

/**
 * For what shows only once real time has passed, as a student's code may count it by any clock: tries with a short wait and,
 * where the machine was too slow to tell, with longer ones.
 *
 * @param shortest the first wait, ms.
 * @param attempt resolves to whether it could tell, and throws what it found.
 * @throws MachineTooBusy where it never could.
 * @example await withRealWaits(600, async (waitMs) => loads.begunAt[2]! < killed + waitMs)
 */
export async function withRealWaits(
  shortest: number,
  attempt: (waitMs: number) => Promise<boolean>,
): Promise<void> {
  let waitMs = shortest;
  for (let number = 1; number <= ATTEMPTS; number++, waitMs *= LONGER) if (await attempt(waitMs)) return;
  throw new MachineTooBusy(`not even with waits of ${waitMs / LONGER} ms could it be told what came first`);
}

/** Waits until `performance.now()` has come to `at`. */
export const untilAt = (at: number): Promise<void> => pause(Math.max(0, at - performance.now()));
