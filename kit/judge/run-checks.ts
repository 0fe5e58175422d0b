import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { rootFolder } from '../base/root.ts';
import type { Servers } from '../servers/servers.ts';
import { dropGenerated } from './generated.ts';
import type { ManifestLab } from './manifest.ts';
import { handOut } from './queue/hand-out.ts';
import type { Task } from './queue/messages.ts';
import { startWorkers } from './queue/workers.ts';
import type { CheckResult, LabResult } from './result.ts';
import { Results } from './results.ts';
import { prune } from './runner/prune.ts';
import { transpiledFolder } from './runner/transpile.ts';
import { fileOf, type Submission } from './submission.ts';
import { usualJobs } from './usual-jobs.ts';

export interface RunOptions {
  servers: Servers;
  /** What to judge, and of it only some labs or checks where that is said. */
  submissions: readonly (Submission & { labs?: readonly string[]; checks?: readonly string[] })[];
  /** Ids of the labs to judge. */
  labs: readonly string[];
  seed: number;
  /** Workers that judge side by side, default `usualJobs()`. Each has a Redis and a schema of its own. */
  jobs?: number;
  /** Called once, before any student code runs: every check with its points. */
  onManifest?: (manifest: readonly ManifestLab[]) => void;
  /** Called after each check. */
  onResult?: (result: CheckResult, submission: string) => void;
  /** Called when the last check of a lab of a submission has ended: the submission's number. */
  onLab?: (result: LabResult, index: number) => void;
  /** Ends the run: what has begun is left unfinished, what was not begun is not judged. */
  signal?: AbortSignal;
  /** The check files of a lab, where they are not its own: for tests of the judge. */
  filesOf?: (lab: string) => string[];
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
  const { servers, seed, jobs = usualJobs(), onResult, onLab, signal } = options;
  const tasks = await Promise.all(
    options.submissions.map((submission, index) => task(submission, { index, labs: options.labs })),
  );
  const results = new Results({ tasks, seed, servers: serversSentence(servers) });
  const queue = await handOut(tasks, (message) => {
    if (message.type === 'ready' && results.begin(message)) options.onManifest?.(message.manifest);
    if (message.type === 'check') {
      results.add(message);
      onResult?.(message.result, tasks[message.index]!.name);
    }
    if (message.type === 'lab') onLab?.(results.of(message.index, message.lab), message.index);
  });
  signal?.addEventListener('abort', queue.close, { once: true });
  try {
    const files = Object.fromEntries(options.labs.map((lab) => [lab, (options.filesOf ?? checkFiles)(lab)]));
    const provide = { servers: servers.describe(), seed, queue: { path: queue.path, files } };
    const trouble = await startWorkers({ jobs: Math.min(jobs, tasks.length), provide });
    if (!signal?.aborted) results.trouble(trouble);
  } finally {
    signal?.removeEventListener('abort', queue.close);
    await queue.close();
    await dropGenerated(servers, seed);
    await prune(transpiledFolder()); // what was handed in and judged long ago
  }
  return results.all();
}

async function task(
  submission: RunOptions['submissions'][number],
  { index, labs }: { index: number; labs: readonly string[] },
): Promise<Task> {
  const { name, checks } = submission;
  const files = (submission.labs ?? labs).map(async (id) => ({ id, file: await fileOf(submission, id) }));
  return { index, name, labs: await Promise.all(files), ...(checks ? { checks } : {}) };
}

/** The files that define a lab's checks: its own and, where the course has one, the hidden ones. */
export function checkFiles(lab: string): string[] {
  return [`test/${lab}.test.ts`, `test/hidden/${lab}.test.ts`]
    .map((name) => join(rootFolder(), name))
    .filter((path) => existsSync(path));
}
