import { setTimeout as pause } from 'node:timers/promises';

/** Far longer than anything takes, also on a machine that is thirty times busier than it can be, ms. */
const TIMEOUT_MS = 120_000;

/**
 * Waits until something holds.
 *
 * @param otherwise what to say where it never does; told again at that moment where it is a function
 */
export async function until(
  holds: () => boolean | Promise<boolean>,
  otherwise: string | (() => string),
): Promise<void> {
  const end = performance.now() + TIMEOUT_MS;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(typeof otherwise === 'string' ? otherwise : otherwise());
    await pause(10);
  }
}
