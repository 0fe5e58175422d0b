import type { Redis } from 'ioredis';
import { native } from './native.ts';

/** A Redis of an experiment's own: what is done to it harms nobody. */
export interface ThrowAwayRedis {
  /** A client with every right. */
  redis: Redis;
  /** Runs `work` while a second client sends one PING after another, and says how long each of those took. */
  latencyWhile<T>(work: () => Promise<T>, options?: { everyMs?: number }): Promise<Latencies<T>>;
  /** Ends the server. */
  close(): Promise<void>;
}

/** How another client fared while something ran. */
export interface Latencies<T> {
  /** What the work resolved to. */
  value: T;
  /** Milliseconds that the work took. */
  ms: number;
  /** Of each PING: when it was sent, ms since the work began (negative before), and how long it took, ms. */
  points: [number, number][];
  /** The longest of them, ms. */
  longest: number;
}

export interface ThrowAwayOptions {
  /** As in redis.conf, default `'1gb'`. */
  maxmemory?: string;
}

/**
 * Starts a Redis for one experiment, apart from the store's. Call `open()` first, and `close()` when done.
 *
 * @throws NotOpen (by `name`) before `open()`.
 * @example
 * const own = await throwAwayRedis();
 * const { longest } = await own.latencyWhile(() => own.redis.keys('order:*'));
 * await own.close();
 */
export async function throwAwayRedis(options: ThrowAwayOptions = {}): Promise<ThrowAwayRedis> {
  const { openThrowAway } = native<{
    openThrowAway(options: ThrowAwayOptions): Promise<ThrowAwayRedis>;
  }>('lab/throw-away-redis-run.ts');
  return openThrowAway(options);
}
