import { catalog } from '../catalog.ts';
import type { LabResult } from '../grade/result.ts';
import { runChecks } from '../grade/run-checks.ts';
import { findSubmission, type Submission } from '../grade/submission.ts';
import type { Servers } from '../servers/servers.ts';
import type { Claim } from './claim.ts';
import { committedStub } from './committed-stub.ts';
import { type KeptSolution, keptSolutions } from './solutions.ts';

export interface ProveOptions {
  servers: Servers;
  seed: number;
  /** Also the wrong solutions, and with them what each check catches. True unless told. */
  wrong?: boolean;
  /** Called when the first check of a submission has ended: its name. */
  onSubmission?: (name: string) => void;
}

/**
 * Judges, for every lab, the worked answer, the stub as committed, each kept wrong solution and each kept right one,
 * and says whether the checks told them apart: full points, nothing, the check meant for it failed, full points. A
 * check that no wrong solution fails proves nothing, and is a claim that does not hold.
 */
export async function proveLabs({
  servers,
  seed,
  wrong: withWrong = true,
  onSubmission,
}: ProveOptions): Promise<Claim[]> {
  const claims: Claim[] = [];
  for (const { id: lab } of catalog) {
    const wrong = withWrong ? keptSolutions('wrong', lab) : [];
    const right = keptSolutions('right', lab);
    const kept = [...right, ...wrong];
    const stub = await committedStub(lab);
    const submissions: Submission[] = [
      findSubmission('answers'),
      stub,
      ...kept.map(({ name, path }) => ({ name, path })),
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
    const [answer, zero, ...others] = results as [LabResult, LabResult, ...LabResult[]];
    claims.push(fullPoints(`answers/${lab}.md scores full points`, answer));
    claims.push({
      name: `labs/${lab}.ts, the stub, scores nothing`,
      holds:
        zero.points === 0 && zero.maxPoints > 0 && zero.checks.every(({ outcome }) => outcome === 'failed'),
      detail: `${zero.points} of ${zero.maxPoints}`,
    });
    for (const [i, solution] of kept.entries()) {
      const result = others[i]!;
      const name = `test/${solution.fails ? 'wrong' : 'right'}/${lab}/${solution.name}.ts`;
      claims.push(
        solution.fails
          ? caught(name, solution.fails, result)
          : fullPoints(`${name} scores full points`, result),
      );
    }
    if (withWrong) claims.push(...discrimination(answer, wrong, others.slice(right.length)));
  }
  return claims;
}

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
          : 'only that'
        : `${check}: ${outcome}\n${trouble(result)}`,
  };
}

function discrimination(answer: LabResult, wrong: KeptSolution[], results: LabResult[]): Claim[] {
  return answer.checks.map(({ id }) => {
    const failing = results.map(
      (r) => new Set(r.checks.filter((c) => c.outcome === 'failed').map((c) => c.id)),
    );
    const by = wrong.filter((_, i) => failing[i]?.has(id)).map(({ name }) => name);
    const alone = wrong
      .filter((_, i) => failing[i]?.has(id) && failing[i].size === 1)
      .map(({ name }) => name);
    return {
      name: `${id} catches a wrong solution`,
      holds: by.length > 0,
      detail: alone.length > 0 ? `alone: ${alone.join(', ')}` : `with others: ${by.join(', ')}`,
    };
  });
}
