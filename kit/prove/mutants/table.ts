import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rootFolder } from '../../base/root.ts';
import { writeWhole } from '../../base/write-whole.ts';
import type { Mutated } from './judge.ts';
import { counted, scoreOf } from './score.ts';

/** The page whose table `./lab mutate --write` keeps. */
export const tableFile = (): string => join(rootFolder(), 'docs', 'checks.md');

/** A lab's row: `| 03-hset-mapping | 60 | 7 | 53 | 53 | 100 % |`. */
export function rowOf(mutated: Mutated): string {
  const { lab, made, equivalent, killed } = mutated;
  return `| ${[lab, made, equivalent, counted(mutated), killed, `${scoreOf(mutated)} %`].join(' | ')} |`;
}

/**
 * Puts a row in its place: over the lab's old one, or below the last of the labs before it.
 *
 * @throws Error where the page has no table of labs.
 */
export function withRow(page: string, row: string): string {
  const lines = page.split('\n');
  const labOf = (line: string) => /^\| (\d\d-[a-z0-9-]+) \|/.exec(line)?.[1];
  const lab = labOf(row)!;
  const head = lines.findIndex((line) => line.startsWith('| lab |'));
  if (head < 0) throw new Error('docs/checks.md has no table that begins with "| lab |".');
  let at = head + 2;
  while (at < lines.length && (labOf(lines[at]!) ?? '~') < lab) at++;
  lines.splice(at, labOf(lines[at] ?? '') === lab ? 1 : 0, row);
  return lines.join('\n');
}

/** Writes the rows of these labs to `docs/checks.md`. */
export async function writeRows(all: readonly Mutated[]): Promise<void> {
  const page = await readFile(tableFile(), 'utf8');
  await writeWhole(tableFile(), all.map(rowOf).reduce(withRow, page));
}
