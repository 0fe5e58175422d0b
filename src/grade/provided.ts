import type { ServersDescription } from '../servers/servers.ts';
import type { Failure } from './result.ts';
import type { Submission } from './submission.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the run's servers answer. */
    servers: ServersDescription;
    /** Whose labs are judged. */
    submission: Submission;
    /** The seed of the run. */
    seed: number;
  }

  interface TaskMeta {
    /** Present on a graded check: its id and points, known before any student code runs. */
    check?: { id: string; points: number };
    /** What to tell the student, where the check did not pass. */
    failure?: Failure;
    /** Where the judge's own servers failed. */
    infrastructure?: string;
    /** What the student's code printed during the check, bounded. */
    output?: string;
  }
}
