import { catalog } from '../../src/catalog.ts';
import { committedStub } from '../judge/committed-stub.ts';
import type { LabResult } from '../judge/result.ts';
import { runChecks } from '../judge/run-checks.ts';
import { drawFor } from '../judge/seed.ts';
import { findSubmission } from '../judge/submission.ts';
import type { Servers } from '../servers/servers.ts';
import type { Claim } from './claim.ts';
import { doNothing } from './do-nothing.ts';
import type { KeptSolution } from './kept-solution.ts';
import type { TeachersProofs } from './teachers-proofs.ts';

export interface ProveOptions {
  /** The worked answers and kept solutions to try; undefined in a students' edition, which has none. */
  teachers: TeachersProofs | undefined;
  servers: Servers;
  seed: number;
  /**
   * Which wrong solutions are tried, and on what: one for each check, drawn by the seed, on the checks that it names
   * (`drawn`); all of them on all checks of the lab, which also says what a check catches alone; or none. `drawn` unless
   * told.
   */
  wrong?: 'drawn' | 'all' | 'none';
  /** Called when the first check of a submission has ended: its name. */
  onSubmission?: (name: string) => void;
}

/**
 * Judges, for every lab, the worked answer, the stub as committed, each kept wrong solution and each kept right one,
 * and says whether the checks told them apart: full points, nothing, the check meant for it failed, full points. A
 * check that no wrong solution fails proves nothing, and is a claim that does not hold. A students' edition holds the
 * stub alone.
 */
export async function proveLabs({
  servers,
  teachers,
  seed,
  wrong: mode = 'drawn',
  onSubmission,
}: ProveOptions): Promise<Claim[]> {
  const claims: Claim[] = [];
  const answers = teachers !== undefined;
  for (const { id: lab } of catalog) {
    const wrong = drawn((await teachers?.keptSolutions('wrong', lab)) ?? [], { lab, mode, seed });
    const right = (await teachers?.keptSolutions('right', lab)) ?? [];
    const kept = [...right, ...wrong];
    const stub = await committedStub(lab);
    const submissions = [
      ...(answers ? [findSubmission('answers')] : []),
      stub,
      await doNothing(lab),
      ...kept.map(({ name, path, fails }) =>
        mode === 'drawn' && fails.length > 0 ? { name, path, checks: fails } : { name, path },
      ),
    ];
    const begun = new Set<string>();
    const results = await runChecks({
      servers,
      submissions,
      labs: [lab],
      seed,
      onResult: (_, submission) => {
        if (!begun.has(submission)) onSubmission?.(submission);
        begun.add(submission);
      },
    });
    const answer = answers ? results.shift() : undefined;
    const [zero, nothing, ...others] = results as [LabResult, LabResult, ...LabResult[]];
    if (answer) claims.push(fullPoints(`answers/${lab}.md scores full points`, answer));
    claims.push({
      name: `labs/${lab}.ts, the stub, scores nothing`,
      holds:
        zero.points === 0 && zero.maxPoints > 0 && zero.checks.every(({ outcome }) => outcome === 'failed'),
      detail: `${zero.points} of ${zero.maxPoints}`,
    });
    claims.push({
      name: `functions of ${lab} that do nothing score nothing`,
      holds: nothing.points === 0 && nothing.maxPoints > 0,
      detail: nothing.points === 0 ? `0 of ${nothing.maxPoints}` : passedBy(nothing),
    });
    for (const [i, solution] of kept.entries()) {
      const result = others[i]!;
      const { source, fails } = solution;
      if (fails.length > 0) claims.push(...fails.map((check) => caught(source, check, result)));
      else claims.push(fullPoints(`${source} scores full points`, result));
    }
    if (mode !== 'none' && answer)
      claims.push(
        ...discrimination(answer, wrong, { results: others.slice(right.length), all: mode === 'all' }),
      );
  }
  return claims;
}

/**
 * The wrong solutions that a run tries: all, none or, for each check, one of those that are kept for it, drawn by the
 * seed, so that many short runs try them all.
 */
function drawn(
  all: KeptSolution[],
  { lab, mode, seed }: { lab: string; mode: NonNullable<ProveOptions['wrong']>; seed: number },
): KeptSolution[] {
  if (mode === 'none') return [];
  if (mode === 'all') return all;
  const draw = drawFor(seed, `wrong solutions of ${lab}`);
  const checks = [...new Set(all.flatMap(({ fails }) => fails))].sort();
  const chosen = new Set(checks.map((check) => draw.pick(all.filter(({ fails }) => fails.includes(check)))));
  return all.filter((solution) => chosen.has(solution));
}

const passedBy = ({ checks }: LabResult): string =>
  `passed ${checks.flatMap(({ id, outcome }) => (outcome === 'passed' ? [id] : [])).join(', ')}`;

function trouble(result: LabResult): string {
  const failed = result.checks.filter(({ outcome }) => outcome !== 'passed');
  return [
    ...result.warnings,
    ...failed.map((c) => `${c.id} (${c.outcome}): ${c.sentence} ${c.got ? `got ${c.got}` : ''}`),
  ].join('\n');
}

function fullPoints(name: string, result: LabResult): Claim {
  const holds = result.maxPoints > 0 && result.points === result.maxPoints;
  return { name, holds, detail: holds ? `${result.points} of ${result.maxPoints}` : trouble(result) };
}

function caught(name: string, check: string, result: LabResult): Claim {
  const outcome = result.checks.find(({ id }) => id === check)?.outcome ?? 'not a check of this lab';
  const also = result.checks.filter((c) => c.outcome !== 'passed' && c.id !== check).map(({ id }) => id);
  const infrastructure = result.checks.some((c) => c.outcome === 'infrastructure error');
  return {
    name: `${name} fails ${check}`,
    holds: outcome === 'failed' && !infrastructure,
    detail:
      outcome === 'failed'
        ? also.length > 0
          ? `also ${also.join(', ')}`
          : 'no other that ran'
        : `${check}: ${outcome}\n${trouble(result)}`,
  };
}

/** Which wrong solutions each check failed and, where all checks ran on all of them, which only it did. */
function discrimination(
  answer: LabResult,
  wrong: KeptSolution[],
  { results, all }: { results: LabResult[]; all: boolean },
): Claim[] {
  const failing = results.map(
    ({ checks }) => new Set(checks.filter((c) => c.outcome === 'failed').map((c) => c.id)),
  );
  return answer.checks.map(({ id }) => {
    const by = wrong.filter((_, i) => failing[i]?.has(id)).map(({ name }) => name);
    const alone = wrong
      .filter((_, i) => failing[i]?.has(id) && failing[i].size === 1)
      .map(({ name }) => name);
    const told = alone.length > 0 ? `alone: ${alone.join(', ')}` : `with others: ${by.join(', ')}`;
    return {
      name: `${id} catches a wrong solution`,
      holds: by.length > 0,
      detail: all ? told : by.join(', '),
    };
  });
}
