import type { Redis } from 'ioredis';
import { deadline } from '../../shared/deadline.ts';
import { type ConnectionGeneration, cut } from './connection-generation.ts';
import { perKeyLock } from './per-key-lock.ts';
import { newSyncMarker } from './sync-marker.ts';
import {
  RedisBehind,
  type RedisSync,
  type RedisSyncOptions,
  type SyncState,
  type SyncStatus,
} from './sync-status.ts';

/**
 * Keeps account of whether Redis may be read.
 *
 *     in sync ── a command failed, the connection was lost, the mark is gone ────▶ behind
 *     behind ─── Redis answers ──▶ syncing ─── synced, and nothing missed ───▶ in sync
 *     syncing ── anything failed ──▶ behind, tried again after a while
 *
 * What makes it sound:
 * - **Writes are ordered by MySQL.** An order is added or deleted under a *lock of its own*, taken before the commit and
 *   released after Redis was written, so two changes of one order reach Redis in the order of their commits.
 * - **Nothing is missed.** A change committed while Redis is away or in the bulk of a sync is noted. Once the bulk is
 *   done, changes write themselves again, and each noted order is copied from MySQL, under its lock; when none is
 *   left, Redis is in sync. What was noted before the bulk began is what the bulk reads.
 * - **Nothing is guessed.** Where MySQL went away during a COMMIT, the order is read again with a lock, which waits for
 *   whatever became of that transaction.
 * - **A lost connection begins a new generation of connections.** Those of the last never reconnect nor send again, and
 *   are cut: a write that hung yesterday cannot land today.
 * - **An emptied Redis is noticed.** Before a sync the shop leaves a mark in Redis. Each read looks for it *after* it
 *   read (one HGET): mark gone, result thrown away. A restart cuts the connection. A pulse notices both, and a Redis
 *   that hangs, without a reader.
 * - **What was deleted meanwhile goes.** The sync compares every order with MySQL, in both directions (bring-in-sync.ts),
 *   so it does not matter what a Redis held when it came back: nothing, its old data, or half of it.
 *
 * It trusts that this shop alone writes orders: what a notebook changes by hand in either server, or a second shop
 * while this one syncs, is put right by the next sync only.
 */
export function redisSync(options: RedisSyncOptions): RedisSync {
  const { connect, bringInSync, catchUp, retryMs = [250, 500, 1000, 2000, 5000], pulseMs = 1000 } = options;
  const lockOrder = perKeyLock();
  const marker = newSyncMarker();
  /** Orders whose committed change Redis has not seen. */
  const missed = new Set<number>();
  /** Orders of which nobody knows whether a change was committed. */
  const unsure = new Set<number>();
  let now: SyncStatus = { state: 'behind', since: new Date(), why: 'It has not been synced yet.' };
  let current: ConnectionGeneration | undefined;
  let failures = 0;
  let timer: NodeJS.Timeout | undefined;
  let trying: Promise<void> = Promise.resolve();
  let closed = false;

  const become = (state: SyncState, why: string | null = now.why) => {
    now = { state, since: state === now.state ? now.since : new Date(), why };
    options.onChange?.(now);
  };

  /** Ends a generation; a failure of one that has already ended no longer counts. */
  const fail = (of: ConnectionGeneration | undefined, error: unknown) => {
    if (closed || of !== current) return;
    cut(current);
    current = undefined;
    clearTimeout(timer);
    become('behind', error instanceof Error ? error.message : String(error));
    timer = setTimeout(
      () => {
        trying = attempt();
      },
      retryMs[Math.min(failures++, retryMs.length - 1)],
    );
  };

  const attempt = async () => {
    let mine: ConnectionGeneration | undefined;
    try {
      const redis = await connect();
      const pulse = await connect().catch((error) => {
        redis.disconnect();
        throw error;
      });
      mine = { redis, pulse, writable: false };
      if (closed) return cut(mine);
      current = mine;
      for (const client of [redis, pulse])
        client.once('close', () => fail(mine, new Error('The connection to Redis was lost.')));
      become('syncing');
      beat(mine);
      await marker.leave(redis);
      // All that was committed before is what the bulk of the sync reads.
      missed.clear();
      await bringInSync(redis);
      mine.writable = true;
      await catchUpAll(redis);
      if (!(await marker.isThere(redis))) throw new Error('Redis was emptied during the sync.');
      if (current !== mine) return;
      failures = 0;
      become('in-sync', null);
    } catch (error) {
      fail(mine, error);
    }
  };

  /** From here on changes write themselves, so what is missed only shrinks, however busy the shop is. */
  const catchUpAll = async (redis: Redis) => {
    for (const noted of [unsure, missed])
      for (const id of noted) {
        const release = await lockOrder(id);
        try {
          await catchUp(redis, id);
          noted.delete(id);
        } finally {
          release();
        }
      }
  };

  /** Looks again and again whether Redis answers and is still the one that bears the mark. */
  const beat = (mine: ConnectionGeneration) => {
    timer = setTimeout(async () => {
      if (closed || mine !== current) return;
      // A sync may keep Redis busy for a while in one go.
      const timeoutMs = now.state === 'in-sync' ? 3000 : 30_000;
      try {
        const there = await deadline(marker.isThere(mine.pulse), timeoutMs, late);
        if (!there && now.state === 'in-sync') throw new Error(emptied);
      } catch (error) {
        return fail(mine, error);
      }
      if (!closed && mine === current) beat(mine);
    }, pulseMs);
  };

  return {
    status: () => now,
    lockOrder,
    start: () => {
      trying = attempt();
      return trying;
    },
    async read(work) {
      const mine = current;
      if (now.state !== 'in-sync' || !mine) throw new RedisBehind(now.why ?? 'Redis is not in sync.');
      const [outcome] = await Promise.allSettled([work(mine.redis)]);
      const there = await deadline(marker.isThere(mine.redis), 3000, late).catch((error: Error) => error);
      if (there === true && outcome.status === 'fulfilled') return outcome.value;
      // Redis is well: the lab's own function is to blame.
      if (there === true && outcome.status === 'rejected') throw outcome.reason;
      fail(mine, there === false ? new Error(emptied) : there);
      throw new RedisBehind(now.why ?? 'Redis is not in sync.');
    },
    async write(orderId, work) {
      const mine = current;
      if (!mine?.writable) {
        missed.add(orderId);
        return false;
      }
      try {
        await work(mine.redis);
        return true;
      } catch (error) {
        missed.add(orderId);
        fail(mine, error);
        return false;
      }
    },
    lost(orderId, why) {
      unsure.add(orderId);
      if (current) fail(current, new Error(why));
    },
    again(why) {
      if (current) fail(current, new Error(why));
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      if (current)
        await deadline(marker.remove(current.redis), 1000, () => new Error('late')).catch(() => {});
      cut(current);
      current = undefined;
      await trying;
    },
  };
}

const late = () => new Error('Redis did not answer in time.');
const emptied = 'Redis was emptied, or another Redis has taken its place.';
