import { findLab } from '../../src/catalog.ts';
import { calm } from '../base/calm.ts';
import { brokenServer } from './broken-server.ts';
import { NotGradable, NotReached } from './check-errors.ts';
import type { Definition } from './definition.ts';
import { expect } from './expect.ts';
import { explain, isInfrastructure, judgesOwn } from './explain.ts';
import { labControls } from './lab-processes.ts';
import { leftInServer } from './left-in-server.ts';
import { MachineTooBusy } from './machine-too-busy.ts';
import type { oneEnvironment } from './one-environment.ts';
import { type CheckResult, type Failure, isLost } from './result.ts';
import { StudentError } from './runner/student-error.ts';
import { drawFor } from './seed.ts';
import { sentenceOfTrouble } from './stumbled.ts';
import type { TimeLimit } from './time-limit.ts';
import { undisturbed } from './undisturbed.ts';
import { waitedFor } from './waited-for.ts';
import { watchingBudgets } from './wire-of-budget.ts';

/** How often a check is begun, where the judge's own servers fail under it, it stumbles, or the machine has no time for it. */
const ATTEMPTS = 2;

export interface JudgeCheckOptions {
  lab: string;
  /** The file that implements it: an absolute path. It may be missing: the runner then says so. */
  file: string;
  environment: ReturnType<typeof oneEnvironment>;
  seed: number;
  /** What is left to the submission. */
  time: TimeLimit;
  /** Does the work while no other check of the run is judged; default at once. */
  alone?: <T>(work: () => Promise<T>) => Promise<T>;
}

/** How a check ended. */
export interface JudgedCheck {
  result: CheckResult;
  /** What the student's code printed meanwhile, bounded. */
  output: string;
  /** What the check threw, for a reader of vitest's own report. */
  error?: unknown;
}

/**
 * Judges one check of one submission: puts everything back, runs the check, and says how it ended. Where the judge's
 * own servers fail, or the check itself stumbles, they are opened anew and the check begins again; where the machine had no
 * time for it, it is judged again alone. It never throws.
 */
export async function judgeCheck(definition: Definition, options: JudgeCheckOptions): Promise<JudgedCheck> {
  const { id, title, points } = definition;
  const begun = performance.now();
  const { wire, underWay: _, ...attempt } = await attempts(definition, options);
  const outcome = outcomeOf(attempt);
  return {
    result: {
      id,
      title,
      points: outcome === 'passed' ? points : 0,
      maxPoints: points,
      outcome,
      durationMs: Math.round(performance.now() - begun),
      ...whyNot(outcome, attempt.error, id),
      ...(outcome === 'failed' && wire ? { wire } : {}),
    },
    ...attempt,
  };
}

interface Attempt {
  output: string;
  error?: unknown;
  /** Whether all had been put back and the check was under way: what happens to a server before is not this one's doing. */
  underWay?: boolean;
  /** What crossed the network, where the check had counted it. */
  wire?: string;
}

async function attempts(definition: Definition, options: JudgeCheckOptions): Promise<Attempt> {
  const { environment, alone = (work) => work() } = options;
  let attempt = await lookedAfter(definition, options);
  for (let number = 1; attempt.error !== undefined && isInfrastructure(attempt.error); number++) {
    const busy = attempt.error instanceof MachineTooBusy;
    if (!busy) await environment.drop();
    if (number === ATTEMPTS) return attempt;
    const again = () => lookedAfter(definition, options);
    attempt = busy ? await alone(() => calm().then(again)) : await again();
  }
  return attempt;
}

/** One attempt. Where it has cost a server, that is what it ends with, and the next begins with fresh ones. */
async function lookedAfter(definition: Definition, options: JudgeCheckOptions): Promise<Attempt> {
  const { environment, time } = options;
  const attempt = await once(definition, options);
  if (!attempt.underWay) return attempt;
  const broken = await brokenServer(await environment.get(), time);
  if (!broken) return attempt;
  await environment.drop();
  if (broken instanceof StudentError) time.chargeServer();
  return { output: attempt.output, error: broken };
}

async function once({ id, body }: Definition, options: JudgeCheckOptions): Promise<Attempt> {
  const { lab, file, environment, seed, time } = options;
  let underWay = false;
  let takeOutput = () => '';
  let wire: () => string | undefined = () => undefined;
  try {
    const env = await judgesOwn(environment.get(), "The judge's servers cannot be opened");
    await judgesOwn(env.reset(findLab(lab).world, file));
    underWay = true;
    const controls = labControls<unknown>(env, { source: file, labId: lab, time });
    takeOutput = controls.takeOutput;
    const { redis } = env;
    const { taps: tap, wire: drawn } = watchingBudgets(env.taps);
    wire = drawn;
    const generated = (orders: number) => env.generated(orders, seed);
    await body({
      lab: controls.lab as never,
      redis,
      // Asked for by the checks that need it alone: rows that nobody touched need not be written anew.
      get mysql() {
        return env.mysqlForCheck();
      },
      tap,
      generated,
      draw: drawFor(seed, id),
      undisturbed,
      expect,
    }).catch((error) => {
      throw waitedFor(error, time.strained) ?? leftInServer(error) ?? error;
    });
    await controls.settled();
    return { output: takeOutput(), underWay };
  } catch (error) {
    const picture = error instanceof StudentError ? undefined : wire();
    return {
      output: takeOutput(),
      underWay,
      error: error ?? new Error('The check threw nothing at all.'),
      ...(picture ? { wire: picture } : {}),
    };
  }
}

function outcomeOf({ error }: Attempt): CheckResult['outcome'] {
  if (error === undefined) return 'passed';
  if (error instanceof NotGradable) return 'not gradable';
  if (error instanceof NotReached) return 'not reached';
  return isInfrastructure(error) ? 'infrastructure error' : 'failed';
}

function whyNot(outcome: CheckResult['outcome'], error: unknown, check: string): Partial<Failure> {
  if (outcome === 'passed') return {};
  if (isLost(outcome)) return explain(error);
  return {
    sentence: outcome === 'not gradable' ? (error as Error).message : sentenceOfTrouble(error, check),
  };
}
