import type { Redis } from 'ioredis';
import type { TakeTurn } from './turns.ts';

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
  /** Has Redis brought level anew, as what brings it there has changed. */
  again(why: string): void;
  takeTurn: TakeTurn;
  close(): Promise<void>;
}
