import { spawnSync } from 'node:child_process';
import { isAlive } from '../base/is-alive.ts';
import { procStat } from '../base/proc-stat.ts';

/** The ways in which a person or a system ends a run. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The npm that runs this script: the parent, or the one above the shell that npm puts in between. */
function npmAbove(): number {
  const about = (pid: number, column: string) =>
    spawnSync('ps', ['-o', `${column}=`, '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() ?? '';
  if (process.platform !== 'linux') {
    return /sh$/.test(about(process.ppid, 'comm')) ? Number(about(process.ppid, 'ppid')) : process.ppid;
  }
  const above = procStat(process.ppid);
  return above && /^(?:ba|da|z|k)?sh$/.test(above.name) ? above.parent : process.ppid;
}

/** A stop that was asked for, as an abort signal, and its undoing. */
export interface Stop {
  signal: AbortSignal;
  /** Resolves once a stop was asked for. */
  asked: Promise<void>;
  /** Stops listening. */
  release(): void;
}

/**
 * Listens for Ctrl-C, SIGTERM and SIGHUP, and for the end of an npm above (which passes no SIGHUP or SIGKILL on).
 * One press arrives twice below npm, from the terminal and from npm: repeats within a second count as one. A later
 * one calls `onAgain`.
 */
export function listenForStop({ onAgain }: { onAgain: () => void }): Stop {
  const controller = new AbortController();
  let firstAt = 0;
  let resolve = () => {};
  const asked = new Promise<void>((done) => {
    resolve = done;
  });
  const stop = () => {
    if (controller.signal.aborted) {
      if (performance.now() - firstAt > 1000) onAgain();
      return;
    }
    firstAt = performance.now();
    controller.abort();
    resolve();
  };
  for (const name of signals) process.on(name, stop);
  // A terminal that went away makes every write fail: not a reason to leave servers behind.
  const ignore = () => {};
  process.stdout.on('error', ignore);
  process.stderr.on('error', ignore);

  const npm = process.env.npm_lifecycle_event ? npmAbove() : undefined;
  const watch = npm ? setInterval(() => !isAlive(npm) && stop(), 500).unref() : undefined;
  return {
    signal: controller.signal,
    asked,
    release() {
      clearInterval(watch);
      for (const name of signals) process.off(name, stop);
    },
  };
}
