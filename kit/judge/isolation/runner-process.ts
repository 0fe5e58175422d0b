import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import type { Duplex } from 'node:stream';
import type { ProcessUsage } from '../../base/process-usage.ts';
import type { RunnerFiles } from './isolation.ts';

/** A runner's process, wherever it was shut in. */
export interface RunnerProcess {
  /** The process that was spawned: the runner itself, or bubblewrap or the container's keeper above it. */
  child: ChildProcess;
  /** The judge's end of what the runner says and hears. */
  channel: Duplex;
  /** The judge's end of the watchdog's line; for a runner that is not watched it may never come. */
  watchdog: Promise<Duplex>;
  /** Its files as it finds them. */
  inside: RunnerFiles;
  /** What it has had of this machine so far; undefined where the system does not tell. */
  usage(): ProcessUsage | undefined;
  /** Ends it and everything that it started. */
  kill(): void;
  /** How the runner ended, of how the spawned process did. */
  ending(code: number | null, signal: NodeJS.Signals | null): Ending;
}

export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/**
 * The end of a process below one that reports it as a shell does, with 128 and the signal's number.
 *
 * @example endingBelow(137, null) // { code: null, signal: 'SIGKILL' }
 */
export function endingBelow(code: number | null, signal: NodeJS.Signals | null): Ending {
  return code !== null && code > 128 ? { code: null, signal: signalOf(code - 128) } : { code, signal };
}

function signalOf(number: number): NodeJS.Signals {
  const found = Object.entries(constants.signals).find(([, value]) => value === number);
  return (found?.[0] ?? `signal ${number}`) as NodeJS.Signals;
}
