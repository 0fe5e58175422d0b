import type { Redis } from 'ioredis';
import { type CacheConfig, cacheConfigOf } from './cache-config.ts';
import { CacheCounters } from './cache-counters.ts';
import { Invalidator } from './invalidator.ts';
import type { CacheLabs } from './market-labs.ts';
import { RedisCalls } from './redis-calls.ts';

export interface CacheServiceOptions {
  /** A client that is the service's own: `close()` ends it. */
  redis: Redis;
  /** What of the labs it runs on, default none. Whoever handed the object in may change what it holds. */
  labs?: CacheLabs;
  /** Times to live and the time-out; default what the environment says. */
  config?: CacheConfig;
  /** Told of what a person should know, default `console.warn`. */
  log?(sentence: string): void;
  /** Every call throws CacheUnavailable where Redis fails, default false. */
  strict?: boolean;
  /** ms since 1970, default `Date.now`. */
  now?(): number;
}

/** What a cache service is made of; each of its parts works on these. */
export interface CacheParts {
  calls: RedisCalls;
  counters: CacheCounters;
  invalidator: Invalidator;
  labs: CacheLabs;
  config: CacheConfig;
  now(): number;
}

export function cacheParts(options: CacheServiceOptions): CacheParts {
  const { redis, labs = {}, config = cacheConfigOf(), log = console.warn, strict, now = Date.now } = options;
  const calls = new RedisCalls({ redis, timeoutMs: config.timeoutMs, log, strict });
  return {
    calls,
    counters: new CacheCounters(),
    invalidator: new Invalidator(calls, labs),
    labs,
    config,
    now,
  };
}
