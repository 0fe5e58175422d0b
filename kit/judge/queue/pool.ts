import type { ServersDescription } from '../../servers/servers.ts';
import type { FromWorker, Task } from './messages.ts';
import { Turns } from './turns.ts';
import type { WorkerProcess } from './worker-process.ts';

export interface PoolOptions {
  /** Taken one by one, by whichever worker is free. */
  tasks: readonly Task[];
  /** How many workers. */
  jobs: number;
  newWorker(): WorkerProcess;
  servers: ServersDescription;
  /** Whether each worker begins with a MySQL of its own, where one can be started. */
  ownMysql: boolean;
  seed: number;
  /** Told all that workers say. What it throws ends the pool. */
  heard(message: FromWorker): void;
  /** Ends the pool: each worker ends after the check that it is at, and is heard no more. */
  signal?: AbortSignal | undefined;
}

/**
 * Judges tasks in worker processes. A worker that dies, or says nothing for too long, takes the task along that it was at,
 * which is not judged again; another worker takes its place.
 *
 * @returns what went wrong, a sentence each; none where all is well. That is the judge's trouble, not a student's.
 */
export async function judgeInWorkers(options: PoolOptions): Promise<string[]> {
  const { newWorker, jobs, servers, ownMysql, seed, heard } = options;
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, ...(options.signal ? [options.signal] : [])]);
  const left = [...options.tasks];
  const trouble = new Set<string>();
  const turns = new Turns();

  /** @returns whether the worker died over a task. */
  async function serve(one: WorkerProcess): Promise<boolean> {
    let task: Task | undefined;
    const leave = () => one.leave();
    signal.addEventListener('abort', leave, { once: true });
    turns.join(one);
    one.tell({ type: 'begin', servers, ownMysql, seed });
    for await (const message of one.messages()) {
      if (signal.aborted) continue;
      heard(message);
      turns.heard(one, message);
      if (message.type === 'trouble') trouble.add(message.sentence);
      if (message.type !== 'next') continue;
      task = left.shift();
      one.tell(task ? { type: 'task', task } : { type: 'end' });
    }
    signal.removeEventListener('abort', leave);
    turns.leave(one);
    if (one.death) trouble.add(one.death);
    return one.death !== undefined && task !== undefined;
  }

  async function place(): Promise<void> {
    while (left.length > 0 && !signal.aborted && (await serve(newWorker())));
  }

  await Promise.all(Array.from({ length: jobs }, () => place().catch((error) => stop.abort(error))));
  stop.signal.throwIfAborted();
  return [...trouble];
}
