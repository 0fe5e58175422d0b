import { setTimeout as pause } from 'node:timers/promises';
import { CheckFailed } from '../../kit/judge/check-errors.ts';
import { fairClock } from '../../kit/judge/fair-clock.ts';
import { MachineTooBusy } from '../../kit/judge/machine-too-busy.ts';
import { checkAtHand } from '../../kit/judge/time-limit.ts';
import { settles } from './settles.ts';

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
