import { Queue, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { atMost } from './at-most.ts';
import { queueClient } from './queue-client.ts';
import type { Schedule, ScheduleOptions } from './schedule.ts';

/** How long a refresh that is under way may keep `close` waiting, ms. */
const CLOSE_TIMEOUT_MS = 2000;

/**
 * Of a worker that is gone, ms: a refresh may run twice, so another one need not wait half a minute to be sure; and of
 * one whose Redis was gone. BullMQ's own are 30 s and 15 s.
 */
const impatient = {
  lockDuration: 5000,
  stalledInterval: 2500,
  runRetryDelay: 500,
  maxStalledCount: Number.MAX_SAFE_INTEGER,
};

/**
 * Refreshes periodically, whichever processes live: each calls this, the schedule stands in Redis once, and each time
 * one of them gets the job. BullMQ's job scheduler is what the document's APScheduler is, without a process of its own.
 * Where Redis is away it begins when Redis is there, and a schedule that Redis lost is set up again.
 *
 * The Redis must not evict (`noeviction`): a queue that is evicted is a schedule that stops.
 *
 * @example
 * const schedule = scheduleRefresh(redis, {
 *   everyMs: 60_000,
 *   refresh: () => refreshLeaderboard({ redis, mysql, now }, { limit: 100, ttlMs: 300_000 }),
 * });
 */
export function scheduleRefresh(
  redis: Redis,
  { everyMs, refresh, onError = () => {}, name = 'leaderboard-refresh' }: ScheduleOptions,
): Schedule {
  const client = queueClient(redis);
  const { redis: connection } = client;
  let closing = false;
  const tell = (error: Error) => {
    if (!closing) onError(error);
  };
  const queue = new Queue(name, { connection });
  queue.on('error', tell);
  const worker = new Worker(name, () => refresh(), { connection, ...impatient });
  worker.on('error', tell);
  worker.on('failed', (_, error) => tell(error));

  // The interval is that of whoever came last. Otherwise a schedule that stands is left as it is: to write it anew would
  // put the next refresh off, each time.
  let mine = false;
  const keepUp = async () => {
    if (connection.status !== 'ready' || closing) return;
    const standing = await queue.getJobScheduler('refresh');
    if (!standing || !(mine || standing.every === everyMs)) {
      // What ran is deleted at once: the queue does not grow.
      const opts = { removeOnComplete: true, removeOnFail: true };
      await queue.upsertJobScheduler('refresh', { every: everyMs }, { name: 'refresh', opts });
    }
    mine = true;
  };
  const look = () => void keepUp().catch(tell);
  connection.on('ready', look);
  look();
  const timer = setInterval(look, Math.min(everyMs, 2 ** 31 - 1));

  const close = async () => {
    closing = true;
    clearInterval(timer);
    const closed = Promise.all([worker.close(), queue.close()]);
    // A Redis that is away would keep it waiting for ever; one that stands still looks as if it were there.
    await atMost(connection.status === 'ready' ? CLOSE_TIMEOUT_MS : 0, closed);
    await client.end();
  };
  return {
    close,
    async remove() {
      closing = true;
      const removed = queue.removeJobScheduler('refresh');
      await atMost(CLOSE_TIMEOUT_MS, removed);
      await close();
      await removed; // throws what kept it from being removed
    },
  };
}
