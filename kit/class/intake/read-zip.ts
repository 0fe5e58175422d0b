import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { type Entry, fromFdPromise, getFileNameLowLevel, type ZipFile } from 'yauzl';
import { boundedBytes } from './bounded.ts';
import type { CollectedFiles } from './collected-files.ts';
import { shown } from './file-names.ts';
import { type InnerArchives, isInner } from './inner-archives.ts';
import { limits } from './intake-limits.ts';

/** How to call an archive: `box` is its path in the student's folder, where it lies in one. */
export interface Boxed {
  collected: CollectedFiles;
  box?: string | undefined;
  /** Where archives go that lie in it. */
  inner: InnerArchives;
}

/**
 * Takes the wanted files out of a zip. Only they are inflated, each up to the size that a lab may have, so a bomb
 * costs no more than the list of its names.
 *
 * @throws Error where the list of names cannot be read.
 */
export async function readZip(handle: FileHandle, { collected, box, inner }: Boxed): Promise<void> {
  // Names are decoded here and not by yauzl, which gives up a whole archive for one name with `..`.
  const zip = await fromFdPromise(handle.fd, { autoClose: false, decodeStrings: false });
  if (zip.entryCount > limits.entries) {
    collected.note(
      `The zip lists more than ${limits.entries} files, far more than a submission has: it was not opened.`,
    );
    return;
  }
  for await (const entry of zip.eachEntry()) await readEntry(zip, { entry, collected, box, inner });
}

async function readEntry(
  zip: ZipFile,
  { entry, collected, box, inner }: Boxed & { entry: Entry },
): Promise<void> {
  const { generalPurposeBitFlag, fileNameRaw, extraFields } = entry;
  const name = getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, false);
  const match = collected.wants(name);
  const archive = !match && isInner(name);
  if (!(match || archive) || name.endsWith('/')) return;
  const path = box ? `${box}/${name}` : name;
  const note = (what: string) => collected.note(`"${shown(path)}" ${what} and was left out.`);
  const unixType = (entry.externalFileAttributes >>> 16) & 0o170000;
  if (unixType === 0o120000) return note('is a symbolic link');
  if (unixType !== 0 && unixType !== 0o100000) return note('is not a regular file');
  if (entry.isEncrypted()) return note('is encrypted with a password');
  if (!entry.canDecodeFileData()) return note('is compressed in a way that only its own program can read');
  if (match && !collected.hasRoom(path, entry.uncompressedSize)) return;
  try {
    if (!match) return await inner.take(path, entry.uncompressedSize, () => zip.openReadStreamPromise(entry));
    const bytes = await boundedBytes(await zip.openReadStreamPromise(entry));
    if (!bytes) return note('is larger than it says');
    if (crc32(bytes) !== entry.crc32) return note('is damaged in the zip');
    collected.keep({ ...match, path, boxed: box !== undefined, bytes });
  } catch {
    note('is damaged in the zip');
  }
}
