import { cp, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { catalog } from '../../src/catalog.ts';
import { studentsEdition } from '../base/edition.ts';
import { rootFolder } from '../base/root.ts';
import { extractAnswer } from '../judge/answers.ts';
import { committedStub } from '../judge/committed-stub.ts';
import type { Jupyter } from '../setup/find-jupyter.ts';
import { jupyterEnv } from '../setup/jupyter-home.ts';
import type { Claim } from './claim.ts';

interface Cell {
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

/** A cell of a notebook may take this long, s. */
const CELL_LIMIT_S = 120;
/** Notebooks that are executed at once, each in two kernels, which also wait for latencies: a tenth faster than one by one. */
const AT_ONCE = 2;
/** What a cell prints whose stub still throws TODO. */
const NOT_YET = 'Not written yet';

const joined = (text: string[] | string | undefined): string =>
  Array.isArray(text) ? text.join('') : (text ?? '');

/**
 * Executes every notebook in a real Jupyter, twice: with the worked answers in the place of `labs/`, where no cell may
 * fail and its check must give full points, and with the stubs as committed, where the cells that need the student's
 * code say so and no other cell fails. A students' edition has only the
 * stubs. Also: a committed notebook holds no outputs.
 */
export async function proveNotebooks(
  jupyter: Jupyter,
  onProgress?: (sentence: string) => void,
): Promise<Claim[]> {
  const claims: Claim[][] = [];
  const left = catalog.entries();
  const lane = async () => {
    for (const [i, { id }] of left) claims[i] = await proveNotebook(id, { jupyter, onProgress });
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return claims.flat();
}

async function proveNotebook(
  id: string,
  { jupyter, onProgress }: { jupyter: Jupyter; onProgress: ((sentence: string) => void) | undefined },
): Promise<Claim[]> {
  const cells = await read(join(rootFolder(), 'notebooks', `${id}.ipynb`));
  const dirty = cells.filter((cell) => cell.outputs?.length || cell.execution_count);
  const both = !studentsEdition();
  onProgress?.(`notebooks/${id}.ipynb with ${both ? 'the worked answer and, beside it, with ' : ''}the stub`);
  const runs = both ? [solved, unsolved] : [unsolved];
  return [
    { name: `notebooks/${id}.ipynb is committed without outputs`, holds: dirty.length === 0 },
    ...(await Promise.all(runs.map((run) => run(id, jupyter)))),
  ];
}

async function solved(id: string, jupyter: Jupyter): Promise<Claim> {
  const cells = await executed(id, await extractAnswer(id), jupyter);
  const failed = errorsOf(cells);
  const points = /(\d+) of (\d+) points/.exec(
    textOf(cells.at(-1)) || textOf(cells.findLast((c) => c.cell_type === 'code')),
  );
  const full = points !== null && points[1] === points[2];
  return {
    name: `notebooks/${id}.ipynb runs with the worked answer, to full points`,
    holds: failed.length === 0 && full,
    detail: failed.join('\n') || points?.[0] || 'its last cell shows no points',
  };
}

async function unsolved(id: string, jupyter: Jupyter): Promise<Claim> {
  const stub = await committedStub(id);
  const cells = await executed(id, join(stub.path, `${id}.ts`), jupyter);
  const failed = errorsOf(cells);
  const said = cells.filter((cell) => textOf(cell).includes(NOT_YET)).length;
  return {
    name: `notebooks/${id}.ipynb runs with the stub, and says which cells need code`,
    holds: failed.length === 0 && said > 0,
    detail: failed.join('\n') || `${said} cells said so`,
  };
}

async function read(path: string): Promise<Cell[]> {
  return (JSON.parse(await readFile(path, 'utf8')) as { cells: Cell[] }).cells;
}

function errorsOf(cells: Cell[]): string[] {
  return cells.flatMap(({ source, outputs = [] }) =>
    outputs
      .filter((o) => o.output_type === 'error')
      .map((o) => `${joined(source).split('\n')[0]} -> ${o.evalue}`),
  );
}

function textOf(cell: Cell | undefined): string {
  return (cell?.outputs ?? []).map((o) => joined(o.text) + joined(o.data?.['text/plain'])).join('\n');
}

/** Runs a notebook in a copy of the project whose `labs/` holds one file, and gives back its cells. */
async function executed(id: string, lab: string, { python }: Jupyter): Promise<Cell[]> {
  const root = rootFolder();
  const copy = await mkdtemp(join(tmpdir(), 'storelab-notebook-'));
  try {
    for (const part of [
      'src',
      'apps',
      'kit',
      'test',
      'answers',
      '.jupyter',
      'notebooks',
      'package.json',
      'tsconfig.json',
      'package-lock.json',
      ...(studentsEdition() ? ['EDITION.json', 'stubs'] : []),
    ]) {
      await cp(join(root, part), join(copy, part), { recursive: true });
    }
    await mkdir(join(copy, 'labs'));
    await cp(lab, join(copy, 'labs', `${id}.ts`));
    await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
    await mkdir(join(copy, '.lab'));
    // Compiled clients and the runner's bundle are the same; servers are the copy's own.
    await cp(join(root, '.lab', 'cache'), join(copy, '.lab', 'cache'), { recursive: true }).catch(() => {});
    const runtime = join(copy, '.lab', 'runtime');
    const notebook = join(copy, 'notebooks', `${id}.ipynb`);
    const options = [
      '--to',
      'notebook',
      '--execute',
      '--allow-errors',
      '--inplace',
      `--ExecutePreprocessor.timeout=${CELL_LIMIT_S}`,
    ];
    await execa(python, ['-m', 'nbconvert', ...options, notebook], {
      cwd: copy,
      env: { ...jupyterEnv(copy, { runtime }), LABS: 'labs' },
      extendEnv: false,
    });
    return await read(notebook);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}
