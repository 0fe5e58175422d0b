import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { rootFolder } from '../../base/root.ts';
import { writeWhole } from '../../base/write-whole.ts';
import { biome } from '../check-types.ts';
import { withEntry, withRow } from './course-lists.ts';
import { type Names, type NewLab, namesOf } from './lab-names.ts';
import { refusalOf } from './why-refused.ts';

/** Each template of `templates/`, and the file that it becomes. */
const templates: readonly [template: string, path: (names: Names) => string][] = [
  ['notebook.ipynb', ({ id }) => `notebooks/${id}.ipynb`],
  ['lab.ts', ({ id }) => `labs/${id}.ts`],
  ['contract.ts', ({ slug }) => `src/contracts/${slug}.ts`],
  ['test.ts', ({ id }) => `test/${id}.test.ts`],
  ['answer.md', ({ id }) => `answers/${id}.md`],
  ['wrong.ts', ({ id }) => `test/wrong/${id}.ts`],
  ['sentences.ts', ({ id }) => `test/sentences/${id}.ts`],
];

/**
 * Writes the files of a new lab, its entry in `src/catalog.ts` and its row in README.md: all is there, types and style
 * hold, and `./lab test` says what is still to write.
 *
 * @returns the files written, from the root folder.
 * @throws Error where it cannot be made; then nothing has changed.
 */
export async function newLab(lab: NewLab): Promise<string[]> {
  const filesOf = () => templates.map(([, path]) => path(namesOf(lab)));
  const refusal = refusalOf(lab, { filesOf });
  if (refusal) throw new Error(refusal);
  const names = namesOf(lab);
  const files = filesOf();
  const root = rootFolder();
  const lists: [path: string, text: string][] = [
    ['src/catalog.ts', withEntry(await read('src/catalog.ts'), lab)],
    ['README.md', withRow(await read('README.md'), lab)],
  ];
  const written: string[] = [];
  try {
    for (const [template, path] of templates) {
      const file = join(root, path(names));
      const text = await readFile(new URL(`./templates/${template}.txt`, import.meta.url), 'utf8');
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, filled(text, names), { flag: 'wx' });
      written.push(file);
    }
    // Where a name is long, lines break elsewhere.
    await execa(process.execPath, [biome(), 'format', '--write', ...files], { cwd: root });
    for (const [path, text] of lists) await writeWhole(join(root, path), text);
  } catch (error) {
    for (const file of written) await rm(file, { force: true });
    throw error;
  }
  return [...files, ...lists.map(([path]) => path)];
}

const read = (path: string) => readFile(join(rootFolder(), path), 'utf8');

/** @example filled('# {{number}} {{title}}', names) // '# 11 Sessions' */
const filled = (template: string, names: Names): string =>
  template.replaceAll(/\{\{(\w+)\}\}/g, (_, key: string) => names[key as keyof Names]);
