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

/** Tries the checks of a lab on subjects, in their order, and tells each result as soon as it is known. */
export async function* judged<One extends Subject>(
  lab: string,
  subjects: readonly One[],
  { servers, seed, onSubmission, signal }: JudgeOptions,
): AsyncGenerator<Judged<One>> {
  if (subjects.length === 0) return;
  const begun = new Set<string>();
  yield* told<Judged<One>>(async (tell) => {
    const ended = new Set<number>();
    const end = (result: LabResult, index: number) => {
      if (signal?.aborted || ended.has(index)) return;
      ended.add(index);
      tell({ subject: subjects[index]!, result });
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
      ...(signal ? { signal } : {}),
    });
    // What a judge that failed did not come to, it has as infrastructure errors.
    for (const [index, result] of results.entries()) end(result, index);
  });
}
