import { sentenceOfCrash } from './crashed.ts';
import type { Environment } from './environment.ts';
import { MachineTooBusy } from './machine-too-busy.ts';
import { StudentError } from './runner/student-error.ts';

/**
 * Looks, when a check is over, whether the student's code has cost a server of the judge's.
 *
 * @param strained whether the machine had little time: then nobody knows why a server was slow.
 * @returns what to tell of it, in place of all else; undefined where the servers are as they should be.
 */
export async function brokenServer(
  env: Environment,
  { strained }: { strained: boolean },
): Promise<StudentError | MachineTooBusy | undefined> {
  const ended = await env.health.endStatements().catch(() => true); // what is wrong with MySQL, its log or the next reset says
  const crash = await env.health.crash();
  const crashed = crash && sentenceOfCrash(crash);
  if (crashed) return new StudentError('stray', crashed);
  if (ended) return undefined;
  if (strained) return new MachineTooBusy('MySQL was still busy with what your code had asked of it');
  return new StudentError(
    'stray',
    'Your code had MySQL do something that goes on for ever, and that MySQL does not stop when it is told to (KILL). The judge had to throw that MySQL away. Look for a statement that computes on a very large text, such as REPLACE() or REGEXP on the result of REPEAT(): let MySQL find the rows, and compute in your own code.',
  );
}
