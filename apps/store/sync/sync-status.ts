import type { Redis } from 'ioredis';
import type { LockKey } from './per-key-lock.ts';

/** `in-sync`: Redis holds what MySQL holds, and is read. `behind`: it does not, and is not. `syncing`: it is being brought in sync. */
export type SyncState = 'in-sync' | 'behind' | 'syncing';

export interface SyncStatus {
  state: SyncState;
  since: Date;
  /** Why it is not in sync, in a sentence; null while it is. */
  why: string | null;
}

/** Redis is not in sync: read MySQL instead. */
export class RedisBehind extends Error {
  override name = 'RedisBehind';
}

export interface RedisSyncOptions {
  connect(): Promise<Redis>;
  /** Makes Redis hold what MySQL holds, whatever is there. */
  bringInSync(redis: Redis): Promise<void>;
  /** Makes Redis hold of one order what MySQL holds of it now. Called while that order is locked. */
  catchUp(redis: Redis, orderId: number): Promise<void>;
  onChange?(status: SyncStatus): void;
  /** Milliseconds before the first, second, ... try to bring it in sync again; the last is used from then on. */
  retryMs?: readonly number[];
  /** Milliseconds between two looks at whether Redis is still the one that was brought in sync. */
  pulseMs?: number;
}

export interface RedisSync {
  status(): SyncStatus;
  /** Tries once to bring Redis in sync. It never rejects: what fails is tried again in the background. */
  start(): Promise<void>;
  /** @throws RedisBehind where Redis is not in sync, or turns out not to be; else what `work` throws. */
  read<T>(work: (redis: Redis) => Promise<T>): Promise<T>;
  /** Writes an order, committed to MySQL, to Redis. The caller holds its lock. @returns false where that has to wait for the sync. */
  write(orderId: number, work: (redis: Redis) => Promise<void>): Promise<boolean>;
  /** Nobody knows whether a change of this order took effect: only a sync can tell. */
  lost(orderId: number, why: string): void;
  /** Has Redis synced anew, as the labs that sync it have changed. */
  again(why: string): void;
  /** One change of an order at a time: takes its lock, and gives the function that releases it. */
  lockOrder: LockKey;
  close(): Promise<void>;
}
