import { sum } from '../base/sum.ts';

/**
 * How a check ended. `not reached`: what it is about fails already without what it disturbs (a crash, a race, an error);
 * another check says why, and these points are lost with that one's. `not gradable`: this host lacks what it needs (the reason is given). `infrastructure error`:
 * the judge's own servers failed, twice, or the check itself did; neither is ever counted as a zero.
 */
export type Outcome = 'passed' | 'failed' | 'not reached' | 'not gradable' | 'infrastructure error';

/** Why a check did not pass. */
export interface Failure {
  /** The likely mistake, or what the student's code did, in a sentence or two. */
  sentence: string;
  /** The values behind it, as text: what the check expected and what it got. */
  expected?: string;
  got?: string;
  /** Line in the student's file, from 1. */
  line?: number;
  /** What a trip or command budget was about: the wire view as text. */
  wire?: string;
}

/** One check of a lab. */
export interface CheckResult extends Partial<Failure> {
  /** `01.wait.first`; it stays the same when a title is reworded. */
  id: string;
  title: string;
  points: number;
  maxPoints: number;
  outcome: Outcome;
  durationMs: number;
}

/** One lab of one submission. */
export interface LabResult {
  lab: string;
  title: string;
  submission: string;
  /** The file graded, relative to the repository where it lies in it. */
  file: string;
  /** Draws the inputs; the same seed draws the same. */
  seed: number;
  /** 'MariaDB 10.11.19 and Redis 7.0.15 (local)' */
  servers: string;
  points: number;
  maxPoints: number;
  checks: CheckResult[];
  /** Facts that cost no points: type errors, a slower fallback. */
  warnings: string[];
  /** What the student's code printed, bounded. */
  output: string;
  durationMs: number;
}

/** What a program reads from `./lab check --json`. */
export interface CheckReport {
  version: 1;
  labs: LabResult[];
  points: number;
  maxPoints: number;
}

/** True of what could not be judged: its points are neither earned nor lost. */
export const isOpen = (outcome: Outcome): boolean =>
  outcome === 'not gradable' || outcome === 'infrastructure error';

/** True of what the student's code lost. */
export const isLost = (outcome: Outcome): boolean => outcome === 'failed' || outcome === 'not reached';

/** Points of checks that could not be judged, here or at all: neither earned nor lost. */
export function unjudgedPoints({ checks }: Pick<LabResult, 'checks'>): number {
  return sum(checks.filter(({ outcome }) => isOpen(outcome)).map(({ maxPoints }) => maxPoints));
}

/** True only where every check of every lab passed. */
export function isFullMarks(report: CheckReport): boolean {
  return (
    report.labs.length > 0 &&
    report.labs.every(({ checks }) => checks.length > 0 && checks.every((c) => c.outcome === 'passed'))
  );
}
