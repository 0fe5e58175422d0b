import { performance } from 'node:perf_hooks';

/** How long to wait, and for how much quiet, in milliseconds. */
export interface SettledOptions {
  quietMs?: number;
  timeoutMs?: number;
}

/**
 * Waits until nothing is outstanding and nothing happened for `quietMs`; false after `timeoutMs`.
 *
 * @param lastActivity the moment of the last event, of `performance.now()`
 */
export async function settled(
  { outstanding, lastActivity }: { outstanding: () => unknown[]; lastActivity: () => number },
  { quietMs = 10, timeoutMs = 1000 }: SettledOptions = {},
): Promise<boolean> {
  const started = performance.now();
  for (;;) {
    const now = performance.now();
    const quiet = now - Math.max(lastActivity(), started);
    if (quiet >= quietMs && outstanding().length === 0) return true;
    if (now - started >= timeoutMs) return false;
    await new Promise((resolve) => setTimeout(resolve, Math.max(1, quietMs - quiet)));
    // what lies in the sockets is read before time is up
    await new Promise((resolve) => setImmediate(resolve));
  }
}
