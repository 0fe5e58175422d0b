import { relative } from 'node:path';
import type { Problem } from './cell-file.ts';

/** A cell that the compiler refused. Its message says where and what, and the likely mistake where it is known. */
export class TypeScriptError extends Error {
  override name = 'TypeScriptError';
  readonly problems: Problem[];

  constructor(problems: Problem[], cell: string, root: string) {
    const shown = problems.slice(0, MAX_PROBLEMS).map((problem) => sentence(problem, cell, root));
    const more = problems.length - shown.length;
    super([...shown, ...(more > 0 ? [`... and ${more} more`] : [])].join('\n'));
    this.problems = problems;
  }
}

const MAX_PROBLEMS = 10;

/** What students most often did, by the compiler's code. */
const LIKELY: Record<number, string> = {
  1005: 'A bracket, comma or quote is missing just before here.',
  1109: 'Something is missing just before here.',
  1155: 'A `const` needs a value: write `= ...`, or use `let`.',
  1184: 'Leave out the `export`: the names of a cell are known to every later cell anyway.',
  2300: 'The same name is declared twice in this cell.',
  2304: 'Run the cell that declares it first, or check the spelling.',
  2451: 'The same name is declared twice in this cell.',
  2307: "Cells import from the repository's root, wherever the notebook is: './src/...' and './labs/...'.",
  2322: 'The value has another type than the place it is put into.',
  2339: 'Check the spelling. Or is an `await` missing?',
  2345: 'The argument has another type than the function takes. Is an `await` missing?',
  2531: 'Handle the case where there is nothing: `if (value === null) ...`.',
  2532: 'Handle the case where there is nothing: `if (value === undefined) ...`.',
  2551: 'Check the spelling.',
  2552: 'Check the spelling.',
  2554: 'Count the arguments.',
  7006: 'Give the parameter a type: `(order: Order) => ...`.',
  18046: 'Test what it is first: `if (error instanceof Error) ...`.',
  18047: 'Handle the case where there is nothing: `if (value === null) ...`.',
  18048: 'Handle the case where there is nothing: `if (value === undefined) ...`.',
};

function sentence(problem: Problem, cell: string, root: string): string {
  const where = problem.file ? relative(root, problem.file) : cell;
  const likely = LIKELY[problem.code];
  return `${where}, line ${problem.line}: ${problem.message}${likely ? `\n  ${likely}` : ''}`;
}
