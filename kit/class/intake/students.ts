import { readdir } from 'node:fs/promises';
import { isArchive, withoutExtension } from './archive-names.ts';
import { isClutter, nameOf, shown } from './file-names.ts';
import { handedOut, isRecord } from './platforms.ts';

/** One thing in the folder of a class that belongs to a student. */
export interface Source {
  /** Its name in the folder, byte for byte. */
  name: Buffer;
  /** The same as text. */
  shown: string;
  kind: 'folder' | 'archive' | 'file';
  /** When a platform says that it was handed in, as a text that sorts by time. */
  attempt?: string | undefined;
}

/** What one student handed in. */
export interface Handed {
  /** Unique in the class. */
  student: string;
  sources: Source[];
  /** A platform handed it out: what has the student's number belongs together. */
  byPlatform: boolean;
}

export interface Class {
  /** In the alphabet of their names, whatever order the disk lists them in. */
  handed: Handed[];
  /** What is no submission, as sentences. */
  skipped: string[];
}

interface Group extends Handed {
  /** The platform's number of the student or the hand-in. */
  number?: string | undefined;
}

/** The order in which the sources of one student count. */
const order = ({ kind, shown: name }: Source): number =>
  ['folder', 'archive', 'file'].indexOf(kind) * 2 + Number(!/\.zip$/i.test(name));

/**
 * Who handed in what: a folder or an archive for each student, or a platform's files, whose names begin with the student's.
 * A folder and an archive of the same name are one student's.
 */
export async function studentsOf(folder: Buffer): Promise<Class> {
  const skipped: string[] = [];
  const groups = new Map<string, Group>();
  const entries = await readdir(folder, { withFileTypes: true, encoding: 'buffer' });
  for (const entry of entries.sort((a, b) => Buffer.compare(a.name, b.name))) {
    const name = nameOf(entry.name);
    const from = handedOut(entry.isFile() && isArchive(name) ? withoutExtension(name) : name);
    const skip = (why: string) => skipped.push(`${shown(name)} ${why}`);
    if (isRecord(name)) continue;
    else if (isClutter(name)) skip('is hidden or left behind by a program, and was skipped.');
    else if (entry.isSymbolicLink())
      skip('is a symbolic link and was not followed: put the folder itself here.');
    else if (entry.isDirectory()) add({ name: entry.name, shown: name, kind: 'folder' });
    else if (entry.isFile() && isArchive(name)) add({ name: entry.name, shown: name, kind: 'archive' });
    else if (entry.isFile() && from) add({ name: entry.name, shown: name, kind: 'file' });
    else skip('is no submission and was skipped: a submission is a folder, a zip, a tar or a tar.gz.');

    function add(source: Source): void {
      const plain = source.kind === 'archive' ? withoutExtension(name) : name;
      const bytes = entry.name
        .subarray(0, entry.name.length - (name.length - plain.length))
        .toString('latin1');
      const key = from ? `platform ${from.student} ${from.number ?? ''}` : `plain ${bytes}`;
      const group: Group = groups.get(key) ?? {
        student: shown(from?.student ?? plain),
        number: from?.number,
        byPlatform: from !== undefined,
        sources: [],
      };
      group.sources.push({ ...source, attempt: from?.attempt });
      groups.set(key, group);
    }
  }
  for (const { sources } of groups.values()) sources.sort((a, b) => order(a) - order(b));
  const handed = [...groups.values()].sort((a, b) =>
    a.student < b.student ? -1 : Number(a.student > b.student),
  );
  return { handed: withOwnNames(handed), skipped };
}

/** Two students of one name are told apart: by the platform's number where there is one, else by counting. */
function withOwnNames(groups: Group[]): Handed[] {
  const seen = new Map<string, number>();
  const count = (name: string) => groups.filter(({ student }) => student === name).length;
  return groups.map(({ student, number, ...rest }) => {
    const nth = (seen.get(student) ?? 0) + 1;
    seen.set(student, nth);
    if (number && count(student) > 1) return { student: `${student} (${number})`, ...rest };
    return { student: nth > 1 ? `${student} (${nth})` : student, ...rest };
  });
}
