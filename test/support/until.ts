import { setTimeout as pause } from 'node:timers/promises';
import { CheckFailed } from '../../kit/judge/check-errors.ts';

/** Looks again and again until `condition` holds, for at most `limitMs`, and says whether it did. */
export async function until(condition: () => boolean | Promise<boolean>, limitMs: number): Promise<boolean> {
  for (const begun = performance.now(); performance.now() - begun < limitMs; await pause(1)) {
    if (await condition()) return true;
  }
  return condition();
}

/**
 * Waits for `work`, but at most `limitMs`, far more than a right solution takes: then it throws `sentence` where else
 * the student would only read that the time was up.
 *
 * @throws CheckFailed, and what `work` throws.
 */
export async function within<T>(limitMs: number, sentence: string, work: Promise<T>): Promise<T> {
  const late = new AbortController();
  const over = pause(limitMs, undefined, { signal: late.signal }).then(() => {
    throw new CheckFailed(sentence);
  });
  over.catch(() => {}); // it lost the race
  try {
    return await Promise.race([work, over]);
  } finally {
    late.abort();
  }
}
