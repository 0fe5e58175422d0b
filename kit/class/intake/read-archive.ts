import type { FileHandle } from 'node:fs/promises';
import { isForeignArchive } from './archive-names.ts';
import { shown } from './file-names.ts';
import { InnerArchives } from './inner-archives.ts';
import { limits } from './intake-limits.ts';
import { readTar } from './read-tar.ts';
import { type Boxed, readZip } from './read-zip.ts';

/** What the first bytes say an archive is; its name may lie. */
async function formatOf(handle: FileHandle): Promise<'zip' | 'gzip' | 'tar' | undefined> {
  const head = Buffer.alloc(512);
  const { bytesRead } = await handle.read(head, 0, 512, 0);
  if (head.subarray(0, 2).toString('latin1') === 'PK') return 'zip';
  if (head.readUInt16BE(0) === 0x1f8b) return 'gzip';
  if (head.subarray(257, 262).toString('latin1') === 'ustar') return 'tar';
  // An old tar has no mark; an empty one is zeros.
  return bytesRead === 512 && head.subarray(100, 108).every((byte) => byte === 0 || (byte >= 32 && byte < 56))
    ? 'tar'
    : undefined;
}

export interface ReadingArchive extends Pick<Boxed, 'collected' | 'box'> {
  /** How to call it in a note. */
  name: string;
  /** It lay in an archive itself; default false. */
  inArchive?: boolean;
}

/**
 * Takes the wanted files out of an archive that is held open, and out of archives in it, one level deep. Whatever is wrong
 * with it becomes a note.
 */
export async function readArchive(handle: FileHandle, options: ReadingArchive): Promise<void> {
  const { collected } = options;
  const name = `"${shown(options.name)}"`;
  const { size } = await handle.stat();
  if (size === 0) return collected.note(`${name} is empty: it holds no bytes at all.`);
  if (size > limits.archiveBytes) {
    return collected.note(
      `${name} is larger than ${limits.archiveBytes / 1024 / 1024} MB and was not opened.`,
    );
  }
  const format = await formatOf(handle);
  if (!format) {
    const kind = isForeignArchive(options.name) ? 'of a kind that is not opened here' : 'no zip and no tar';
    return collected.note(`${name} is ${kind}: hand in a folder, a zip or a tar.gz.`);
  }
  const inner = new InnerArchives(collected, { mayOpen: !options.inArchive });
  const boxed = { ...options, inner };
  try {
    if (format === 'zip') await readZip(handle, boxed);
    else await readTar(handle, { ...boxed, gzip: format === 'gzip' });
  } catch {
    collected.note(`${name} is damaged or cut off and cannot be read: hand it in once more.`);
  }
  await inner.open((opened, path) =>
    readArchive(opened, { collected, box: path, name: path, inArchive: true }),
  );
}
