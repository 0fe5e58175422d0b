import { sum } from '../../sum.ts';
import type { LabResult } from '../result.ts';

/** How far student code was shut in: 3 bubblewrap, 2 a container without network, 1 Node's permissions and limits. */
export type IsolationLevel = 1 | 2 | 3;

/** What this host reached, and why no more. */
export interface Isolation {
  level: IsolationLevel;
  /** 'level 3: bubblewrap, all namespaces, as user 65534' */
  sentence: string;
}

/** One check as the manifest lists it, before any student code runs. */
export interface ManifestCheck {
  id: string;
  title: string;
  points: number;
}

/** One lab as the manifest lists it. */
export interface ManifestLab {
  id: string;
  title: string;
  maxPoints: number;
  checks: ManifestCheck[];
}

/** What the program can say of a written answer. Its prose is never scored by the program. */
export interface WrittenAnswer {
  lab: string;
  title: string;
  /** `answers/03-hset-mapping.md`, relative to the submission. */
  file: string;
  /** `template`: the file as it was handed out, or without a word of the student's. */
  state: 'missing' | 'template' | 'present';
  /** Whether it answers under the question's heading. */
  underHeading: boolean;
  /** Whether code or terminal output illustrates it, the course's own rule. */
  illustrated: boolean;
  /** Facts as sentences, for the student: 'Nothing stands under the heading "Your answer".' */
  remarks: string[];
  /** Where its `ts` fences define functions of the lab: what the checks say of them. Never part of the points. */
  code?: LabResult;
  /** The answer as HTML: no raw HTML of the student's, no remote picture. Absent where there is none. */
  html?: string;
  /** What the instructor gave in the CSV column, once imported. */
  points?: number;
}

/** One student of a class. */
export interface StudentResult {
  /** As the folder or archive is named: 'Zoë Müller'. */
  student: string;
  /** A file name for the student's reports, unique in the class and harmless everywhere: 'zoe-muller'. */
  slug: string;
  /** One for each lab of the run, in the manifest's order, whatever was handed in. */
  labs: LabResult[];
  written: WrittenAnswer[];
  /** What was missing, left out or refused when the submission was read, as sentences. */
  notes: string[];
}

/** A whole class: what every report is made from. */
export interface ClassResult {
  version: 1;
  /** Name of the folder that was graded. */
  name: string;
  seed: number;
  /** 'MariaDB 10.11.19 and Redis 7.0.15 (local)' */
  servers: string;
  isolation: Isolation;
  labs: ManifestLab[];
  students: StudentResult[];
  /** What lay beside the submissions and is none, as sentences. */
  skipped: string[];
  /** ISO 8601, UTC. */
  startedAt: string;
  finishedAt: string;
}

/** Points of the whole manifest: the same for every student, whichever checks could run. */
export const maxPointsOf = ({ labs }: Pick<ClassResult, 'labs'>): number =>
  sum(labs.map((lab) => lab.maxPoints));
