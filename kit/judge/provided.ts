import type { ServersDescription } from '../servers/servers.ts';
import type { Submission } from './submission.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the run's servers answer. */
    servers: ServersDescription;
    /** The seed of the run. */
    seed: number;
    /** Under `npx vitest`: whose labs are judged. */
    submission?: Submission;
    /** In a run of the kit: where its queue answers, and the check files of each lab. */
    queue?: { path: string; files: Record<string, string[]> };
  }
}
