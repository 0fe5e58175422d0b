import { Redis } from 'ioredis';
import type { RedisAddress } from './address.ts';
import { redisClientOptions } from './clients.ts';

/** How long a flush may wait for a server that is busy, ms. */
const FLUSH_MS = 5_000;

/** A connection kept for many flushes. Between them it does not hold back the end of the process. */
export interface Flusher {
  /** @throws Error 'Command timed out' after `FLUSH_MS`: the server is busy with something else. */
  flush(): Promise<void>;
  close(): void;
}

/**
 * Empties a whole server that is ours alone (keys, scripts, functions), or the one logical database that
 * `address.db` names. A flush takes about 0.5 ms.
 *
 * @example await flusher(redis.admin, 'server').flush()
 */
export function flusher(address: RedisAddress, scope: 'server' | 'database'): Flusher {
  let redis: Redis | undefined;
  return {
    async flush() {
      if (!redis) {
        const own = { enableReadyCheck: false, commandTimeout: FLUSH_MS };
        redis = new Redis({ ...redisClientOptions(address), ...own });
        redis.on('error', () => {}); // the flush that fails says so
      }
      redis.stream?.ref();
      try {
        await (scope === 'server' ? flushServer(redis) : redis.flushdb());
      } finally {
        redis.stream?.unref();
      }
    },
    close: () => redis?.disconnect(),
  };
}

async function flushServer(redis: Redis): Promise<void> {
  const replies = await redis.pipeline().flushall().script('FLUSH').call('FUNCTION', 'FLUSH').exec();
  for (const [error] of replies ?? []) {
    // Redis 6 has no functions: nothing to flush there.
    if (error && !/unknown command/i.test(error.message)) throw error;
  }
}
