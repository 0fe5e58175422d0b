import { join } from 'node:path';
import { catalog } from '../../src/catalog.ts';
import { studentsEdition } from '../base/edition.ts';
import { committedStub } from '../judge/committed-stub.ts';
import { extractAnswer } from '../judge/extract-answers.ts';
import { drawFor } from '../judge/seed.ts';
import type { Submission } from '../judge/submission.ts';
import type { Jupyter } from '../setup/find-jupyter.ts';
import type { Claim } from './claim.ts';
import { type ExecuteOptions, executed } from './execute-notebook.ts';
import { type Cell, isClean, joined } from './notebook-file.ts';
import { told } from './told.ts';

/** Notebooks that are executed at once, each in two kernels, which also wait for latencies: a tenth faster than one by one. */
const CONCURRENCY = 2;
/** What a cell prints whose stub still throws TODO. */
const NOT_YET = 'Not written yet';

/** So many notebooks a short run executes with the stub too. */
const DRAWN = 4;

/** The labs whose notebooks a short run executes with the stub too, drawn by its seed, so that many runs try them all. */
export function drawnStubs(seed: number): string[] {
  const draw = drawFor(seed, 'notebooks with the stub');
  const left = catalog.map(({ id }) => id);
  return Array.from(
    { length: Math.min(DRAWN, left.length) },
    () => left.splice(draw.int(0, left.length - 1), 1)[0]!,
  );
}

export interface ProveNotebooksOptions {
  /** The labs whose notebooks are executed with the stub too, default all. */
  withStub?: readonly string[];
  onProgress?: (sentence: string) => void;
}

/**
 * Executes every notebook in a real Jupyter, twice: with the worked answers in the place of `labs/`, where no cell may
 * fail and its check must give full points, and with the stubs as committed, where the cells that need the student's
 * code say so and no other cell fails. A students' edition has only the
 * stubs. Also: a committed notebook holds no outputs.
 */
export async function proveNotebooks(
  jupyter: Jupyter,
  { withStub, onProgress }: ProveNotebooksOptions = {},
): Promise<Claim[]> {
  const claims: Claim[][] = [];
  const left = catalog.entries();
  const lane = async () => {
    for (const [i, { id }] of left) {
      const answers = studentsEdition() ? [] : [solved];
      const stubs = withStub && !withStub.includes(id) && answers.length > 0 ? [] : [unsolved];
      const runs = [...answers, ...stubs];
      const names = [...answers.map(() => 'the worked answer'), ...stubs.map(() => 'the stub')];
      onProgress?.(`notebooks/${id}.ipynb with ${names.join(' and, beside it, with ')}`);
      const options = { jupyter, stub: await committedStub(id) };
      claims[i] = await Promise.all([isClean(id), ...runs.map((run) => run(id, options))]);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, lane));
  return claims.flat();
}

/** Executes the notebook of one lab in the same two ways, and tells of each as soon as it has ended. */
export function proveNotebook(id: string, options: NotebookOptions): AsyncGenerator<Claim> {
  const runs = studentsEdition() ? [unsolved] : [solved, unsolved];
  return told<Claim>(async (tell) => {
    const ended = await Promise.allSettled(runs.map(async (run) => tell(await run(id, options))));
    for (const one of ended) if (one.status === 'rejected') throw one.reason;
  });
}

export interface NotebookOptions extends ExecuteOptions {
  stub: Submission;
}

async function solved(id: string, options: NotebookOptions): Promise<Claim> {
  const cells = await executed(id, await extractAnswer(id), options);
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

async function unsolved(id: string, options: NotebookOptions): Promise<Claim> {
  const cells = await executed(id, join(options.stub.path, `${id}.ts`), options);
  const failed = errorsOf(cells);
  const said = cells.filter((cell) => textOf(cell).includes(NOT_YET)).length;
  return {
    name: `notebooks/${id}.ipynb runs with the stub, and says which cells need code`,
    holds: failed.length === 0 && said > 0,
    detail: failed.join('\n') || `${said} ${said === 1 ? 'cell' : 'cells'} said so`,
  };
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
