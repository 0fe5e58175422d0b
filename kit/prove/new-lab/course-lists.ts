import type { NewLab } from './lab-names.ts';

/** An entry of `src/catalog.ts`, from its line `  {` to its line `  },`, as Biome formats it. */
const entries = /^ {2}\{\n(?: {4}.*\n)+? {2}\},\n/gm;

const idOf = (entry: string): string => /^ {4}id: '(.+)',$/m.exec(entry)?.[1] ?? '';

/**
 * The text of `src/catalog.ts` with an entry for the lab, in the order of ids. Question and hints are left to write.
 *
 * @example withEntry(text, { id: '11-sessions', title: 'Sessions', packages: ['ioredis'] })
 */
export function withEntry(catalog: string, { id, title, packages, world }: NewLab): string {
  const lines = [
    '  {',
    `    id: '${id}',`,
    `    title: ${quoted(title)},`,
    `    question: 'TODO(author): write the question that the lab answers',`,
    '    hints: [],',
    `    packages: [${packages.map(quoted).join(', ')}],`,
    ...(world === 'market' ? [`    world: 'market',`] : []),
    '  },',
  ];
  const found = [...listOf(catalog).matchAll(entries)];
  const later = found.find(([entry]) => idOf(entry) > id);
  const at = startOf(catalog) + (later?.index ?? listOf(catalog).length);
  return `${catalog.slice(0, at)}${lines.join('\n')}\n${catalog.slice(at)}`;
}

/** The same without the entry of the lab. */
export function withoutEntry(catalog: string, id: string): string {
  const list = listOf(catalog);
  const kept = list.replaceAll(entries, (entry) => (idOf(entry) === id ? '' : entry));
  return catalog.slice(0, startOf(catalog)) + kept + catalog.slice(startOf(catalog) + list.length);
}

/** Where the first entry begins. */
const startOf = (catalog: string): number =>
  catalog.indexOf('[\n', catalog.indexOf('export const catalog')) + '[\n'.length;

const listOf = (catalog: string): string =>
  catalog.slice(startOf(catalog), catalog.indexOf('];', startOf(catalog)));

/** A row of README.md's table of labs. */
const rows = /^\| \d\d .*\n/gm;

/** The text of README.md with a row for the lab, in the order of numbers. Question and points are left to write. */
export function withRow(readme: string, { id, title }: Pick<NewLab, 'id' | 'title'>): string {
  const number = id.slice(0, 2);
  const row = `| ${number} ${title} | TODO(author): write the question in a line | 0 |\n`;
  const before = [...readme.matchAll(rows)].findLast(([one]) => one.slice(2, 4) < number);
  if (!before)
    throw new Error('README.md has no table of labs, with a row such as "| 01 Initial sync | ... |".');
  const at = before.index + before[0].length;
  return readme.slice(0, at) + row + readme.slice(at);
}

/** The same without the row of the lab. */
export const withoutRow = (readme: string, id: string): string =>
  readme.replaceAll(rows, (row) => (row.startsWith(`| ${id.slice(0, 2)} `) ? '' : row));

/** A text as Biome quotes it: in single quotes, but for one that holds such a quote itself. */
const quoted = (text: string): string => (text.includes("'") ? `"${text}"` : `'${text}'`);
