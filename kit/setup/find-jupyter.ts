import { closeSync, openSync, readSync } from 'node:fs';
import { findProgram } from '../servers/local/binaries.ts';
import { pythonEnv } from './python.ts';
import { environmentPaths } from './python-env.ts';
import { run } from './run-program.ts';

/** A Python that can run JupyterLab 4 and execute notebooks. */
export interface Jupyter {
  /** Its command or absolute path. */
  python: string;
  /** JupyterLab's version: `4.6.6`. */
  version: string;
  /** `.venv`, or where on the machine it was found. */
  origin: string;
}

const probe = 'import jupyterlab, nbclient; print("jupyterlab", jupyterlab.__version__)';

/** JupyterLab in the project's own environment. */
export function ownJupyter(
  root: string,
  options: { signal?: AbortSignal } = {},
): Promise<Jupyter | undefined> {
  return ask(environmentPaths(root).python, '.venv', options);
}

/** JupyterLab 4 that the machine has: `jupyter-lab` on PATH, or a module of `python3`, the system's included. */
export async function foundJupyter(options: { signal?: AbortSignal } = {}): Promise<Jupyter | undefined> {
  const program = findProgram(['jupyter-lab']);
  const interpreter = program && interpreterOf(program);
  if (interpreter) {
    const found = await ask(interpreter, program, options);
    if (found) return found;
  }
  for (const python of ['python3', '/usr/bin/python3']) {
    const found = await ask(python, python, options);
    if (found) return found;
  }
  return undefined;
}

async function ask(
  python: string,
  origin: string,
  options: { signal?: AbortSignal },
): Promise<Jupyter | undefined> {
  const { ok, output } = await run(python, ['-c', probe], { ...options, env: pythonEnv });
  const version = ok ? /^jupyterlab (\d+)\.\S+$/m.exec(output) : null;
  if (!version || Number(version[1]) < 4) return undefined;
  return { python, version: version[0].slice('jupyterlab '.length), origin };
}

/** The Python that a script starts with, in its first line or, where that would be too long, in pip's second. */
function interpreterOf(script: string): string | undefined {
  const start = Buffer.alloc(1024);
  const file = openSync(script, 'r');
  const length = readSync(file, start);
  closeSync(file);
  const lines = start.toString('utf8', 0, length).split('\n');
  return (
    /^#!\s*(\/\S*python[\d.]*)/.exec(lines[0] ?? '')?.[1] ??
    /^'''exec' "?([^"]*python[\d.]*)"?/.exec(lines[1] ?? '')?.[1]
  );
}
