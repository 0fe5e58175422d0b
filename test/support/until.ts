import { setTimeout as pause } from 'node:timers/promises';
import { CheckFailed } from '../../kit/judge/check-errors.ts';
import { fairClock } from '../../kit/judge/fair-clock.ts';
import { MachineTooBusy } from '../../kit/judge/machine-too-busy.ts';
import { checkAtHand } from '../../kit/judge/time-limit.ts';
import { settles } from './settles.ts';

/** So much later than a limit the last look may be, ms. */
const LATE_LOOK_MS = 50;

/**
 * Looks again and again until `condition` holds, for at most `limitMs`, and says whether it did. What the machine keeps from
 * the check does not count.
 */
export async function until(condition: () => boolean | Promise<boolean>, limitMs: number): Promise<boolean> {
  for (const clock = fairClock(); !clock.passed(limitMs); await pause(1)) {
    if (await condition()) return true;
  }
  return condition();
}

/**
 * Whether `condition` holds within `limitMs`, where to be late is the mistake that is looked for. A student's timers keep to
 * the clock also where the machine keeps the check waiting, so what holds only in time that the machine took tells nothing.
 *
 * @param sentence what would be told of a solution that is late.
 * @throws MachineTooBusy where it came later than that, and not later than the machine's slowness explains.
 * @example expect(await promptly(() => loads.begun > 1, 500, 'It had not begun to load'), sentence).toBe(true)
 */
export async function promptly(
  condition: () => boolean | Promise<boolean>,
  limitMs: number,
  sentence: string,
): Promise<boolean> {
  const undecided = undecidedAfter(limitMs, sentence);
  if (!(await until(condition, limitMs))) return false;
  undecided();
  return true;
}

/**
 * Begins now. What is then called throws where `limitMs` are over by the clock on the wall: what came in time only by a fair
 * clock may have been late by itself.
 *
 * @throws MachineTooBusy with `sentence`.
 */
export function undecidedAfter(limitMs: number, sentence: string): () => void {
  const begun = performance.now();
  return () => {
    if (performance.now() - begun > limitMs + LATE_LOOK_MS) throw new MachineTooBusy(sentence);
  };
}

/**
 * Waits for `work`, but at most `limitMs`, far more than a right solution takes: then it throws `sentence` where else
 * the student would only read that the time was up.
 *
 * @throws CheckFailed, or MachineTooBusy where the machine had no time for the check; and what `work` throws.
 */
export async function within<T>(limitMs: number, sentence: string, work: Promise<T>): Promise<T> {
  const late = new AbortController();
  const over = timeUp(limitMs, late.signal).then(() => {
    throw checkAtHand.strained() ? new MachineTooBusy(sentence) : new CheckFailed(sentence);
  });
  over.catch(() => {}); // it lost the race
  try {
    return await Promise.race([settles(sentence, work), over]);
  } finally {
    late.abort();
  }
}

async function timeUp(limitMs: number, signal: AbortSignal): Promise<void> {
  const clock = fairClock();
  for (let left = limitMs; left > 0; left = clock.leftOf(limitMs))
    await pause(Math.max(1, left), undefined, { signal });
}
