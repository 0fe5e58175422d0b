import { findIsolation } from '../../judge/isolation/find.ts';
import type { IsolationLevel } from '../../judge/manifest.ts';
import type { LabResult } from '../../judge/result.ts';
import { runChecks } from '../../judge/run-checks.ts';
import { findSubmission } from '../../judge/submission.ts';
import type { Servers } from '../../servers/servers.ts';
import type { Claim } from '../claim.ts';
import { type HostileSubmission, hostileSubmissions } from './hostile.ts';
import { layCanary, lookForTraces, runnersLeft } from './left-behind.ts';

export interface ProveAttacksOptions {
  servers: Servers;
  seed: number;
  /** Runs only those whose name holds this. */
  only?: string;
  /** Called when the first check of a submission has ended: its name. */
  onSubmission?: (name: string) => void;
}

/** After so many hostile submissions an honest neighbour is judged, by whichever worker takes it. */
const EVERY = 6;

/**
 * Judges the hostile submissions beside an honest one, and says whether each earned what it says and not more, was
 * reported as what it is, disturbed no neighbour, and left nothing behind.
 */
export async function proveAttacks(options: ProveAttacksOptions): Promise<Claim[]> {
  const { servers, seed, only = '', onSubmission } = options;
  const hostile = hostileSubmissions().filter(({ name }) => name.includes(only));
  const takeAway = await layCanary(servers);
  const claims: Claim[] = [];
  try {
    const before = await lookForTraces(servers);
    claims.push(...(await judge(hostile, { servers, seed, onSubmission })));
    const after = await lookForTraces(servers);
    claims.push(unchanged('the attacks leave no process behind', [], await runnersLeft()));
    for (const kind of ['files', 'redis', 'mysql'] as const) {
      claims.push(unchanged(names[kind], before[kind], after[kind]));
    }
  } finally {
    await takeAway();
  }
  return claims;
}

const names = {
  files: 'the attacks leave no file behind',
  redis: 'the attacks leave the keys of the shared Redis as they were',
  mysql: 'the attacks leave the schemas of the shared MySQL as they were',
};

interface Round {
  servers: Servers;
  seed: number;
  onSubmission: ((name: string) => void) | undefined;
}

/** An honest submission to one lab. */
interface Honest {
  lab: string;
  number: number;
}

/** The attacks on each lab, honest neighbours before them, among them and after them. */
function amongNeighbours(hostile: readonly HostileSubmission[]): (HostileSubmission | Honest)[] {
  return [...new Set(hostile.map(({ lab }) => lab))].flatMap((lab) => {
    const attacks = hostile.filter((one) => one.lab === lab);
    let number = 0;
    const order: (HostileSubmission | Honest)[] = [{ lab, number: ++number }];
    for (const [i, attack] of attacks.entries()) {
      order.push(attack);
      if (i % EVERY === EVERY - 1 || i === attacks.length - 1) order.push({ lab, number: ++number });
    }
    return order;
  });
}

async function judge(
  hostile: readonly HostileSubmission[],
  { servers, seed, onSubmission }: Round,
): Promise<Claim[]> {
  const honest = findSubmission('answers');
  const order = amongNeighbours(hostile);
  const { level } = await findIsolation();
  const begun = new Set<string>();
  const results = await runChecks({
    servers,
    submissions: order.map((one) => ({ ...('number' in one ? honest : one), labs: [one.lab] })),
    labs: [...new Set(order.map(({ lab }) => lab))],
    seed,
    onResult: (_, name) => {
      if (!begun.has(name)) onSubmission?.(name);
      begun.add(name);
    },
  });
  return order.flatMap((one, i) =>
    'number' in one ? [undisturbed(one, results[i]!)] : earnedAndTold(one, results[i]!, level),
  );
}

/** What is told where no module of Node's that an attack needs can be had: at level 1 it comes to nothing sooner. */
const keptOut = /tried to do what a lab may not/;

function earnedAndTold(
  { name, tries, earns, told }: HostileSubmission,
  result: LabResult,
  level: IsolationLevel,
): Claim[] {
  const infrastructure = result.checks.filter(({ outcome }) => outcome === 'infrastructure error');
  const said = [...result.checks.map(({ sentence }) => sentence ?? ''), ...result.warnings];
  const points = result.points === earns && result.maxPoints > 0;
  const named = said.some((sentence) => told.test(sentence) || (level === 1 && keptOut.test(sentence)));
  const trouble = [
    ...(points ? [] : [`it earned ${result.points} points, not ${earns}: ${passedOf(result)}`]),
    ...(named ? [] : [`its report never says ${told}, but: ${[...new Set(said)].join(' | ')}`]),
    ...infrastructure.slice(0, 1).map(({ id, sentence }) => `${id}: infrastructure error: ${sentence}`),
  ];
  return [
    {
      name: `${name} (${tries}) earns ${earns} and is told as what it is`,
      holds: trouble.length === 0,
      detail: trouble.length > 0 ? trouble.join('\n') : `${(result.durationMs / 1000).toFixed(1)} s`,
    },
  ];
}

const passedOf = ({ checks }: LabResult): string =>
  checks
    .filter(({ points }) => points > 0)
    .map(({ id }) => id)
    .join(', ');

function undisturbed({ lab, number }: Honest, result: LabResult): Claim {
  const failed = result.checks.filter(({ outcome }) => outcome !== 'passed');
  return {
    name: `honest neighbour ${number} of lab ${lab} keeps full points`,
    holds: result.maxPoints > 0 && result.points === result.maxPoints,
    detail:
      failed.length > 0
        ? [
            ...result.warnings,
            ...failed.slice(0, 3).map((c) => `${c.id} (${c.outcome}): ${c.sentence}`),
          ].join('\n')
        : `${result.points} of ${result.maxPoints}`,
  };
}

function unchanged(name: string, before: readonly string[], after: readonly string[]): Claim {
  const gone = before.filter((one) => !after.includes(one)).map((one) => `gone: ${one}`);
  const more = after.filter((one) => !before.includes(one)).map((one) => `new: ${one}`);
  const detail = [...gone, ...more].join('\n');
  return { name, holds: detail === '', ...(detail ? { detail } : {}) };
}
