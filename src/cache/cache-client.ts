import { Redis } from 'ioredis';
import type { RedisAddress } from '../../kit/servers/address.ts';
import { redisClientOptions } from '../../kit/servers/clients.ts';

/**
 * A client for the cache service alone. Every command is bounded in time, those of the labs too; a lost connection is
 * looked for again every second at the latest; and a command that was on its way when the connection broke is not
 * sent twice, since an INCR would count twice.
 *
 * One connection serves any number of requests, as ioredis sends them one behind the other: the document's
 * `max_connections=50` is what a client needs whose every call blocks a thread.
 *
 * @example cacheClient({ host: '127.0.0.1', port: 6379 }, { timeoutMs: 250 })
 */
export function cacheClient(address: RedisAddress, { timeoutMs }: { timeoutMs: number }): Redis {
  const redis = new Redis({
    ...redisClientOptions(address),
    commandTimeout: timeoutMs,
    connectTimeout: Math.max(timeoutMs, 1000),
    retryStrategy: (attempt) => Math.min(50 * attempt, 1000),
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 1,
  });
  redis.on('error', () => {}); // the command that fails says so
  return redis;
}
