import { Queue, Worker } from 'bullmq';
import type { Redis } from 'ioredis';

export interface ScheduleOptions {
  /** From one refresh to the next, ms: well below the time to live, so that one that fails leaves no gap. */
  everyMs: number;
  /** What is to be done each time, by one of all processes. */
  refresh: () => Promise<unknown>;
  /** Hears of a refresh that failed; the next one comes all the same. */
  onError?: (error: Error) => void;
  /** Processes with the same name share one schedule. */
  name?: string;
}

export interface Schedule {
  /** Ends this process's part, after a refresh that is under way. The others go on. */
  close(): Promise<void>;
  /** Ends the schedule for all. */
  remove(): Promise<void>;
}

/**
 * Refreshes periodically, whichever processes live: each calls this, the schedule stands in Redis once, and each time
 * one of them gets the job. BullMQ's job scheduler is what the document's APScheduler is, without a process of its own.
 *
 * The Redis must not evict (`noeviction`): a queue that is evicted is a schedule that stops.
 *
 * @example
 * const schedule = await scheduleRefresh(redis, {
 *   everyMs: 60_000,
 *   refresh: () => refreshLeaderboard({ redis, mysql, now }, { limit: 100, ttlMs: 300_000 }),
 * });
 */
export async function scheduleRefresh(
  redis: Redis,
  { everyMs, refresh, onError = () => {}, name = 'leaderboard-refresh' }: ScheduleOptions,
): Promise<Schedule> {
  // A worker waits for its next job in a blocking command, which must not be given up.
  const connection = redis.duplicate({ maxRetriesPerRequest: null });
  connection.on('error', () => {}); // BullMQ says so below
  const queue = new Queue(name, { connection });
  queue.on('error', onError);
  const worker = new Worker(name, () => refresh(), { connection });
  worker.on('error', onError);
  worker.on('failed', (_, error) => onError(error));
  const close = async () => {
    await worker.close();
    await queue.close();
    connection.disconnect();
  };
  try {
    // What ran is deleted at once: the queue does not grow.
    const opts = { removeOnComplete: true, removeOnFail: true };
    await queue.upsertJobScheduler('refresh', { every: everyMs }, { name: 'refresh', opts });
  } catch (error) {
    await close();
    throw error;
  }
  return {
    close,
    async remove() {
      await queue.removeJobScheduler('refresh');
      await close();
    },
  };
}
