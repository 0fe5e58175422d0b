import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { rootFolder } from '../../root.ts';
import { runnerArguments, runnerFiles } from './bundle.ts';
import { endWithJudge } from './orphans.ts';

/** The most that a student's code may keep in memory, MB. */
export const HEAP_MB = 384;

/**
 * Starts the process that will hold a student's module. File descriptor 3 is the judge's channel, 4 the watchdog's.
 * It gets no environment of the judge's. This is the place where it will be shut in. `watched`: with a watchdog.
 */
export async function startProcess(options: { watched: boolean }): Promise<ChildProcess> {
  const flags = [
    '--enable-source-maps',
    '--disable-warning=ExperimentalWarning',
    `--max-old-space-size=${HEAP_MB}`,
  ];
  const child = spawn(process.execPath, [...flags, ...runnerArguments(await runnerFiles(), options)], {
    cwd: rootFolder(),
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, TZ: 'UTC', LANG: 'C.UTF-8' },
  });
  endWithJudge(child);
  return child;
}

/** Processor time that a process has used, ms, from Linux's /proc; undefined elsewhere, or where it is gone. */
export function cpuMs(pid: number | undefined): number | undefined {
  try {
    // The name in parentheses may hold anything: fields are counted from behind it. 14 and 15 are ticks of 10 ms.
    const [, fields = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(/\) (?!.*\) )/);
    const [user, system] = fields.split(' ').slice(11, 13).map(Number);
    const ticks = user! + system!;
    return Number.isFinite(ticks) ? ticks * 10 : undefined;
  } catch {
    return undefined;
  }
}
