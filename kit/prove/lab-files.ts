import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { rootFolder } from '../base/root.ts';

/**
 * The files that decide what is proved of a lab, from the root folder, those that exist: its own, its entry, the
 * README's row, the solutions kept for it, and what its stub and checks import of contracts and of `test/support`.
 *
 * @example labFiles('07-write-through')[0] // 'labs/07-write-through.ts'
 */
export function labFiles(id: string): string[] {
  const code = [`labs/${id}.ts`, `test/${id}.test.ts`, `test/hidden/${id}.test.ts`].filter(isThere);
  const others = [`answers/${id}.md`, `notebooks/${id}.ipynb`, 'src/catalog.ts', 'README.md'];
  const imported = code.flatMap(importsOf).filter((path) => /^(src\/contracts|test\/support)\//.test(path));
  return [...new Set([...code, ...others, ...imported])].filter(isThere).concat(keptFiles(id));
}

/** The files of a lab that only teachers have: solutions, sentences of its contract, mutants that keep it. */
export const keptFiles = (id: string): string[] =>
  ['test/wrong', 'test/right', 'test/sentences', 'test/mutants'].filter(isThere).flatMap((folder) =>
    readdirSync(join(rootFolder(), folder), { withFileTypes: true })
      .filter(({ name }) => name === id || name.startsWith(`${id}.`))
      .flatMap((entry) =>
        entry.isDirectory() ? below(`${folder}/${entry.name}`) : `${folder}/${entry.name}`,
      )
      .sort(),
  );

const isThere = (path: string): boolean => existsSync(join(rootFolder(), path));

const below = (folder: string): string[] =>
  readdirSync(join(rootFolder(), folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(rootFolder(), join(entry.parentPath, entry.name)));

function importsOf(path: string): string[] {
  const text = readFileSync(join(rootFolder(), path), 'utf8');
  return [...text.matchAll(/ from '(\.[^'\n]+)';$/gm)].map(([, target]) =>
    normalize(join(dirname(path), target!)),
  );
}
