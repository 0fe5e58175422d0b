import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { childrenOf } from '../../../kit/base/proc-stat.ts';

const below = (pid: number): number[] => childrenOf(pid).flatMap((child) => [child, ...below(child)]);

/** The processes below this one that hold a student's code: each has a file of the runner's among its words. */
export function runners(): number[] {
  return below(process.pid).filter((pid) => {
    try {
      return /^[^\0]*\/node\0.*(runner-|\/lab\/)/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
    } catch {
      return false; // it has ended
    }
  });
}

/** Sends each of these processes a signal. */
export function send(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // it has ended
    }
  }
}

/**
 * Stops every runner of this process for `stopMs` and lets it run for `runMs`, again and again, as a machine does that has no
 * time for it.
 *
 * @returns what lets them run again.
 */
export function starve({ runMs, stopMs }: { runMs: number; stopMs: number }): () => Promise<void> {
  let over = false;
  const starving = (async () => {
    while (!over) {
      const pids = runners();
      send(pids, 'SIGSTOP');
      await pause(stopMs);
      send(pids, 'SIGCONT');
      await pause(runMs);
    }
  })();
  return async () => {
    over = true;
    await starving;
  };
}
