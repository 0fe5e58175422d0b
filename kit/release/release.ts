import { readdir, readFile, realpath, rename } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CatalogEntry } from '../../src/catalog.ts';
import type { Edition } from '../base/edition.ts';
import { buildEdition, filesOf } from './build-edition.ts';
import { findCommit, writeTree } from './committed-tree.ts';
import { brokenImports, dirtyNotebooks, readmeFaults } from './find-faults.ts';
import { findLeaks, type NamedText } from './find-leaks.ts';
import { workFolder } from './work-folder.ts';

export interface ReleaseOptions {
  /** The checkout that the edition is made from. */
  root: string;
  labs: readonly CatalogEntry[];
  /** A commit of it; default the newest. */
  commit?: string;
}

export interface Released {
  /** Absolute. */
  folder: string;
  edition: Edition;
  /** Files left out, in groups. */
  leftOut: Map<string, string[]>;
  files: number;
  /** Files of the checkout that differ from the commit, which the edition does not see. */
  changed: string[];
}

/** Files that hold a solution or a part of one. */
const solution = /^(?:answers\/\d\d-.*\.md|(?:test\/(?:wrong|right)|bench\/sync)\/.*\.(?:ts|py))$/;

/**
 * Writes the students' edition of a commit into `out`, which must be new or empty. It is built and checked in a
 * folder beside `out` and then renamed: `out` holds a whole edition or is as it was, however this ends.
 *
 * @throws Error where `out` is not empty or not outside the checkout, and where the edition would leak a solution or
 *   not work; nothing is written then.
 */
export async function release(
  out: string,
  { root, labs, commit: name = 'HEAD' }: ReleaseOptions,
): Promise<Released> {
  const folder = await freeFolder(out, root);
  const { commit, changed } = await findCommit(root, name);
  const { work, clear } = await workFolder(folder);
  const unfinished = () => {
    clear();
    process.exit(130);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, unfinished);
  try {
    await writeTree(root, { commit, into: work });
    const { version } = JSON.parse(await readFile(join(work, 'package.json'), 'utf8'));
    const edition = { version, commit, labs: labs.map(({ id }) => id), madeAt: new Date().toISOString() };
    const solutions = await texts(work, (path) => solution.test(path));
    const stubs = await texts(work, (path) => path.startsWith('labs/'));
    const built = await buildEdition(work, { labs, edition });
    const faults = [
      ...findLeaks(built.texts, { solutions, stubs }),
      ...(await otherFaults(work, { labs, texts: built.texts, stubs })),
    ];
    if (faults.length > 0)
      throw new Error(
        `No edition was written. ${faults.length} thing(s) to mend first:\n  ${faults.join('\n  ')}`,
      );
    await rename(work, folder);
    return { folder, edition, changed, leftOut: built.leftOut, files: built.files };
  } catch (error) {
    clear();
    throw error;
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(signal, unfinished);
  }
}

/** Where the edition goes. @throws Error where something is there, or where it would lie in the checkout. */
async function freeFolder(out: string, root: string): Promise<string> {
  const folder = await realpath(resolve(out)).catch(() => resolve(out));
  const entries = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new Error(`${out} is not a folder (${error.code}): name a new or an empty one.`);
  });
  if (entries.length > 0)
    throw new Error(
      `${out} is not empty (it holds ${entries[0]}): name a new or an empty folder. Nothing was changed.`,
    );
  if (!relative(await realpath(root), folder).startsWith('..'))
    throw new Error(`${out} lies in this kit itself: name a folder outside, such as ../storelab-students.`);
  return folder;
}

async function texts(folder: string, wanted: (path: string) => boolean): Promise<NamedText[]> {
  const paths = (await filesOf(folder)).filter(wanted);
  return Promise.all(paths.map(async (path) => ({ path, text: await readFile(join(folder, path), 'utf8') })));
}

async function otherFaults(
  folder: string,
  { labs, texts, stubs }: { labs: readonly CatalogEntry[]; texts: NamedText[]; stubs: NamedText[] },
): Promise<string[]> {
  const textOf = (path: string) => texts.find((file) => file.path === path)?.text;
  const { catalog } = await import(pathToFileURL(join(folder, 'src/catalog.ts')).href);
  const scripts = Object.keys(JSON.parse(textOf('package.json')!).scripts);
  const needed = labs.flatMap(({ id }) => [`labs/${id}.ts`, `notebooks/${id}.ipynb`, `test/${id}.test.ts`]);
  return [
    ...needed.filter((path) => textOf(path) === undefined).map((path) => `${path} is missing in the commit`),
    ...stubs
      .filter(({ path, text }) => (textOf(path) ?? text) !== text)
      .map(({ path }) => `${path} is not the stub as committed`),
    ...(JSON.stringify(catalog) === JSON.stringify(labs)
      ? []
      : ['src/catalog.ts of the commit lists other labs than this checkout: commit it, and release again']),
    ...dirtyNotebooks(texts),
    ...brokenImports(texts, folder),
    ...readmeFaults(textOf('README.md')!, folder, scripts),
  ];
}
