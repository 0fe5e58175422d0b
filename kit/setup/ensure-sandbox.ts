import { findProgram } from '../servers/local/binaries.ts';
import { type AptPlan, hasApt, planApt, runApt } from './apt.ts';
import { type Agree, atTerminal } from './consent.ts';
import { runStep, type StepListener } from './run-step.ts';

const PACKAGE = 'bubblewrap';
const purpose = 'shuts graded code in, away from your files and the network';
const byHand = `sudo apt install ${PACKAGE}`;

/** Whether graded code can be shut in by bubblewrap on this kind of system, and it is not there. */
function missing(): boolean {
  return process.platform === 'linux' && !findProgram(['bwrap']);
}

/**
 * What installing bubblewrap takes; undefined where it is there, and where it cannot be had: checks then run behind
 * Node's permission model alone, so this never stands in the way of a start.
 */
export async function planSandbox(): Promise<AptPlan | undefined> {
  if (!missing() || !(await hasApt())) return undefined;
  return planApt([PACKAGE], purpose).catch(() => undefined);
}

export interface SandboxOptions {
  agree: Agree;
  onStep: StepListener;
  signal?: AbortSignal;
  /** It was agreed to together with other installs. */
  agreed: boolean;
  yes?: boolean;
}

/**
 * Installs bubblewrap as planned, or says the command. A person at the terminal is not asked for it alone: a student
 * does without.
 */
export async function ensureSandbox(
  plan: AptPlan | undefined,
  { agree, onStep, signal, agreed, yes }: SandboxOptions,
): Promise<void> {
  if (!missing()) return;
  const install = plan && (agreed || yes || !atTerminal()) ? plan : undefined;
  await runStep(onStep, 'Bubblewrap', {
    why: install ? `installing ${PACKAGE}, which ${purpose}` : 'looking',
    work: async (tell) => {
      const otherwise = `not here; ${byHand} gets it, which ${purpose}. Until then Node's permission model does what it can`;
      if (!install) return { value: undefined, said: otherwise };
      try {
        await agree(install);
        await runApt(install, { tell, ...(signal ? { signal } : {}) });
        return { value: undefined, said: `${PACKAGE} installed` };
      } catch (error) {
        if (signal?.aborted) throw error;
        return { value: undefined, said: otherwise };
      }
    },
  });
}
