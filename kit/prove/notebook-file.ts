import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rootFolder } from '../base/root.ts';
import type { Claim } from './claim.ts';

/** A cell of a notebook, as its file has it. */
export interface Cell {
  cell_type: string;
  source: string[] | string;
  execution_count?: number | null;
  outputs?: {
    output_type: string;
    text?: string[] | string;
    evalue?: string;
    data?: Record<string, string[] | string>;
  }[];
}

/** A text that Jupyter keeps as one or as a list of lines; an empty one where there is none. */
export const joined = (text: string[] | string | undefined): string =>
  Array.isArray(text) ? text.join('') : (text ?? '');

/** The cells of a notebook's file. */
export async function readCells(path: string): Promise<Cell[]> {
  return (JSON.parse(await readFile(path, 'utf8')) as { cells: Cell[] }).cells;
}

/** That the notebook of a lab holds no output: git, and students, get it unexecuted. */
export async function isClean(id: string): Promise<Claim> {
  const cells = await readCells(join(rootFolder(), 'notebooks', `${id}.ipynb`));
  const dirty = cells.filter((cell) => cell.outputs?.length || cell.execution_count);
  return { name: `notebooks/${id}.ipynb is committed without outputs`, holds: dirty.length === 0 };
}
