import { chmodSync, copyFileSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ownFolder } from '../../base/own-folder.ts';
import { openToAll } from './user.ts';

let folder: string | undefined;
const sources = new Map<string, string>();

function copiesFolder(): string {
  if (!folder) {
    const made = ownFolder('bind');
    chmodSync(made, 0o711);
    process.once('exit', removeBindCopies);
    folder = made;
  }
  return folder;
}

/**
 * A path at which a user who owns nothing can read this file: its own, or, where it lies in somebody's closed folder
 * (a checkout in /root), that of a copy, which is made once and goes with this process.
 *
 * @example bindSource('/usr/bin/node') // '/usr/bin/node'
 */
export function bindSource(path: string): string {
  const known = sources.get(path);
  if (known) return known;
  let at = path;
  if (!openToAll(path)) {
    // A folder of its own that cannot be listed, so that one runner's user does not find another's file.
    const own = join(copiesFolder(), `${sources.size}-${Math.random().toString(36).slice(2)}`);
    mkdirSync(own, { mode: 0o711 });
    chmodSync(own, 0o711);
    at = join(own, basename(path));
    copyFileSync(path, at);
    chmodSync(at, 0o755);
  }
  sources.set(path, at);
  return at;
}

/**
 * The same for a container, into which a file is put whatever folder it lies in: it is copied only where its own mode
 * keeps others from reading it.
 */
export const containerBindSource = (path: string): string =>
  statSync(path).mode & 0o004 ? path : bindSource(path);

/** Removes the copies; what is sources after that is copied anew. No runner may be up. */
export function removeBindCopies(): void {
  if (folder) rmSync(folder, { recursive: true, force: true });
  folder = undefined;
  sources.clear();
}
