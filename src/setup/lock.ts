import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive } from '../is-alive.ts';
import { SetupFailed } from './failure.ts';

/** The process that holds a lock file, where it still runs. */
function holder(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    return pid > 0 && isAlive(pid) ? pid : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Runs `work` while no other process of this checkout does the same: two set-ups at once would write one
 * environment twice. A lock whose holder is gone counts for nothing.
 */
export async function withSetupLock<T>(
  root: string,
  work: () => Promise<T>,
  { signal }: { signal?: AbortSignal } = {},
): Promise<T> {
  const file = join(root, '.lab', 'setup.lock');
  mkdirSync(join(root, '.lab'), { recursive: true, mode: 0o700 });
  for (let told = false; ; await delay(200)) {
    if (signal?.aborted) throw new SetupFailed('stopped', 'Stopped.');
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const other = holder(file);
    if (other === undefined) rmSync(file, { force: true });
    else if (!told) console.error(`  Another set-up runs right now (process ${other}); waiting for it.`);
    told = true;
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}
