import type { Redis } from 'ioredis';
import type { CacheCounters, Domain, Reads } from './cache-counters.ts';

/** Figures of the Redis server: of everybody who uses it. */
export interface RedisFigures {
  connectedClients: number;
  /** '45.23M' */
  usedMemoryHuman: string;
  usedMemoryPeakHuman: string;
  totalCommandsProcessed: number;
  keyspaceHits: number;
  keyspaceMisses: number;
  uptimeInSeconds: number;
  /** A Valkey says here which Redis it is like. */
  redisVersion: string;
}

/** Figures of this service since it began, and of the server behind it. */
export interface CacheStats extends Reads {
  domains: Partial<Record<Domain, Reads>>;
  writes: number;
  refusedWrites: number;
  invalidated: number;
  /** Deletions that Redis has not taken yet. */
  pendingDeletions: number;
  /** Calls that Redis did not answer, or answered with an error. */
  failures: number;
  /** Null where Redis does not answer. */
  redis: RedisFigures | null;
}

/** The figures of INFO. One command. */
export async function redisFigures(redis: Redis): Promise<RedisFigures> {
  const info = new Map(
    (await redis.info()).split(/\r?\n/).map((line) => line.split(/:(.*)/s, 2) as [string, string]),
  );
  const text = (name: string) => info.get(name) ?? 'unknown';
  const number = (name: string) => Number(info.get(name) ?? Number.NaN);
  return {
    connectedClients: number('connected_clients'),
    usedMemoryHuman: text('used_memory_human'),
    usedMemoryPeakHuman: text('used_memory_peak_human'),
    totalCommandsProcessed: number('total_commands_processed'),
    keyspaceHits: number('keyspace_hits'),
    keyspaceMisses: number('keyspace_misses'),
    uptimeInSeconds: number('uptime_in_seconds'),
    redisVersion: text('redis_version'),
  };
}

/** What the counters hold, put together. */
export function statsOf(
  counters: CacheCounters,
  { failures, pendingDeletions, redis }: Pick<CacheStats, 'failures' | 'pendingDeletions' | 'redis'>,
): CacheStats {
  const { domains, writes, refusedWrites, invalidated } = counters;
  return {
    ...counters.reads,
    domains,
    writes,
    refusedWrites,
    invalidated,
    pendingDeletions,
    failures,
    redis,
  };
}
