import type { Servers } from '../servers/servers.ts';
import { checkFilesOf } from './check-files.ts';
import { dropGenerated, generate } from './generated.ts';
import type { ManifestLab } from './manifest.ts';
import type { FromWorker, Task } from './queue/messages.ts';
import { judgeInWorkers } from './queue/pool.ts';
import { WorkerProcess } from './queue/worker-process.ts';
import type { CheckResult, LabResult } from './result.ts';
import { Results } from './results.ts';
import { transpiledFolder } from './runner/bundle.ts';
import { prune } from './runner/prune.ts';
import { fileOf, type Submission } from './submission.ts';
import { usualJobs } from './usual-jobs.ts';

export interface RunOptions {
  servers: Servers;
  /** What to judge, and of it only some labs or checks, or those up to the first failed one, where that is said. */
  submissions: readonly (Submission & { labs?: readonly string[] } & Pick<Task, 'checks' | 'untilFailed'>)[];
  /** Ids of the labs to judge. */
  labs: readonly string[];
  seed: number;
  /** Workers that judge side by side, default `usualJobs()`. Each has a Redis and a schema of its own. */
  jobs?: number;
  /**
   * Whether each worker has a MySQL of its own from the beginning, where one can be started: what one submission does to it
   * no other feels. Default false: it gets one where a submission has spoilt the run's.
   */
  ownMysql?: boolean;
  /** Called once, before any student code runs: every check with its points. */
  onManifest?: (manifest: readonly ManifestLab[]) => void;
  /** Called after each check. */
  onResult?: (result: CheckResult, submission: string) => void;
  /** Called when the last check of a lab of a submission has ended: the submission's number. */
  onLab?: (result: LabResult, index: number) => void;
  /** Ends the run: what has begun is left unfinished, what was not begun is not judged. */
  signal?: AbortSignal;
  /** Makes a worker; default one that holds the checks of `labs`. It is called once for each job, and for one that died. */
  newWorker?: () => WorkerProcess;
}

/** One sentence that names both servers: `'MariaDB 10.11.19 and Redis 7.0.15 (local)'`. */
export function serversSentence({ mysqlVersion: m, redisVersion: r, source }: Servers): string {
  return `${m.flavour} ${m.version} and ${r.flavour} ${r.version} (${source})`;
}

/**
 * Judges labs of one or many submissions: workers, each a process with servers of its own, take the submissions from
 * one queue. Student code runs in runner processes, never in this one nor in a worker.
 *
 * @returns a result for each submission and lab, in their order. A judge that failed shows as infrastructure errors,
 *   as does what an aborted run did not reach.
 */
export async function runChecks(options: RunOptions): Promise<LabResult[]> {
  const { servers, seed, jobs = usualJobs(), ownMysql = false, onResult, onLab, signal } = options;
  const tasks = await Promise.all(
    options.submissions.map((submission, index) => task(submission, { index, labs: options.labs })),
  );
  const results = new Results({ tasks, seed, servers: serversSentence(servers) });
  let generating: Promise<void> | undefined;
  // Made here, beside the first checks: a worker is at work, and this process waits. A check that cannot have it says why.
  const generateAll = async (sizes: readonly number[]) => {
    for (const orders of new Set(sizes)) await generate(servers.mysql, { orders, seed }).catch(() => {});
  };
  const heard = (message: FromWorker) => {
    if (message.type === 'ready' && results.begin(message)) {
      options.onManifest?.(message.manifest);
      if (!ownMysql) generating = generateAll(message.generated);
    }
    if (message.type === 'check') {
      results.add(message);
      onResult?.(message.result, tasks[message.index]!.name);
    }
    if (message.type === 'lab') onLab?.(results.of(message.index, message.lab), message.index);
  };
  const newWorker = options.newWorker ?? (() => new WorkerProcess(checkFilesOf(options.labs)));
  try {
    const trouble = await judgeInWorkers({
      tasks,
      jobs: Math.min(jobs, tasks.length),
      newWorker,
      servers: servers.describe(),
      ownMysql,
      seed,
      heard,
      signal,
    });
    if (!signal?.aborted) results.trouble(trouble);
  } finally {
    await generating;
    await Promise.all([
      dropGenerated(servers, seed),
      prune(transpiledFolder()), // what was handed in and judged long ago
    ]);
  }
  return results.all();
}

async function task(
  submission: RunOptions['submissions'][number],
  { index, labs }: { index: number; labs: readonly string[] },
): Promise<Task> {
  const { name, checks, untilFailed = false } = submission;
  const files = (submission.labs ?? labs).map(async (id) => ({ id, file: await fileOf(submission, id) }));
  return { index, name, labs: await Promise.all(files), untilFailed, ...(checks ? { checks } : {}) };
}
