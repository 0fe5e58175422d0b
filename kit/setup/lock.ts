import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { takePidFile } from '../base/pid-file.ts';
import { SetupFailed } from './failure.ts';

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
    const other = takePidFile(file);
    if (other === undefined) break;
    if (!told) console.error(`  Another set-up runs right now (process ${other}); waiting for it.`);
    told = true;
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}
