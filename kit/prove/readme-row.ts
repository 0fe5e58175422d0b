import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CatalogEntry } from '../../src/catalog.ts';
import { rootFolder } from '../base/root.ts';
import type { Claim } from './claim.ts';
import { leftIn } from './written.ts';

/** That README.md's table of labs has a row for the lab, with the points that its checks give. */
export function proveReadmeRow({ id, title }: CatalogEntry, points: number): Claim {
  const name = `README.md lists ${id} with its points`;
  const number = id.slice(0, 2);
  const rows = readFileSync(join(rootFolder(), 'README.md'), 'utf8').split('\n');
  const row = rows.find((line) => line.startsWith(`| ${number} `));
  const wanted = `| ${number} ${title} | the question | ${points} |`;
  if (!row) return { name, holds: false, detail: `no row yet in the table of labs: ${wanted}` };
  const cells = row.split(/(?<!\\)\|/).map((cell) => cell.trim());
  const lacks = leftIn(row, () => 'table of labs');
  if (cells[1] !== `${number} ${title}`) lacks.push(`it names the lab "${cells[1]}": ${wanted}`);
  if (cells[3] !== `${points}`) lacks.push(`it says ${cells[3]} points, and the checks give ${points}`);
  return { name, holds: lacks.length === 0, detail: lacks.join('\n') || `${points} points` };
}
