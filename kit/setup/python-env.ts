import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { diagnose, SetupFailed } from './failure.ts';
import { type Python, pythonEnv } from './python.ts';
import { lastLines, run } from './run-program.ts';
import type { Tell } from './run-step.ts';

/** The project's own Python environment, and what it is made of. */
export function environmentPaths(root: string) {
  const folder = join(root, '.venv');
  return {
    folder,
    python: join(folder, 'bin', 'python'),
    requirements: join(root, 'requirements.txt'),
    stamp: join(folder, '.storelab-stamp'),
  };
}

const sum = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');

/** Whether the environment holds what requirements.txt asks for, and its Python still runs (systems upgrade theirs). */
export async function environmentIsCurrent(
  root: string,
  options: { signal?: AbortSignal },
): Promise<boolean> {
  const { python, requirements, stamp } = environmentPaths(root);
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== sum(requirements)) return false;
  const found = await run(python, ['-c', 'import jupyter_core'], { ...options, env: pythonEnv });
  return found.ok;
}

interface MakeOptions {
  python: Python;
  tell: Tell;
  signal?: AbortSignal;
}

/**
 * Makes `.venv` and installs requirements.txt into it: with Python's own venv and pip, else with uv or virtualenv
 * where one is on PATH. An environment that was left half made is completed.
 *
 * @throws SetupFailed `no-network`, `no-disk`, `no-rights` or `failed`, with the next command; `no-package` where
 * neither venv nor uv nor virtualenv is there.
 */
export async function makeEnvironment(root: string, { python, tell, signal }: MakeOptions): Promise<void> {
  const paths = environmentPaths(root);
  const env = pythonEnv;
  const must = async (file: string, args: string[], onLine?: (line: string) => void) => {
    const { ok, output } = await run(file, args, { cwd: root, env, signal, onLine });
    if (!ok) throw environmentFailed(output, root);
  };
  const total = readFileSync(paths.requirements, 'utf8').trim().split('\n').length;
  let collected = 0;
  const progress = (line: string) => {
    if (/^\s*(Collecting|Requirement already satisfied)/.test(line))
      tell(`package ${++collected} of ${total}`);
    if (line.startsWith('Installing collected')) tell(`unpacking ${collected} packages`);
  };

  tell('making .venv');
  const runs = await run(paths.python, ['-m', 'pip', '--version'], { env, signal });
  if (!runs.ok) {
    const uv = !python.venv && (await run('uv', ['--version'], { signal })).ok;
    if (uv) {
      await must('uv', ['venv', '--clear', '--seed', '--python', python.command, paths.folder]);
    } else if (python.venv) {
      await must(python.command, ['-m', 'venv', '--clear', paths.folder]);
    } else {
      await must('virtualenv', ['--clear', '--python', python.command, paths.folder]);
    }
  }
  tell('asking PyPI');
  await must(
    paths.python,
    [
      '-m',
      'pip',
      'install',
      '--disable-pip-version-check',
      '--no-input',
      '--progress-bar',
      'off',
      '--retries',
      '2',
    ].concat(['--prefer-binary', '--requirement', paths.requirements]),
    progress,
  );
  writeFileSync(paths.stamp, sum(paths.requirements));
}

function environmentFailed(output: string, root: string): SetupFailed {
  const said = lastLines(output);
  switch (diagnose(output)) {
    case 'no-disk':
      return new SetupFailed(
        'no-disk',
        `${said}\nThe disk is full: JupyterLab needs about 300 MB in ${root}. Free some space (see: df -h "${root}"), then run this again.`,
      );
    case 'no-network':
      return new SetupFailed(
        'no-network',
        `${said}\nPyPI cannot be reached, and no JupyterLab is on this machine. Check with:  ${root}/.venv/bin/python -m pip download --no-deps jupyterlab==4.6.6 -d /tmp  (behind a proxy: export HTTPS_PROXY=http://HOST:PORT), then run this again.`,
      );
    case 'no-rights':
      return new SetupFailed(
        'no-rights',
        `${said}\nPython may not write to ${root}/.venv. Make it yours:  sudo chown -R "$(id -un)" "${root}"  then run this again.`,
      );
    default:
      return new SetupFailed(
        'failed',
        `${said}\nThe Python environment could not be made. Clear it and start over:  rm -rf "${root}/.venv"  then run this again.`,
      );
  }
}
