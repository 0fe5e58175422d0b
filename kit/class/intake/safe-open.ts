import { constants, existsSync, type Stats } from 'node:fs';
import { type FileHandle, lstat, open, realpath } from 'node:fs/promises';

/**
 * A place in a tree that somebody else may change at any moment. `named` is the path as it was listed; `via` reaches
 * the same place through the folder that is held open, so that no folder above can be exchanged for a link meanwhile.
 */
export interface Place {
  named: Buffer;
  via: Buffer;
}

/** Linux resolves a name below a folder held open; elsewhere `openPlain` looks at the path again afterwards. */
const throughHandles = existsSync('/proc/self/fd/0/..') || existsSync('/proc/self/fd');

export class NotPlain extends Error {
  override name = 'NotPlain';
}

const flags = (kind: 'file' | 'folder'): number =>
  constants.O_RDONLY |
  (constants.O_NOFOLLOW ?? 0) |
  (kind === 'folder' ? (constants.O_DIRECTORY ?? 0) : (constants.O_NONBLOCK ?? 0));

/** What a thing is that is neither a file nor a folder, for a sentence. */
export function kindOf(stats: Pick<Stats, 'isSymbolicLink' | 'isFIFO' | 'isSocket'>): string {
  if (stats.isSymbolicLink()) return 'a symbolic link';
  if (stats.isFIFO()) return 'a named pipe';
  return stats.isSocket() ? 'a socket' : 'a device';
}

/** The place of `name` in the folder held open as `handle`. */
export function inside(folder: Place, { handle, name }: { handle: FileHandle; name: Buffer }): Place {
  const named = Buffer.concat([folder.named, Buffer.from('/'), name]);
  const via = throughHandles ? Buffer.concat([Buffer.from(`/proc/self/fd/${handle.fd}/`), name]) : named;
  return { named, via };
}

/**
 * Opens a regular file or a folder for reading, never through a link, and never waits for a pipe's other end. Where
 * the place was exchanged between listing and opening, the thing opened is looked at, not the name.
 *
 * @throws NotPlain where it is something else, with a sentence's end: 'is a symbolic link'.
 */
export async function openPlain(place: Place, kind: 'file' | 'folder'): Promise<FileHandle> {
  const before = await lstat(place.via);
  if (kind === 'file' ? !before.isFile() : !before.isDirectory()) throw new NotPlain(kindOf(before));
  const handle = await open(place.via, flags(kind)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ELOOP' || error.code === 'ENOTDIR') throw new NotPlain('a symbolic link');
    throw error;
  });
  try {
    const stats = await handle.stat();
    if (kind === 'file' ? !stats.isFile() : !stats.isDirectory()) throw new NotPlain(kindOf(stats));
    if (!throughHandles) await lookAgain(place, stats);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Without /proc: the path must still lead, through no link, to what was opened. */
async function lookAgain({ named }: Place, opened: Stats): Promise<void> {
  const [real, now] = [await realpath(named, 'buffer'), await lstat(named)];
  if (!real.equals(named) || now.ino !== opened.ino || now.dev !== opened.dev)
    throw new NotPlain('a symbolic link');
}
