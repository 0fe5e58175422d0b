import type { FileHandle } from 'node:fs/promises';
import type { CollectedFiles } from './collected-files.ts';
import { shown } from './file-names.ts';
import { readArchive } from './read-archive.ts';
import { readFolder, readLooseFile } from './read-folder.ts';
import { inside, NotPlain, openPlain, type Place } from './safe-open.ts';
import type { Source } from './students.ts';

export interface Reading {
  collected: CollectedFiles;
  /** The class's folder, held open. */
  class: { place: Place; handle: FileHandle };
}

/**
 * Reads what one student handed in. Of a folder and archives of the same name the folder counts; Moodle's single files
 * are read together with whatever else has the student's number.
 */
export async function readSource(
  sources: Source[],
  { collected, class: { place, handle } }: Reading,
): Promise<void> {
  const whole = sources.filter(({ kind }) => kind !== 'file');
  const isMoodle = sources.some(({ shown: name }) => /_assignsubmission_/i.test(name));
  const left = isMoodle ? [] : whole.slice(1);
  for (const { shown: name } of left) {
    collected.note(
      `"${shown(name)}" was not read, since "${shown(whole[0]!.shown)}" is there too: a folder goes before a zip, a zip before a tar.`,
    );
  }
  for (const source of sources.filter((one) => !left.includes(one))) {
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
