import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { studentsEdition } from '../base/edition.ts';
import { rootFolder } from '../base/root.ts';
import type { Jupyter } from '../setup/find-jupyter.ts';
import { jupyterEnv } from '../setup/jupyter-home.ts';
import { type Cell, readCells } from './notebook-file.ts';

/** A cell of a notebook may take this long, s. */
const CELL_LIMIT_S = 120;

export interface ExecuteOptions {
  jupyter: Jupyter;
  signal?: AbortSignal;
}

/**
 * Runs a notebook in a copy of the project whose `labs/` holds one file, and gives back its cells.
 *
 * @param lab the path of that file.
 * @throws what `signal` was aborted with, once Jupyter has ended.
 */
export async function executed(
  id: string,
  lab: string,
  { jupyter, signal }: ExecuteOptions,
): Promise<Cell[]> {
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
      'redis',
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
    // Compiled clients and the runner's bundle are the same, 100 MB; servers are the copy's own.
    await mkdir(join(root, '.lab', 'cache'), { recursive: true });
    await symlink(join(root, '.lab', 'cache'), join(copy, '.lab', 'cache'));
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
    await execa(jupyter.python, ['-m', 'nbconvert', ...options, notebook], {
      cwd: copy,
      env: { ...jupyterEnv(copy, { runtime }), LABS: 'labs' },
      extendEnv: false,
      ...(signal ? { cancelSignal: signal } : {}),
    });
    return await readCells(notebook);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}
