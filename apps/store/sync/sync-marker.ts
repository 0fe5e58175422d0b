import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';

/** The hash in which every running shop keeps one field: it is gone when Redis was emptied or began anew. */
export const syncKey = 'shop:sync';

/** The mark that one shop leaves in the Redis that it brought in sync. */
export interface SyncMarker {
  /** Leaves a new mark; marks of before no longer count. */
  leave(redis: Redis): Promise<void>;
  /** Whether the mark is still there. */
  isThere(redis: Redis): Promise<boolean>;
  remove(redis: Redis): Promise<void>;
}

/** @example const marker = newSyncMarker(); await marker.leave(redis); await marker.isThere(redis) // true until FLUSHALL */
export function newSyncMarker(): SyncMarker {
  const field = randomUUID();
  let value = '';
  return {
    async leave(redis) {
      value = randomUUID();
      await redis.hset(syncKey, field, value);
    },
    isThere: async (redis) => (await redis.hget(syncKey, field)) === value,
    async remove(redis) {
      await redis.hdel(syncKey, field);
    },
  };
}
