import { Redis } from 'ioredis';
import type { RedisAddress } from '../../../kit/servers/address.ts';
import { redisClientOptions } from '../../../kit/servers/clients.ts';
import { deadline } from '../../shared/deadline.ts';

/**
 * A client for one connection, made by its first command: where it cannot be made, or is lost, every command rejects.
 */
export function clientOnce(address: RedisAddress): Redis {
  const redis = new Redis({
    ...redisClientOptions(address),
    lazyConnect: true,
    connectTimeout: 3000,
    retryStrategy: () => null,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
  });
  // Each command rejects by itself; without a listener ioredis would print lost connections too.
  redis.on('error', () => {});
  // A lab may want a connection of its own (for WATCH): it ends with the one that it was made from.
  redis.duplicate = (options) => {
    const own = Redis.prototype.duplicate.call(redis, options);
    own.on('error', () => {});
    const end = () => own.disconnect();
    redis.once('end', end);
    own.once('end', () => redis.off('end', end));
    return own;
  };
  return redis;
}

/**
 * Connects to Redis for one generation of connections. The client never reconnects, nor sends a command again: what fails has
 * failed, so no write of today can reach the Redis of tomorrow.
 *
 * @throws Error where Redis does not answer within three seconds.
 */
export async function connectOnce(address: RedisAddress): Promise<Redis> {
  const redis = clientOnce(address);
  let cause: Error | undefined;
  redis.on('error', (error) => {
    cause ??= error;
  });
  try {
    await deadline(redis.connect(), 3000, () => new Error('Redis did not answer within 3 s.'));
    await deadline(redis.ping(), 3000, () => new Error('Redis did not answer within 3 s.'));
    return redis;
  } catch (error) {
    redis.disconnect();
    throw cause ?? error;
  }
}
