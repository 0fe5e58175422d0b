// needs: lab 01
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, test } from 'vitest';
import { ensureJupyter } from '../../kit/setup/ensure-jupyter.ts';

interface Ran {
  failed: { ename: string; evalue: string; text: string } | null;
  // biome-ignore lint/suspicious/noExplicitAny: outputs as nbformat has them
  cells: { count: number | null; outputs: any[]; timing: string[] }[];
}

let python: string;
beforeAll(async () => {
  ({ python } = await ensureJupyter(resolve('.'), { agree: async () => {}, onStep: () => {} }));
}, 300_000);

async function run(cells: string[], options: { allow_errors?: boolean } = {}): Promise<Ran> {
  const child = spawn(python, ['test/kit/support/run-notebook.py'], {
    env: { ...process.env, JUPYTER_PATH: resolve('.jupyter') },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(JSON.stringify({ cells, ...options }));
  const [output] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return JSON.parse(output);
}

describe('under nbclient', () => {
  test('a notebook runs from its first cell to its last', async () => {
    const { failed, cells } = await run([
      "import { findLab } from './src/catalog.ts';\nconst lab = findLab('1');",
      'console.log(lab.title);\nlab.id',
      "import { display, newDisplay } from 'tslab';\nconst bar = newDisplay(); bar.html('0'); bar.html('1');",
    ]);
    expect(failed).toBeNull();
    expect(cells.map(({ count }) => count)).toEqual([1, 2, 3]);
    expect(cells[1]!.outputs).toMatchObject([
      { output_type: 'stream', name: 'stdout', text: 'Initial sync\n' },
      { output_type: 'execute_result', execution_count: 2, data: { 'text/plain': "'01-initial-sync'" } },
    ]);
    expect(cells[2]!.outputs).toMatchObject([{ output_type: 'display_data', data: { 'text/html': '1' } }]);
    expect(cells[0]!.timing).toEqual(expect.arrayContaining(['iopub.execute_input', 'shell.execute_reply']));
  });

  test('an error stops the notebook, with its name and message', async () => {
    const { failed, cells } = await run(['1', 'throw new RangeError("no stock")', '3']);
    expect(failed).toMatchObject({ ename: 'RangeError', evalue: 'no stock' });
    expect(cells[1]!.outputs).toMatchObject([{ output_type: 'error', ename: 'RangeError' }]);
    expect(cells[2]!.count).toBeNull();
  });

  test('errors are outputs where they are allowed, and every other cell runs', {
    timeout: 60_000,
  }, async () => {
    const { failed, cells } = await run(['throw new Error("TODO")', 'nowhere', '1 + 1'], {
      allow_errors: true,
    });
    expect(failed).toBeNull();
    expect(cells.map(({ outputs }) => outputs.at(-1).ename ?? outputs.at(-1).data['text/plain'])).toEqual([
      'Error',
      'TypeScriptError',
      '2',
    ]);
  });
});
