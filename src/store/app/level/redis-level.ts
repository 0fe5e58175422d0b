import type { Redis } from 'ioredis';
import { deadline } from '../deadline.ts';
import { newMarker } from './marker.ts';
import { type TakeTurn, turns } from './turns.ts';

/** Redis holds what MySQL holds and is read; or it does not and is not; or it is being brought level. */
export type LevelState = 'level' | 'behind' | 'syncing';

export interface Standing {
  state: LevelState;
  since: Date;
  /** Why it is not level, in a sentence; null while it is. */
  why: string | null;
}

/** Redis is not level: read MySQL instead. */
export class RedisBehind extends Error {
  override name = 'RedisBehind';
}

export interface RedisLevelOptions {
  connect(): Promise<Redis>;
  /** Makes Redis hold what MySQL holds, whatever is there. */
  bringLevel(redis: Redis): Promise<void>;
  /** Makes Redis hold of one order what MySQL holds of it now. Called in the turn of that order. */
  catchUp(redis: Redis, orderId: number): Promise<void>;
  onChange?(standing: Standing): void;
  /** Milliseconds before the first, second, ... try to bring it level again; the last goes on. */
  retryMs?: readonly number[];
  /** Milliseconds between two looks at whether Redis is still the one that was brought level. */
  pulseMs?: number;
}

export interface RedisLevel {
  standing(): Standing;
  /** Tries once to bring Redis level. It never rejects: what fails is tried again in the background. */
  start(): Promise<void>;
  /** @throws RedisBehind where Redis is not level, or turns out not to be; else what `work` throws. */
  read<T>(work: (redis: Redis) => Promise<T>): Promise<T>;
  /** Writes an order, committed to MySQL, to Redis, in its turn. @returns false where that has to wait for the sync. */
  write(orderId: number, work: (redis: Redis) => Promise<void>): Promise<boolean>;
  /** Nobody knows whether a change of this order took effect: only a sync can tell. */
  lost(orderId: number, why: string): void;
  takeTurn: TakeTurn;
  close(): Promise<void>;
}

interface Epoch {
  redis: Redis;
  pulse: Redis;
}

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
 * - **Nothing is missed.** A change committed while Redis is not level, or whose write failed, is noted. After a sync
 *   every noted order is copied again from MySQL, in its turn; Redis becomes level in the very step of the event loop
 *   that finds no more notes. A change that commits later finds it level and writes itself.
 * - **Each stretch of time has its own connections.** They never reconnect nor send again, and are cut when the stretch
 *   ends: a write that hung yesterday cannot land today.
 * - **An emptied Redis is noticed.** Before a sync the shop leaves a mark in Redis. Each read looks for it *after* it
 *   read (one HGET): mark gone, result thrown away. A restart cuts the connection. A pulse notices both, and a Redis
 *   that hangs, without a reader.
 * - **What was deleted meanwhile goes.** The sync compares every order with MySQL, in both directions (bring-level.ts),
 *   so it does not matter what a Redis held when it came back: nothing, its old data, or half of it.
 *
 * It trusts that only shops write orders: a hash changed by hand from a notebook shows as it is, until the next sync.
 */
export function redisLevel(options: RedisLevelOptions): RedisLevel {
  const { connect, bringLevel, catchUp, retryMs = [250, 500, 1000, 2000, 5000], pulseMs = 1000 } = options;
  const takeTurn = turns();
  const marker = newMarker();
  const missed = new Set<number>();
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

  const cut = (ended: Epoch | undefined) => {
    ended?.redis.disconnect();
    ended?.pulse.disconnect();
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
      mine = { redis, pulse };
      if (closed) return cut(mine);
      epoch = mine;
      for (const client of [redis, pulse])
        client.once('close', () => fail(mine, new Error('The connection to Redis was lost.')));
      become('syncing');
      beat(mine);
      await marker.leave(redis);
      await bringLevel(redis);
      await catchUpAll(redis);
      if (!(await marker.isThere(redis))) throw new Error('Redis was emptied during the sync.');
      // Looked at again in the same step in which it becomes level: a change may have come meanwhile.
      while (missed.size > 0) await catchUpAll(redis);
      if (epoch !== mine) return;
      failures = 0;
      become('level', null);
    } catch (error) {
      fail(mine, error);
    }
  };

  const catchUpAll = async (redis: Redis) => {
    for (const id of missed) {
      const end = await takeTurn(id);
      try {
        await catchUp(redis, id);
        missed.delete(id);
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
      if (now.state !== 'level' || !mine) {
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
      missed.add(orderId);
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
