import type { FileHandle } from 'node:fs/promises';
import type { CollectedFiles } from './collected-files.ts';
import { shown } from './file-names.ts';
import { readArchive } from './read-archive.ts';
import { readFolder, readLooseFile } from './read-folder.ts';
import { inside, NotPlain, openPlain, type Place } from './safe-open.ts';
import type { Handed, Source } from './students.ts';

export interface Reading {
  collected: CollectedFiles;
  /** The class's folder, held open. */
  class: { place: Place; handle: FileHandle };
}

/**
 * Reads what one student handed in. Of a folder and archives of the same name the folder counts; what a platform handed out
 * is read together, and of several attempts that it dates the last one counts.
 */
export async function readSource(
  { sources, byPlatform }: Pick<Handed, 'sources' | 'byPlatform'>,
  { collected, class: { place, handle } }: Reading,
): Promise<void> {
  const last = sources
    .map(({ attempt = '' }) => attempt)
    .sort()
    .at(-1)!;
  const older = sources.filter(({ attempt }) => attempt !== undefined && attempt !== last);
  for (const { shown: name } of older)
    collected.note(`"${shown(name)}" was not read: it is of an earlier attempt, and the last one counts.`);
  const whole = sources.filter(({ kind }) => kind !== 'file');
  const left = byPlatform ? [] : whole.slice(1);
  for (const { shown: name } of left) {
    collected.note(
      `"${shown(name)}" was not read, since "${shown(whole[0]!.shown)}" is there too: a folder goes before a zip, a zip before a tar.`,
    );
  }
  for (const source of sources.filter((one) => ![...left, ...older].includes(one))) {
    const at = inside(place, { handle, name: source.name });
    if (source.kind === 'folder') await readFolder(at, collected);
    else if (source.kind === 'file') await readLooseFile(at, { collected, name: source.shown });
    else await readBox(at, { collected, source });
  }
}

async function readBox(
  place: Place,
  { collected, source }: { collected: CollectedFiles; source: Source },
): Promise<void> {
  const handle = await openPlain(place, 'file').catch((error: NodeJS.ErrnoException) => {
    const why = error instanceof NotPlain ? `is ${error.message}` : `cannot be read (${error.code})`;
    collected.note(`"${shown(source.shown)}" ${why} and was left out.`);
    return undefined;
  });
  if (handle) await readArchive(handle, { collected, name: source.shown }).finally(() => handle.close());
}
