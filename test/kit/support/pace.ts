import { expect } from 'vitest';

/** Processor time of the loop that is timed, µs: more than one turn of the scheduler. */
const LOOP_MICROS = 30_000;

/**
 * How many times longer work takes now than on an idle machine, 1 at least: how long a short loop took, by the
 * processor time that it got.
 *
 * @example pace() // 1.02 on an idle machine, 14.8 on two cores with thirty busy processes
 */
export function pace(): number {
  const began = performance.now();
  const before = process.cpuUsage();
  for (;;) {
    const { user, system } = process.cpuUsage(before);
    if (user + system >= LOOP_MICROS) return Math.max(1, ((performance.now() - began) * 1000) / LOOP_MICROS);
  }
}

/**
 * Expects an act to end in time: within `ms` on an idle machine, and as much later as this one is slower. What never
 * ends is ended by the test's own time limit.
 */
export async function expectInTime<T>(ms: number, act: () => Promise<T>): Promise<T> {
  const before = pace();
  const began = performance.now();
  const result = await act();
  const took = performance.now() - began;
  const slowest = Math.max(before, pace());
  expect(took, `ms, ${slowest.toFixed(1)} times slower than an idle machine`).toBeLessThan(ms * slowest);
  return result;
}
