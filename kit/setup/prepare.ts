import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { rootFolder } from '../base/root.ts';
import { consent } from './consent.ts';
import { ensureJupyter, planVenv } from './ensure-jupyter.ts';
import { ensureSandbox, planSandbox } from './ensure-sandbox.ts';
import { installServers, planServers } from './ensure-servers.ts';
import { SetupFailed } from './failure.ts';
import type { Jupyter } from './find-jupyter.ts';
import { writeKernelspec } from './kernelspec.ts';
import { withSetupLock } from './lock.ts';
import { printSteps } from './print-steps.ts';
import { environmentPaths } from './python-env.ts';
import { runStep, type StepListener } from './run-step.ts';

export interface PrepareOptions {
  /** Also JupyterLab and the kernel; a run of the checks alone does without. */
  jupyter: boolean;
  /** Install system packages without asking. */
  yes?: boolean;
  /** Told of each step; default: prints them to standard error. */
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
      const agree = consent({ yes, signal });
      // All that would be installed system-wide is asked for at once.
      const [{ servers, venv }, sandbox] = await Promise.all([
        planSystem(root, { jupyter: options.jupyter, signal }),
        planSandbox(),
      ]);
      if (servers) await agree(servers, ...(venv ? [venv] : []), ...(sandbox ? [sandbox] : []));
      if (servers) await installServers(servers, { agree, onStep, signal });
      await ensureSandbox(sandbox, { agree, onStep, signal, agreed: servers !== undefined, yes });
      if (!options.jupyter) return { jupyter: undefined };
      const jupyter = await ensureJupyter(root, { agree, signal, onStep });
      await announceKernel(root);
      return { jupyter };
    },
    { signal },
  );
}

/**
 * @throws what stands in the way of the servers, with what stands in the way of Python where both do; that alone is
 * not the end, as another Jupyter may serve
 */
async function planSystem(root: string, { jupyter, signal }: { jupyter: boolean; signal?: AbortSignal }) {
  const [servers, venv] = await Promise.allSettled([
    planServers(),
    jupyter ? planVenv(root, { signal }) : undefined,
  ]);
  if (servers.status === 'fulfilled') {
    return { servers: servers.value, venv: venv.status === 'fulfilled' ? venv.value : undefined };
  }
  if (venv.status === 'fulfilled') throw servers.reason;
  throw new SetupFailed('no-rights', `${venv.reason.message}\n${servers.reason.message}`);
}

/** VS Code looks for kernels in the environment alone. A linked one is another checkout's, whose kernel stays. */
async function announceKernel(root: string): Promise<void> {
  const { folder } = environmentPaths(root);
  if (lstatSync(folder, { throwIfNoEntry: false })?.isDirectory())
    await writeKernelspec(join(folder, 'share', 'jupyter', 'kernels'), { root });
}
