import { rootFolder } from '../root.ts';
import { ensureJupyter } from './ensure-jupyter.ts';
import type { Jupyter } from './find-jupyter.ts';
import { withSetupLock } from './lock.ts';
import { printSteps } from './print-steps.ts';
import { runStep, type StepListener } from './steps.ts';

export interface PrepareOptions {
  /** Also JupyterLab and the kernel; a run of the checks alone does without. */
  jupyter: boolean;
  /** Install system packages without asking. */
  yes?: boolean;
  /** Told of each step; unless given, steps are printed to standard error. */
  onStep?: StepListener;
  signal?: AbortSignal;
}

/** What a prepared machine has. */
export interface Prepared {
  /** Undefined where it was not asked for. */
  jupyter: Jupyter | undefined;
}

/**
 * Sets up everything that `./lab start` and `./lab test` need, but for the browser; what is there already is
 * skipped, and then no network is needed.
 *
 * @throws SetupFailed that says what is missing and the next command.
 * @example const { jupyter } = await prepare({ jupyter: true })
 */
export async function prepare(options: PrepareOptions): Promise<Prepared> {
  const { yes, signal, onStep = printSteps(process.stderr) } = options;
  const root = rootFolder();
  const pinned = process.execPath.startsWith(root);
  await runStep(onStep, 'Node', {
    why: 'looking',
    work: async () => ({
      value: undefined,
      said: `${process.versions.node}, ${pinned ? 'pinned by package.json' : "this machine's own, as the pinned one does not run here"}`,
    }),
  });
  return withSetupLock(
    root,
    async () => {
      const jupyter = options.jupyter ? await ensureJupyter(root, { yes, signal, onStep }) : undefined;
      return { jupyter };
    },
    { signal },
  );
}
