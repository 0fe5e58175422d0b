import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from './is-alive.ts';

/**
 * A new folder that only this user may enter, for this process alone: whoever makes it removes it. What processes left
 * behind that were killed is removed first, as each such folder's name tells its owner.
 *
 * @param kind letters: what the folder is for
 * @example ownFolder('tap') // '/tmp/storelab-tap-4711-x7Yq2A'
 */
export function ownFolder(kind: string, parent = tmpdir()): string {
  const prefix = `storelab-${kind}-`;
  for (const name of readdirSync(parent)) {
    const pid = Number(name.startsWith(prefix) ? name.slice(prefix.length).split('-')[0] : 0);
    if (!(pid > 0) || isAlive(pid)) continue;
    try {
      rmSync(join(parent, name), { recursive: true, force: true });
    } catch {
      // Another user's, or another process is removing it.
    }
  }
  return mkdtempSync(join(parent, `${prefix}${process.pid}-`));
}
