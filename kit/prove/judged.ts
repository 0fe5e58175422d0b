import { isLeftOpen, MAX_ROUNDS } from '../judge/judged-again.ts';
import type { LabResult } from '../judge/result.ts';
import { runChecks } from '../judge/run-checks.ts';
import type { Servers } from '../servers/servers.ts';
import type { Subject } from './subjects.ts';
import { told } from './told.ts';

export interface JudgeOptions {
  servers: Servers;
  seed: number;
  /** Called when the first check of a submission has ended: its name. */
  onSubmission?: (name: string) => void;
  /** Ends the run: what has not ended by then is not told. */
  signal?: AbortSignal;
}

/** A subject and what the checks made of it. */
export interface Judged<One extends Subject> {
  subject: One;
  result: LabResult;
}

/**
 * Tries the checks of a lab on subjects, in their order, and tells each result as soon as it is known. What a busy machine
 * or a failed server left open is judged again when all others are done, one at a time, as `./lab grade` does.
 */
export async function* judged<One extends Subject>(
  lab: string,
  subjects: readonly One[],
  options: JudgeOptions,
): AsyncGenerator<Judged<One>> {
  yield* told<Judged<One>>(async (tell) => {
    let left = subjects;
    for (let round = 1; round <= MAX_ROUNDS && left.length > 0 && !options.signal?.aborted; round++) {
      const open: One[] = [];
      await judgeOnce(lab, left, {
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

async function judgeOnce<One extends Subject>(
  lab: string,
  subjects: readonly One[],
  given: JudgeOptions & { jobs?: number; onJudged: (one: Judged<One>) => void },
): Promise<void> {
  const { servers, seed, jobs, onSubmission, onJudged, signal } = given;
  const begun = new Set<string>();
  const ended = new Set<number>();
  const end = (result: LabResult, index: number) => {
    if (signal?.aborted || ended.has(index)) return;
    ended.add(index);
    onJudged({ subject: subjects[index]!, result });
  };
  const results = await runChecks({
    servers,
    submissions: subjects.map(({ submission }) => submission),
    labs: [lab],
    seed,
    onLab: end,
    onResult: (_, submission) => {
      if (!begun.has(submission)) onSubmission?.(submission);
      begun.add(submission);
    },
    ...(jobs ? { jobs } : {}),
    ...(signal ? { signal } : {}),
  });
  // What a judge that failed did not come to, it has as infrastructure errors.
  for (const [index, result] of results.entries()) end(result, index);
}
