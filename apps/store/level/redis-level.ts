import type { Redis } from 'ioredis';
import { deadline } from '../../shared/deadline.ts';
import { cut, type Epoch } from './epoch.ts';
import { newMarker } from './marker.ts';
import {
  type LevelState,
  RedisBehind,
  type RedisLevel,
  type RedisLevelOptions,
  type Standing,
} from './standing.ts';
import { turns } from './turns.ts';

/**
 * Keeps account of whether Redis may be read.
 *
 *     level ──── a command failed, the connection was lost, the mark is gone ────▶ behind
 *     behind ─── Redis answers ──▶ syncing ─── synced, and nothing missed ───▶ level
 *     syncing ── anything failed ──▶ behind, tried again after a while
 *
 * What makes it sound:
 * - **Writes are ordered by MySQL.** An order is added or deleted in its *turn*, taken before the commit and ended
 *   after Redis was written, so two changes of one order reach Redis in the order of their commits.
 * - **Nothing is missed.** A change committed while Redis is away or in the bulk of a sync is noted. Once the bulk is
 *   done, changes write themselves again, and each noted order is copied from MySQL, in its turn; when the notes are
 *   worked off, Redis is level. What was noted before the bulk began is what the bulk reads.
 * - **Nothing is guessed.** Where MySQL went away during a COMMIT, the order is read again with a lock, which waits for
 *   whatever became of that transaction.
 * - **Each stretch of time has its own connections.** They never reconnect nor send again, and are cut when the stretch
 *   ends: a write that hung yesterday cannot land today.
 * - **An emptied Redis is noticed.** Before a sync the shop leaves a mark in Redis. Each read looks for it *after* it
 *   read (one HGET): mark gone, result thrown away. A restart cuts the connection. A pulse notices both, and a Redis
 *   that hangs, without a reader.
 * - **What was deleted meanwhile goes.** The sync compares every order with MySQL, in both directions (bring-level.ts),
 *   so it does not matter what a Redis held when it came back: nothing, its old data, or half of it.
 *
 * It trusts that this shop alone writes orders: what a notebook changes by hand in either server, or a second shop
 * while this one syncs, is put right by the next sync only.
 */
export function redisLevel(options: RedisLevelOptions): RedisLevel {
  const { connect, bringLevel, catchUp, retryMs = [250, 500, 1000, 2000, 5000], pulseMs = 1000 } = options;
  const takeTurn = turns();
  const marker = newMarker();
  /** Orders whose committed change Redis has not seen. */
  const missed = new Set<number>();
  /** Orders of which nobody knows whether a change was committed. */
  const unsure = new Set<number>();
  let now: Standing = { state: 'behind', since: new Date(), why: 'It has not been synced yet.' };
  let epoch: Epoch | undefined;
  let failures = 0;
  let timer: NodeJS.Timeout | undefined;
  let trying: Promise<void> = Promise.resolve();
  let closed = false;

  const become = (state: LevelState, why: string | null = now.why) => {
    now = { state, since: state === now.state ? now.since : new Date(), why };
    options.onChange?.(now);
  };

  /** Ends a stretch; what is said of one that has already ended counts no more. */
  const fail = (of: Epoch | undefined, error: unknown) => {
    if (closed || of !== epoch) return;
    cut(epoch);
    epoch = undefined;
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
    let mine: Epoch | undefined;
    try {
      const redis = await connect();
      const pulse = await connect().catch((error) => {
        redis.disconnect();
        throw error;
      });
      mine = { redis, pulse, writable: false };
      if (closed) return cut(mine);
      epoch = mine;
      for (const client of [redis, pulse])
        client.once('close', () => fail(mine, new Error('The connection to Redis was lost.')));
      become('syncing');
      beat(mine);
      await marker.leave(redis);
      // All that was committed before is what the bulk of the sync reads.
      missed.clear();
      await bringLevel(redis);
      mine.writable = true;
      await catchUpAll(redis);
      if (!(await marker.isThere(redis))) throw new Error('Redis was emptied during the sync.');
      if (epoch !== mine) return;
      failures = 0;
      become('level', null);
    } catch (error) {
      fail(mine, error);
    }
  };

  /** From here on changes write themselves, so what is missed only shrinks, however busy the shop is. */
  const catchUpAll = async (redis: Redis) => {
    for (const noted of [unsure, missed])
      for (const id of noted) {
        const end = await takeTurn(id);
        try {
          await catchUp(redis, id);
          noted.delete(id);
        } finally {
          end();
        }
      }
  };

  /** Looks again and again whether Redis answers and is still the one that bears the mark. */
  const beat = (mine: Epoch) => {
    timer = setTimeout(async () => {
      if (closed || mine !== epoch) return;
      // A sync may keep Redis busy for a while in one go.
      const patience = now.state === 'level' ? 3000 : 30_000;
      try {
        const there = await deadline(marker.isThere(mine.pulse), patience, late);
        if (!there && now.state === 'level') throw new Error(emptied);
      } catch (error) {
        return fail(mine, error);
      }
      if (!closed && mine === epoch) beat(mine);
    }, pulseMs);
  };

  return {
    standing: () => now,
    takeTurn,
    start: () => {
      trying = attempt();
      return trying;
    },
    async read(work) {
      const mine = epoch;
      if (now.state !== 'level' || !mine) throw new RedisBehind(now.why ?? 'Redis is not level.');
      const [outcome] = await Promise.allSettled([work(mine.redis)]);
      const there = await deadline(marker.isThere(mine.redis), 3000, late).catch((error: Error) => error);
      if (there === true && outcome.status === 'fulfilled') return outcome.value;
      // Redis is well: the lab's own function is to blame.
      if (there === true && outcome.status === 'rejected') throw outcome.reason;
      fail(mine, there === false ? new Error(emptied) : there);
      throw new RedisBehind(now.why ?? 'Redis is not level.');
    },
    async write(orderId, work) {
      const mine = epoch;
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
      if (epoch) fail(epoch, new Error(why));
    },
    again(why) {
      if (epoch) fail(epoch, new Error(why));
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      if (epoch) await deadline(marker.remove(epoch.redis), 1000, () => new Error('late')).catch(() => {});
      cut(epoch);
      epoch = undefined;
      await trying;
    },
  };
}

const late = () => new Error('Redis did not answer in time.');
const emptied = 'Redis was emptied, or another Redis has taken its place.';
