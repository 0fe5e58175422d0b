import { cpus } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';

/** The share of all processor time that was idle during the next `ms` milliseconds: 1 is a machine at rest. */
async function idleShare(ms: number): Promise<number> {
  const read = () => {
    let [idle, all] = [0, 0];
    for (const { times } of cpus()) {
      idle += times.idle;
      all += times.user + times.nice + times.sys + times.irq + times.idle;
    }
    return { idle, all };
  };
  const before = read();
  await pause(ms);
  const after = read();
  return (after.idle - before.idle) / Math.max(1, after.all - before.all);
}

/**
 * With CALM=1 in the environment, waits before a measurement until the machine has been at rest for 400 ms, 20
 * seconds at the most; without it, does nothing. For a machine that others work on.
 */
export async function calm(): Promise<void> {
  if (process.env.CALM !== '1') return;
  const until = performance.now() + 20_000;
  while ((await idleShare(400)) < 0.9 && performance.now() < until);
}
