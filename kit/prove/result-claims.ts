import { isLeftOpen } from '../judge/judged-again.ts';
import { isLost, type LabResult, type Outcome } from '../judge/result.ts';
import type { Claim } from './claim.ts';

/** That a solution earns all the points there are. */
export function fullPoints(name: string, result: LabResult): Claim {
  const holds = result.maxPoints > 0 && result.points === result.maxPoints;
  return { name, holds, detail: holds ? `${result.points} of ${result.maxPoints}` : trouble(result) };
}

/** That the stub earns nothing, and that each check failed it: none was left out. */
export function stubScoresNothing(name: string, { points, maxPoints, checks }: LabResult): Claim {
  const failed = checks.every(({ outcome }) => isLost(outcome));
  return {
    name,
    holds: points === 0 && maxPoints > 0 && failed,
    detail: `${points} of ${maxPoints}`,
  };
}

/** That functions which are there, and do nothing to the point, earn nothing. */
export function scoresNothing(name: string, result: LabResult): Claim {
  return {
    name,
    holds: result.points === 0 && result.maxPoints > 0,
    detail: result.points === 0 ? `0 of ${result.maxPoints}` : passedBy(result),
  };
}

/** That no check stumbles over it: whatever a student's code does is the student's to mend, never the judge's fault. */
export function neverOurs(name: string, result: LabResult): Claim {
  const ours = result.checks.filter(({ outcome }) => outcome === 'infrastructure error');
  return {
    name,
    holds: ours.length === 0 && result.points < result.maxPoints,
    detail: ours.map(({ id, sentence }) => `${id}: ${sentence}`).join('\n'),
  };
}

/** That a wrong solution fails the check that it is kept for. */
export function fails(name: string, check: string, result: LabResult): Claim {
  const outcome = result.checks.find(({ id }) => id === check)?.outcome;
  const also = result.checks.filter((c) => c.outcome !== 'passed' && c.id !== check).map(({ id }) => id);
  const holds = outcome === 'failed' && !isLeftOpen(result);
  const others = also.length > 0 ? `also ${also.join(', ')}` : 'no other that ran';
  const why = [outcome === 'failed' ? '' : notFailed(check, outcome), trouble(result)].filter(Boolean);
  return { name: `${name} fails ${check}`, holds, detail: holds ? others : why.join('\n') };
}

/** Why a solution does not fail a check, in a sentence that says what to do. */
function notFailed(check: string, outcome: Outcome | undefined): string {
  if (!outcome) return `${check} is no check of this lab: name another one in its "fails".`;
  if (outcome === 'passed')
    return `${check} passed: sharpen it, or name in "fails" the check that this mistake belongs to.`;
  return `${check}: ${outcome}`;
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
