import { setTimeout as pause } from 'node:timers/promises';
import { STRAINED } from './lost-time.ts';

/** How much processor time a look at the machine uses, ms. */
const PROBE_MS = 15;
/** How long to wait between two looks, ms. */
const EVERY_MS = 250;

/**
 * Waits until this machine gives a process that computes most of the time that passes, for at most `limitMs` (10 s).
 *
 * @param isCalm looks whether it does; by computing for 15 ms where no other look is given.
 * @returns whether it does.
 */
export async function calm({ limitMs = 10_000, isCalm = hasTime } = {}): Promise<boolean> {
  for (const begun = performance.now(); ; await pause(EVERY_MS)) {
    if (isCalm()) return true;
    if (performance.now() - begun >= limitMs) return false;
  }
}

function hasTime(): boolean {
  const begun = performance.now();
  const before = process.cpuUsage();
  let used = 0;
  while (used < PROBE_MS) {
    const { user, system } = process.cpuUsage(before);
    used = (user + system) / 1000;
  }
  return used >= (1 - STRAINED) * (performance.now() - begun);
}
