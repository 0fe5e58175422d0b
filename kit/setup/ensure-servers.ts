import { findEngine } from '../servers/containers/engine.ts';
import { type InstallPlan, installPlan, missingBinaries, runInstall } from '../servers/install.ts';
import { urlsGiven } from '../servers/urls.ts';
import type { Agree } from './consent.ts';
import { runStep, type StepListener } from './run-step.ts';

/** Whether servers would be processes of this machine: no URLs are given, and no Docker engine answers. */
async function wouldBeLocal(): Promise<boolean> {
  const asked = process.env.LAB_SERVERS;
  if (asked) return asked === 'local';
  return urlsGiven() === 'none' && !(await findEngine());
}

/**
 * What must be installed so that servers can be had; undefined where nothing is missing.
 *
 * @throws ServersUnavailable INSTALL_NOT_ALLOWED, with the command for whoever may.
 */
export async function planServers(): Promise<InstallPlan | undefined> {
  return missingBinaries().length > 0 && (await wouldBeLocal()) ? installPlan() : undefined;
}

/**
 * Installs MySQL and Redis as planned, once agreed to.
 *
 * @throws ServersUnavailable INSTALL_FAILED; SetupFailed `declined`.
 */
export async function installServers(
  plan: InstallPlan,
  { agree, onStep, signal }: { agree: Agree; onStep: StepListener; signal?: AbortSignal },
): Promise<void> {
  await agree(plan);
  await runStep(onStep, 'Server programs', {
    why: `installing ${plan.packages.join(' and ')}, as no Docker engine can give the servers`,
    work: async (tell) => {
      await runInstall(plan, { onStep: tell, signal });
      return { value: undefined, said: `${plan.packages.join(' and ')} installed` };
    },
  });
}
