import type { ServersDescription } from '../servers/servers.ts';
import type { Submission } from './submission.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the run's servers answer. */
    servers: ServersDescription;
    /** The seed of the run. */
    seed: number;
    /** Whose labs are judged. */
    submission: Submission;
  }
}
