import type { FileHandle } from 'node:fs/promises';
import { shown } from './file-names.ts';
import { limits } from './intake-limits.ts';
import { readTar } from './read-tar.ts';
import { type Boxed, readZip } from './read-zip.ts';

const opened = /\.(?:zip|tar|tar\.gz|tgz)$/i;
const other = /\.(?:rar|7z|tar\.(?:bz2|xz|zst)|tbz2?|txz|gz|bz2|xz|zst|lha|cab|iso|dmg)$/i;

/** Whether a name is one of an archive, also of a kind that is not opened here. */
export const isArchive = (name: string): boolean => opened.test(name) || other.test(name);

/**
 * The name without what makes it an archive's.
 *
 * @example withoutExtension('Zoë Müller.tar.gz') // 'Zoë Müller'
 */
export const withoutExtension = (name: string): string => name.replace(opened, '').replace(other, '');

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

/** Takes the wanted files out of an archive that is held open. Whatever is wrong with it becomes a note. */
export async function readArchive(handle: FileHandle, options: Boxed & { name: string }): Promise<void> {
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
    const kind =
      other.test(options.name) && !/\.gz$/i.test(options.name)
        ? 'of a kind that is not opened here'
        : 'no zip and no tar';
    return collected.note(`${name} is ${kind}: hand in a folder, a zip or a tar.gz.`);
  }
  try {
    if (format === 'zip') await readZip(handle, options);
    else await readTar(handle, { ...options, gzip: format === 'gzip' });
  } catch {
    collected.note(`${name} is damaged or cut off and cannot be read: hand it in once more.`);
  }
}
