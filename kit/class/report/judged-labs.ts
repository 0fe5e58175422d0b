import { sum } from '../../base/sum.ts';
import type { ManifestLab } from '../../judge/manifest.ts';
import { type CheckResult, type LabResult, unjudgedPoints } from '../../judge/result.ts';
import type { ClassResult, StudentResult } from './result-schema.ts';

/** A lab of a student as every report shows it: each check of the manifest once, in its order, whatever ran. */
export interface JudgedLab {
  lab: ManifestLab;
  /** '03' */
  number: string;
  checks: CheckResult[];
  points: number;
  maxPoints: number;
  /** Points that could not be judged: neither earned nor lost. */
  open: number;
  result: LabResult | undefined;
}

/**
 * A student's labs by the manifest. A check of the manifest without a result is an infrastructure error, one that the
 * manifest does not list counts nothing, and none gives more than its points there.
 */
export function judgedLabs(student: StudentResult, { labs }: Pick<ClassResult, 'labs'>): JudgedLab[] {
  return labs.map((lab) => {
    const result = student.labs.find((one) => one.lab === lab.id);
    const checks = lab.checks.map(({ id, title, points }): CheckResult => {
      const found = result?.checks.find((one) => one.id === id);
      const base = { id, title, maxPoints: points };
      if (found) return { ...found, ...base, points: found.outcome === 'passed' ? points : 0 };
      const sentence = 'The judge has no result of this check.';
      return { ...base, points: 0, outcome: 'infrastructure error', sentence, durationMs: 0 };
    });
    return {
      lab,
      number: lab.id.slice(0, 2),
      checks,
      points: sum(checks.map(({ points }) => points)),
      maxPoints: lab.maxPoints,
      open: unjudgedPoints({ checks }),
      result,
    };
  });
}

/** What the judge's own time was spent on, in milliseconds. */
export const timeOf = ({ labs }: StudentResult): number => sum(labs.map(({ durationMs }) => durationMs));
