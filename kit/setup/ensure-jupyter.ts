import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AptPlan, aptKnows, hasApt, planApt, runApt } from './apt.ts';
import type { Agree } from './consent.ts';
import { SetupFailed } from './failure.ts';
import { foundJupyter, type Jupyter, ownJupyter } from './find-jupyter.ts';
import { findPython, type Python } from './python.ts';
import { environmentIsCurrent, makeEnvironment } from './python-env.ts';
import { run } from './run-program.ts';
import { runStep, type StepListener } from './run-step.ts';

interface EnsureOptions {
  agree: Agree;
  signal?: AbortSignal;
  onStep: StepListener;
}

const title = 'JupyterLab';

/** Says that a JupyterLab of the machine serves this checkout. */
const settledFile = (root: string) => join(root, '.lab', 'jupyter-of-machine');

/**
 * A JupyterLab 4 to work with: the pinned one in `.venv`, made where it is not there; where that cannot be had, one
 * that the machine has; at last the system's package.
 *
 * @throws SetupFailed that says what is missing and the next command.
 */
export async function ensureJupyter(root: string, options: EnsureOptions): Promise<Jupyter> {
  const { onStep, signal } = options;
  if (await environmentIsCurrent(root, { signal })) {
    const own = await ownJupyter(root, { signal });
    if (own) {
      const value = own;
      return runStep(onStep, title, {
        why: 'looking',
        work: async () => ({ value, said: `${own.version}, there already in .venv` }),
      });
    }
  }
  // Without PyPI the last time: asking it again would make every start slow.
  const settled = existsSync(settledFile(root)) ? await useFound(options) : undefined;
  if (settled) return settled;
  try {
    return await makeOwn(root, options);
  } catch (error) {
    // Without PyPI, or without the right to make an environment, any JupyterLab 4 on the machine serves.
    const elsewhere = ['no-network', 'no-rights', 'no-package', 'declined'];
    if (!(error instanceof SetupFailed) || !elsewhere.includes(error.code)) throw error;
    const found = (await useFound(options)) ?? (await usePackaged(options, error));
    writeFileSync(settledFile(root), `${found.origin}\nRemove this file to let set-up ask PyPI again.\n`);
    return found;
  }
}

async function makeOwn(root: string, options: EnsureOptions): Promise<Jupyter> {
  const { onStep, signal } = options;
  const python = await pythonWithVenv(root, options);
  return runStep(onStep, title, {
    why: `the pinned one, from PyPI into .venv, with Python ${python.version}`,
    work: async (tell) => {
      await makeEnvironment(root, { python, tell, signal });
      const own = await ownJupyter(root, { signal });
      if (!own) {
        throw new SetupFailed(
          'failed',
          `JupyterLab was installed but does not run. Clear it and start over:  rm -rf "${root}/.venv"  then run this again.`,
        );
      }
      return { value: own, said: `${own.version}, in .venv with Python ${python.version}` };
    },
  });
}

/**
 * The package that a Python without venv needs: Debian and Ubuntu pack it apart. Undefined where the environment is
 * there, or where Python has venv, or uv or virtualenv do without it.
 *
 * @throws SetupFailed `no-python`, `no-rights`, `no-package`, with the next command.
 */
export async function planVenv(
  root: string,
  { signal }: { signal?: AbortSignal },
): Promise<AptPlan | undefined> {
  if (existsSync(settledFile(root)) || (await environmentIsCurrent(root, { signal }))) return undefined;
  const python = await findPython({ signal });
  if (python.venv) return undefined;
  for (const tool of ['uv', 'virtualenv'])
    if ((await run(tool, ['--version'], { signal })).ok) return undefined;
  if (await hasApt()) return planApt(['python3-venv'], 'makes the environment for JupyterLab');
  throw new SetupFailed(
    'no-package',
    `Python ${python.version} cannot make environments (its modules venv and ensurepip are missing). Install them with your system's packages, or uv from https://docs.astral.sh/uv, then run this again.`,
  );
}

async function pythonWithVenv(root: string, { agree, onStep, signal }: EnsureOptions): Promise<Python> {
  const plan = await planVenv(root, { signal });
  if (!plan) return findPython({ signal });
  await agree(plan);
  return runStep(onStep, 'python3-venv', {
    why: 'Python lacks it, and JupyterLab goes into an environment of its own',
    work: async (tell) => {
      await runApt(plan, { tell, signal });
      const value = await findPython({ signal });
      return { value, said: `installed, for Python ${value.version}` };
    },
  });
}

async function useFound({ onStep, signal }: EnsureOptions): Promise<Jupyter | undefined> {
  const found = await foundJupyter({ signal });
  if (!found) return undefined;
  return runStep(onStep, title, {
    why: 'one that this machine has',
    work: async () => ({
      value: found,
      said: `${found.version} of this machine serves: ${found.origin} (to have PyPI asked again: rm .lab/jupyter-of-machine)`,
    }),
  });
}

/** The system's package, where apt has one; `because` PyPI cannot be reached, and thrown again where nothing helps. */
async function usePackaged({ onStep, signal, agree }: EnsureOptions, because: SetupFailed): Promise<Jupyter> {
  if (because.code !== 'no-network' || !(await hasApt()) || !(await aptKnows('jupyterlab'))) throw because;
  const plan = await planApt(['jupyterlab'], 'serves the notebooks, as PyPI cannot be reached');
  await agree(plan);
  return runStep(onStep, title, {
    why: "the system's package, as PyPI cannot be reached",
    work: async (tell) => {
      await runApt(plan, { tell, signal });
      const value = await foundJupyter({ signal });
      if (!value) {
        throw new SetupFailed(
          'no-jupyter',
          "The system's JupyterLab is older than 4. Reach PyPI (behind a proxy: export HTTPS_PROXY=http://HOST:PORT), then run this again.",
        );
      }
      return { value, said: `${value.version}, the system's package` };
    },
  });
}
