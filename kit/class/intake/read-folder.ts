import type { Dirent } from 'node:fs';
import { type FileHandle, readdir } from 'node:fs/promises';
import { isArchive } from './archive-names.ts';
import { boundedFile } from './bounded.ts';
import type { CollectedFiles } from './collected-files.ts';
import { isClutter, nameOf, shown } from './file-names.ts';
import { limits } from './intake-limits.ts';
import { readArchive } from './read-archive.ts';
import { inside, kindOf, NotPlain, openPlain, type Place } from './safe-open.ts';

/** Thrown at a folder with more names than anybody hands in. */
class TooMany extends Error {}

interface Walk {
  collected: CollectedFiles;
  entries: number;
  archives: number;
}

/**
 * Takes the wanted files out of a student's folder, and out of archives in it. Folders are held open on the way down,
 * so that nothing that changes meanwhile leads out of the folder; no link is followed. Hidden folders, `.git` among
 * them, are not entered, and no program is run.
 */
export async function readFolder(place: Place, collected: CollectedFiles): Promise<void> {
  const walk: Walk = { collected, entries: 0, archives: 0 };
  try {
    await readInto(place, { walk, segments: [] });
    if (collected.found.size === 0) await sayIfBare(place, collected);
  } catch (error) {
    if (!(error instanceof TooMany)) throw error;
    collected.found.clear();
    collected.note(
      `The folder holds more than ${limits.entries} files, far more than a submission has: it was not read.`,
    );
  }
}

const byName = (a: Dirent<Buffer>, b: Dirent<Buffer>): number => Buffer.compare(a.name, b.name);

async function readInto(place: Place, at: { walk: Walk; segments: string[] }): Promise<void> {
  const { walk, segments } = at;
  const { collected } = walk;
  const folder = await openOrNote(place, { ...at, kind: 'folder' });
  if (!folder) return;
  try {
    const here = inside(place, { handle: folder, name: Buffer.from('.') });
    const entries = await readdir(here.via, { withFileTypes: true, encoding: 'buffer' });
    walk.entries += entries.length;
    if (walk.entries > limits.entries) throw new TooMany();
    for (const entry of entries.sort(byName)) {
      const name = nameOf(entry.name);
      if (isClutter(name)) continue;
      const path = [...segments, name];
      const child = inside(place, { handle: folder, name: entry.name });
      if (entry.isDirectory() && path.length <= limits.depth) await readInto(child, { walk, segments: path });
      else if (entry.isFile()) await readFile(child, { walk, segments: path });
      else if (entry.isDirectory())
        collected.note(`"${shown(path.join('/'))}" lies too deep and was not entered.`);
      else if (entry.isSymbolicLink() || collected.wants(path.join('/')))
        collected.note(`"${shown(path.join('/'))}" is ${kindOf(entry)} and was left out.`);
    }
  } finally {
    await folder.close();
  }
}

async function readFile(place: Place, at: { walk: Walk; segments: string[] }): Promise<void> {
  const { collected } = at.walk;
  const path = at.segments.join('/');
  if (isArchive(path)) return readBox(place, at);
  const match = collected.wants(path);
  const handle = match && (await openOrNote(place, { ...at, kind: 'file' }));
  if (!match || !handle) return;
  try {
    const { size, nlink } = await handle.stat();
    if (nlink > 1) {
      return collected.note(
        `"${shown(path)}" is a hard link, one of ${nlink} names of the same bytes, and was left out: copy the folder without links (cp -r).`,
      );
    }
    if (!collected.hasRoom(path, size)) return;
    const bytes = await boundedFile(handle);
    if (bytes) collected.keep({ ...match, path, boxed: false, bytes });
    else collected.hasRoom(path, Number.POSITIVE_INFINITY);
  } finally {
    await handle.close();
  }
}

/** A file that lies among the students' folders, as a platform hands it out: its name begins with the student's. */
export async function readLooseFile(
  place: Place,
  { collected, name }: { collected: CollectedFiles; name: string },
): Promise<void> {
  await readFile(place, { walk: { collected, entries: 0, archives: 0 }, segments: [name] });
}

/** Learning platforms hand out a folder for each student with the archive that was uploaded in it. */
async function readBox(place: Place, at: { walk: Walk; segments: string[] }): Promise<void> {
  const { walk, segments } = at;
  const path = segments.join('/');
  walk.archives += 1;
  if (walk.archives > limits.archivesInside)
    return walk.collected.note(`"${shown(path)}" is one archive too many and was not opened.`);
  const handle = await openOrNote(place, { ...at, kind: 'file' });
  if (!handle) return;
  const options = { collected: walk.collected, box: path, name: path };
  await readArchive(handle, options).finally(() => handle.close());
}

async function openOrNote(
  place: Place,
  at: { walk: Walk; segments: string[]; kind: 'file' | 'folder' },
): Promise<FileHandle | undefined> {
  const path = at.segments.join('/') || 'The folder';
  return openPlain(place, at.kind).catch((error: NodeJS.ErrnoException) => {
    const why = error instanceof NotPlain ? `is ${error.message}` : `cannot be read (${error.code})`;
    at.walk.collected.note(`"${shown(path)}" ${why} and was left out.`);
    return undefined;
  });
}

/** A bare repository holds commits and no files; git is never run in what a student hands in. */
async function sayIfBare(place: Place, collected: CollectedFiles): Promise<void> {
  const names = await readdir(place.named).catch((): string[] => []);
  if (['HEAD', 'objects', 'refs'].every((name) => names.includes(name)))
    collected.note(
      'The folder is a bare git repository, without files: hand in a clone, or a zip of the files.',
    );
}
