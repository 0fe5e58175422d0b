import { sum } from '../../base/sum.ts';
import { judgedLabs } from './judged-labs.ts';
import { type ClassResult, maxPointsOf, type StudentResult } from './result-schema.ts';
import { WRITTEN_MAX } from './rubric.ts';

/** A student's points, the same in every format. */
export interface Score {
  /** Earned by checks. */
  checks: number;
  maxChecks: number;
  /** Given by the instructor for written answers. */
  written: number;
  maxWritten: number;
  total: number;
  max: number;
  /** Points of checks that could not be judged: neither earned nor lost. */
  open: number;
}

/**
 * The labs whose written answers the instructor has begun to grade. A written answer counts for the whole class once
 * one student has points for it, and before that for nobody, so that a total is never half of something.
 */
export function gradedInWriting({ labs, students }: ClassResult): string[] {
  const graded = new Set(
    students.flatMap(({ written }) =>
      written.filter(({ points }) => points !== undefined).map(({ lab }) => lab),
    ),
  );
  return labs.map(({ id }) => id).filter((id) => graded.has(id));
}

/**
 * A student's score. Its maximum is the manifest's, and 10 for each lab whose written answers were graded.
 *
 * @example scoreOf(zoe, result) // { checks: 23, maxChecks: 40, written: 0, maxWritten: 0, total: 23, max: 40, open: 4 }
 */
export function scoreOf(student: StudentResult, result: ClassResult): Score {
  return scorer(result)(student);
}

/** The same for many students of a class. */
export function scorer(result: ClassResult): (student: StudentResult) => Score {
  const maxChecks = maxPointsOf(result);
  const graded = gradedInWriting(result);
  const maxWritten = graded.length * WRITTEN_MAX;
  return (student) => {
    const labs = judgedLabs(student, result);
    const checks = sum(labs.map(({ points }) => points));
    const open = sum(labs.map((lab) => lab.open));
    const given = student.written.filter(({ lab }) => graded.includes(lab));
    const written = sum(given.map(({ points = 0 }) => points));
    return {
      checks,
      maxChecks,
      written,
      maxWritten,
      total: checks + written,
      max: maxChecks + maxWritten,
      open,
    };
  };
}
