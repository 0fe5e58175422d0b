import { isLeftOpen, MAX_ROUNDS } from '../judge/judged-again.ts';
import type { LabResult } from '../judge/result.ts';
import { runChecks } from '../judge/run-checks.ts';
import type { Servers } from '../servers/servers.ts';
import type { Subject } from './subjects.ts';
import { told } from './told.ts';

export interface JudgeOptions {
  servers: Servers;
  seed: number;
  /** Workers that judge side by side, default `usualJobs()`. */
  jobs?: number;
  /** What else of this run keeps the machine busy: what was left open is judged again when that has ended. */
  beside?: Promise<unknown>;
  /** Ends the run: what has not ended by then is not told. */
  signal?: AbortSignal;
}

/** What is tried: of a subject only the lab and the file. */
type Tried = Pick<Subject, 'lab' | 'submission'>;

/** A subject and what the checks made of it. */
export interface Judged<One extends Tried> {
  subject: One;
  result: LabResult;
}

/**
 * Tries on each subject the checks of its lab, in their order, and tells each result as soon as it is known. What a busy
 * machine or a failed server left open is judged again when all others are done, one at a time, as `./lab grade` does.
 *
 * @param subjects of one lab or of many: one run judges them, so that no worker waits for the last of a lab.
 */
export async function* judged<One extends Tried>(
  subjects: readonly One[],
  options: JudgeOptions,
): AsyncGenerator<Judged<One>> {
  yield* told<Judged<One>>(async (tell) => {
    let left = subjects;
    for (let round = 1; round <= MAX_ROUNDS && left.length > 0 && !options.signal?.aborted; round++) {
      if (round > 1) await options.beside?.catch(() => {});
      const open: One[] = [];
      await judgeOnce(left, {
        ...options,
        ...(round > 1 ? { jobs: 1 } : {}),
        onJudged: (one) => {
          if (round < MAX_ROUNDS && isLeftOpen(one.result)) open.push(one.subject);
          else tell(one);
        },
      });
      left = open;
    }
  });
}

async function judgeOnce<One extends Tried>(
  subjects: readonly One[],
  given: JudgeOptions & { onJudged: (one: Judged<One>) => void },
): Promise<void> {
  const { servers, seed, jobs, onJudged, signal } = given;
  const labs = [...new Set(subjects.map(({ lab }) => lab))];
  const ended = new Set<number>();
  const end = (result: LabResult, index: number) => {
    if (signal?.aborted || ended.has(index)) return;
    ended.add(index);
    onJudged({ subject: subjects[index]!, result });
  };
  const results = await runChecks({
    servers,
    submissions: subjects.map(({ submission, lab }) => ({ ...submission, labs: [lab] })),
    labs,
    seed,
    onLab: end,
    ...(jobs ? { jobs } : {}),
    ...(signal ? { signal } : {}),
  });
  // What a judge that failed did not come to, it has as infrastructure errors.
  for (const [index, result] of results.entries()) end(result, index);
}
