import { StudentError } from './runner/student-error.ts';

/** The time that a student's code may take in one check, ms. A limit, not a budget: what is asserted is counted. */
export const CHECK_MS = 10_000;
/** The same in all checks of a submission together, ms. */
export const SUBMISSION_MS = 120_000;

/**
 * The time that is left to a student's code: only what it takes itself counts, from call to reply, not what the judge
 * does meanwhile.
 *
 * @example
 * const time = new TimeLimit();
 * time.beginCheck();
 * time.left(); // 10000
 */
export class TimeLimit {
  #submission = SUBMISSION_MS;
  #check = CHECK_MS;
  #running = 0;
  #since = 0;

  beginCheck(): void {
    this.#check = CHECK_MS;
  }

  /**
   * What is left now, ms.
   *
   * @throws StudentError where nothing is.
   */
  left(): number {
    if (this.#submission <= 0) {
      throw new StudentError(
        'too slow',
        `Your code had ${SUBMISSION_MS / 1000} s for all checks together and used them up before this one. Look at the check that took longest.`,
      );
    }
    if (this.#check <= 0) {
      throw new StudentError(
        'too slow',
        `Your code took more than ${CHECK_MS / 1000} s in this check. Does it do one thing at a time that could be done together?`,
      );
    }
    return Math.min(this.#check, this.#submission);
  }

  /** Counts time that was measured, ms. */
  charge(ms: number): void {
    this.#check -= ms;
    this.#submission -= ms;
  }

  /** Counts the time of `work`; of calls that run at once, it counts once. */
  async counted<T>(work: (limitMs: number) => Promise<T>): Promise<T> {
    const limitMs = this.left();
    if (this.#running++ === 0) this.#since = performance.now();
    try {
      return await work(limitMs);
    } finally {
      if (--this.#running === 0) this.charge(performance.now() - this.#since);
    }
  }
}
