import { MachineTooBusy } from './machine-too-busy.ts';
import { StudentError } from './runner/student-error.ts';

/** How long the judge's own commands wait for a Redis that is busy with what a student's code has asked of it, ms. */
export const BUSY_MS = 5_000;
/** How long the judge waits for a row that is locked, s: whoever is at it has it for milliseconds. */
export const LOCK_WAIT_S = 5;
/** MySQL's number for a row that stayed locked. */
const LOCK_WAIT_TIMEOUT = 1205;

/** What ioredis says of a command that had no answer in time. */
export const timedOut = (error: unknown): boolean =>
  (error as Error | undefined)?.message === 'Command timed out';

/**
 * What to tell where one of the judge's own commands gave up waiting. They wait for nothing of its own: what they waited
 * for in vain was the student's, unless the machine had little time for either.
 *
 * @param strained whether it had.
 * @returns undefined for any other error.
 */
export function waitedFor(error: unknown, strained: boolean): StudentError | MachineTooBusy | undefined {
  const waited = inVain(error);
  return waited && strained ? new MachineTooBusy(waited.message) : waited;
}

function inVain(error: unknown): StudentError | undefined {
  if (error instanceof StudentError) return undefined;
  if ((error as { errno?: number })?.errno === LOCK_WAIT_TIMEOUT)
    return new StudentError(
      'stray',
      `The judge waited ${LOCK_WAIT_S} s for rows that your code had locked in MySQL: it left a transaction open. COMMIT or ROLLBACK before the function resolves, also where it throws.`,
    );
  if (timedOut(error))
    return new StudentError(
      'stray',
      `The judge waited ${BUSY_MS / 1000} s for Redis, which was still busy with what your code had asked of it. A command or a script that runs for seconds stops everybody: read and write in smaller steps.`,
    );
  return undefined;
}
