import { checkAtHand } from './time-limit.ts';

/** However little the machine gives, at least this part of the time that passes counts. */
const LEAST = 0.1;

/**
 * A clock that begins now and leaves out what the machine keeps from the check at hand: for whatever a check waits for.
 *
 * @example
 * const clock = fairClock();
 * while (!clock.passed(2_000)) if (await condition()) return true;
 */
export function fairClock() {
  const begun = performance.now();
  const lostBefore = checkAtHand.lostMs();
  return {
    /** Whether so many ms have passed. */
    passed(ms: number): boolean {
      return this.leftOf(ms) <= 0;
    },
    /** How many of so many ms are left. To look at what was lost costs some microseconds: only once it matters. */
    leftOf(ms: number): number {
      const wall = performance.now() - begun;
      if (wall < ms) return ms - wall;
      return ms - Math.max(LEAST * wall, wall - (checkAtHand.lostMs() - lostBefore));
    },
  };
}
