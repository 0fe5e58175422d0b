import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { procStat } from './proc-stat.ts';

/** What a process has had of this machine so far, and what it does now. */
export interface ProcessUsage {
  /** Processor time that all its threads have used, ms. */
  cpuMs: number;
  /** Time that its first thread was ready to run and no processor was free, ms; undefined where the system does not tell. */
  queuedMs: number | undefined;
  /** What its first thread does: runs or could run, waits for something, or is kept (stopped, or waiting for a disk). */
  state: 'ready' | 'asleep' | 'kept';
}

const NS_PER_MS = 1e6;

/**
 * Looks at one process: in /proc, or with `ps` where there is none (macOS), which costs some milliseconds.
 *
 * @returns undefined where it is gone.
 * @example processUsage(4711) // { cpuMs: 130, queuedMs: 2.4, state: 'asleep' }
 */
export function processUsage(pid: number): ProcessUsage | undefined {
  if (process.platform !== 'linux') return usageByPs(pid);
  const stat = procStat(pid);
  return stat && { cpuMs: stat.cpuMs, queuedMs: queuedMs(pid), state: stateOf(stat.state) };
}

/**
 * How long the first thread of a process has waited so far for a processor to be free, ms; undefined where the system does
 * not tell (macOS, or a Linux kernel without scheduler statistics).
 *
 * @example queuedMs('self') // 1514.9
 */
export function queuedMs(pid: number | 'self'): number | undefined {
  try {
    const waited = Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[1]);
    return Number.isNaN(waited) ? undefined : waited / NS_PER_MS;
  } catch {
    return undefined;
  }
}

/** The same as `ps` tells it, without the time in which no processor was free. */
export function usageByPs(pid: number): ProcessUsage | undefined {
  try {
    const [state = '', time = ''] = execFileSync('ps', ['-o', 'stat=,time=', '-p', `${pid}`], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
      .trim()
      .split(/\s+/);
    return { cpuMs: secondsOf(time) * 1000, queuedMs: undefined, state: stateOf(state[0] ?? '') };
  } catch {
    return undefined;
  }
}

/** @example secondsOf('1-00:02:03.50') // 86523.5 */
function secondsOf(time: string): number {
  const [clock = '', days = '0'] = time.split('-').reverse();
  return Number(days) * 86_400 + clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
}

/** Of a letter of Linux's or macOS's: T and t stopped, D and U waiting for a disk, R ready to run. */
function stateOf(letter: string): ProcessUsage['state'] {
  if (/^[TtDU]$/.test(letter)) return 'kept';
  return letter === 'R' ? 'ready' : 'asleep';
}
