import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isAlive } from './is-alive.ts';

/**
 * Takes a lock file for this process, whose id it then holds. One whose process is gone, killed for instance, is free;
 * whoever took it removes it.
 *
 * @returns undefined where it was taken, else the process that holds it: another one, or this one itself.
 * @example takePidFile('/tmp/grades/pid') // undefined; in the next process: 4711
 */
export function takePidFile(file: string): number | undefined {
  for (;;) {
    try {
      writeFileSync(file, `${process.pid}`, { flag: 'wx' });
      return undefined;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const other = holder(file);
    if (other !== undefined) return other;
    rmSync(file, { force: true });
  }
}

/** The process that holds the file, where it still runs. */
function holder(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    return pid > 0 && isAlive(pid) ? pid : undefined;
  } catch {
    return undefined; // it was removed just now
  }
}
