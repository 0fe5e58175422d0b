import { copyFile, lstat, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CatalogEntry } from '../../src/catalog.ts';
import type { Edition } from '../base/edition.ts';
import { templateOf } from '../class/written/template.ts';
import type { NamedText } from './find-leaks.ts';
import { whyLeftOut } from './left-out.ts';
import { studentsCatalog } from './students-catalog.ts';
import { studentsPackage } from './students-package.ts';
import { studentsReadme } from './students-readme.ts';

export interface BuildOptions {
  labs: readonly CatalogEntry[];
  edition: Edition;
}

/** What became of the files of the kit. */
export interface Built {
  /** Files left out, in groups: `'wrong solutions'` and how many. */
  leftOut: Map<string, string[]>;
  /** Every file of the edition; a picture's text is empty. */
  texts: NamedText[];
  /** How many files the edition holds. */
  files: number;
}

/** Turns the files of a commit, in `folder`, into a students' edition, in that same folder. */
export async function buildEdition(folder: string, { labs, edition }: BuildOptions): Promise<Built> {
  const leftOut = new Map<string, string[]>();
  const drop = async (path: string, why: string) => {
    await rm(join(folder, path));
    leftOut.set(why, [...(leftOut.get(why) ?? []), path]);
  };
  for (const { path, text } of await textsOf(folder)) {
    const why = whyLeftOut(path, text, edition);
    if (why) await drop(path, why);
  }
  const { labs: ids } = edition;
  await rewrite(join(folder, 'src/catalog.ts'), (text) => studentsCatalog(text, ids));
  await rewrite(join(folder, 'README.md'), (text) => studentsReadme(text, ids));
  await rewrite(join(folder, 'package.json'), studentsPackage);
  await mkdir(join(folder, 'stubs'));
  for (const lab of labs) {
    await writeFile(join(folder, 'answers', `${lab.id}.md`), templateOf(lab));
    await copyFile(join(folder, 'labs', `${lab.id}.ts`), join(folder, 'stubs', `${lab.id}.ts`));
  }
  await writeFile(join(folder, 'EDITION.json'), `${JSON.stringify(edition, null, 2)}\n`);
  await dropEmptyFolders(folder);
  const texts = await textsOf(folder);
  return { leftOut, texts, files: texts.length };
}

/** The files below a folder, by their paths from it, in order. */
export async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

async function textsOf(folder: string): Promise<NamedText[]> {
  const paths = await filesOf(folder);
  return Promise.all(paths.map(async (path) => ({ path, text: await textOf(join(folder, path)) })));
}

/** The text of a file; nothing for one that is a picture or a link. */
async function textOf(file: string): Promise<string> {
  if (/\.(png|ico|woff2)$/.test(file) || (await lstat(file)).isSymbolicLink()) return '';
  return readFile(file, 'utf8');
}

async function rewrite(file: string, change: (text: string) => string): Promise<void> {
  await writeFile(file, change(await readFile(file, 'utf8')));
}

async function dropEmptyFolders(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const path = join(folder, entry.name);
    await dropEmptyFolders(path);
    if ((await readdir(path)).length === 0) await rm(path, { recursive: true });
  }
}
