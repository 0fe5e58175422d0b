import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { mkdir, readdir, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { withoutExtension } from './archive-names.ts';
import { type Chosen, choose } from './choose.ts';
import { CollectedFiles } from './collected-files.ts';
import { handedOut } from './platforms.ts';
import { readSource } from './read-source.ts';
import { openPlain, type Place } from './safe-open.ts';
import { slugOf, slugsOf } from './slug.ts';
import { type Handed, type Source, studentsOf } from './students.ts';
import { matchOf } from './target.ts';

/** One student's submission, copied to where grading may read it. */
export interface Collected {
  /** As the folder or archive is named: 'Zoë Müller'. Unique in the class. */
  student: string;
  /** A file name, unique in the class: 'zoe-muller'. */
  slug: string;
  /** Absolute: the safe copy, with `labs/<id>.ts` and `answers/<id>.md` and nothing else. */
  folder: string;
  /** What was missing, chosen, left out or refused, as sentences. */
  notes: string[];
  /** Of what was copied: the same files give the same, whatever they lay in. */
  sha256: string;
}

export interface CollectOptions {
  /** Ids of the labs to grade. */
  labs: readonly string[];
  /** Folder of the safe copies. It may not lie in the class's folder. */
  into: string;
  onStudent?(done: number, of: number): void;
}

/**
 * Copies out of a class's folder what grading reads: `labs/<id>.ts` and `answers/<id>.md` of each student, as regular
 * files of bounded size, with UTF-8 text and plain line ends. Nothing is run, nothing is written outside `into`, and
 * every student gets a record, whatever they handed in.
 *
 * @throws Error where there is no such folder, it is one student's, or `into` lies in it.
 * @example await collect('submissions', { labs: ['01-initial-sync'], into: '/tmp/copies' })
 * // { students: [{ student: 'Zoë Müller', slug: 'zoe-muller', folder: '/tmp/copies/zoe-muller', notes: [], ... }], skipped: [] }
 */
export async function collect(
  dir: string,
  { labs, into, onStudent }: CollectOptions,
): Promise<{ students: Collected[]; skipped: string[] }> {
  const root = await classFolder(dir);
  const target = await targetFolder(into, root);
  const handle = await openPlain({ named: Buffer.from(root), via: Buffer.from(root) }, 'folder');
  try {
    const { handed, skipped } = await studentsOf(Buffer.from(root));
    refuseOneStudent(dir, { names: (await readdir(root)).sort(), labs });
    const slugs = slugsOf(handed.map(({ student }) => student));
    const students: Collected[] = [];
    for (const [index, one] of handed.entries()) {
      const folder = join(target, slugs[index]!);
      const copied = await collectOne(one, { root, handle, labs, folder });
      students.push({ student: one.student, slug: slugs[index]!, folder, ...copied });
      onStudent?.(index + 1, handed.length);
    }
    return { students, skipped };
  } finally {
    await handle.close();
  }
}

/**
 * Copies one submission, a folder or an archive, to `into` itself, in the same way.
 *
 * @example await collectSubmission('submissions/zoe.zip', { labs: ['01-initial-sync'], into: '/tmp/copy' })
 */
export async function collectSubmission(
  path: string,
  { labs, into }: Pick<CollectOptions, 'labs' | 'into'>,
): Promise<Collected> {
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new Error(`There is no ${path}: name the folder or the archive of one student.`);
  const whole = await realpath(path);
  const root = dirname(whole);
  const name = basename(whole);
  const folder = found.isDirectory() ? await targetFolder(into, whole) : resolve(into);
  const handle = await openPlain({ named: Buffer.from(root), via: Buffer.from(root) }, 'folder');
  try {
    const student = found.isDirectory() ? name : withoutExtension(name);
    const kind = found.isDirectory() ? 'folder' : 'archive';
    const sources: Source[] = [{ name: Buffer.from(name), shown: name, kind }];
    const copied = await collectOne({ student, sources, byPlatform: false }, { root, handle, labs, folder });
    return { student, slug: slugOf(student), folder, ...copied };
  } finally {
    await handle.close();
  }
}

interface One {
  root: string;
  handle: FileHandle;
  labs: readonly string[];
  folder: string;
}

async function collectOne(
  handed: Handed,
  { root, handle, labs, folder }: One,
): Promise<Pick<Collected, 'notes' | 'sha256'>> {
  const collected = new CollectedFiles(labs);
  const place: Place = { named: Buffer.from(root), via: Buffer.from(root) };
  await readSource(handed, { collected, class: { place, handle } }).catch((error: NodeJS.ErrnoException) => {
    collected.note(`The submission could not be read (${error.code ?? error.name}).`);
  });
  const chosen = choose(collected, labs);
  await writeCopy(chosen, folder);
  return { notes: collected.notes, sha256: digestOf(chosen) };
}

async function writeCopy(chosen: Chosen[], folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  for (const kind of ['labs', 'answers']) await mkdir(join(folder, kind), { recursive: true });
  for (const { file, text } of chosen) await writeFile(join(folder, file), text, { flag: 'wx' });
}

function digestOf(chosen: Chosen[]): string {
  const sorted = chosen.toSorted((a, b) => (a.file < b.file ? -1 : 1));
  const whole = createHash('sha256');
  for (const { file, text } of sorted) {
    whole.update(`${file} ${createHash('sha256').update(text).digest('hex')}\n`);
  }
  return whole.digest('hex');
}

async function classFolder(dir: string): Promise<string> {
  const path = resolve(dir);
  const found = await stat(path).catch(() => undefined);
  if (!found)
    throw new Error(
      `There is no folder ${dir}: name the one that holds a folder or an archive for each student.`,
    );
  if (!found.isDirectory()) {
    throw new Error(
      `${dir} is one file: name the folder that holds a folder or an archive for each student.`,
    );
  }
  return realpath(path);
}

/** Where `into` really lies, once made: not in the class's folder, which is never written, nor around it. */
async function targetFolder(into: string, root: string): Promise<string> {
  let existing = resolve(into);
  while (!(await stat(existing).catch(() => undefined))) existing = dirname(existing);
  const target = join(await realpath(existing), relative(existing, resolve(into)));
  const lies = (inner: string, outer: string) => `${inner}/`.startsWith(`${outer}/`);
  if (lies(target, root) || lies(root, target)) {
    throw new Error(
      `The copies cannot go to ${into}: it and the submissions lie in one another. Name a folder elsewhere.`,
    );
  }
  await mkdir(target, { recursive: true });
  return target;
}

/** `./lab grade submissions/zoe` in place of `./lab grade submissions` is easily typed. */
function refuseOneStudent(dir: string, { names, labs }: { names: string[]; labs: readonly string[] }): void {
  const own = names.filter(
    (name) => /^(labs|answers)$/i.test(name) || (matchOf(name, labs) && !handedOut(name)),
  );
  if (own.length === 0) return;
  throw new Error(
    `${dir} looks like the submission of one student: it holds ${own.slice(0, 3).join(' and ')}. Name the folder above it, which holds a folder for each student (${basename(resolve(dir))} among them).`,
  );
}
