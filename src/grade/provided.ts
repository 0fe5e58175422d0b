import type { ServersDescription } from '../servers/servers.ts';
import type { Failure } from './result.ts';
import type { Submission } from './submission.ts';

/** A submission and its number in the run, from 0, by which results find their way back. */
export interface NumberedSubmission {
  index: number;
  submission: Submission;
  /** Ids of the only checks to run on it; all unless told. */
  checks?: readonly string[];
}

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the run's servers answer. */
    servers: ServersDescription;
    /** Whose labs are judged, with their numbers in the run. */
    submissions: NumberedSubmission[];
    /** The seed of the run. */
    seed: number;
  }

  interface TaskMeta {
    /** Present on a graded check: its id, points and whose it is, known before any student code runs. */
    check?: { id: string; points: number; submission: number };
    /** What to tell the student, where the check did not pass. */
    failure?: Failure;
    /** Where the judge's own servers failed. */
    infrastructure?: string;
    /** What the student's code printed during the check, bounded. */
    output?: string;
  }
}
