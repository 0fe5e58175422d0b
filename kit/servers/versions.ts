import { Redis } from 'ioredis';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import type { MysqlAddress, RedisAddress, ServerVersion } from './address.ts';
import { mysqlClientOptions, redisClientOptions } from './clients.ts';

/**
 * Asks a MySQL what it is. Fails with the client's own error where it does not answer within `timeoutMs`.
 *
 * @example await readMysqlVersion(servers.mysql) // { flavour: 'MariaDB', version: '10.11.19' }
 */
export async function readMysqlVersion(
  address: MysqlAddress,
  { timeoutMs = 5000 } = {},
): Promise<ServerVersion> {
  const connection = await createConnection({ ...mysqlClientOptions(address), connectTimeout: timeoutMs });
  try {
    const [rows] = await connection.query<RowDataPacket[]>('SELECT VERSION() AS version');
    return mysqlVersion(String(rows[0]?.version));
  } finally {
    connection.destroy();
  }
}

/** @example mysqlVersion('10.11.19-MariaDB-0+deb12u1') // { flavour: 'MariaDB', version: '10.11.19' } */
export function mysqlVersion(text: string): ServerVersion {
  return { flavour: /mariadb/i.test(text) ? 'MariaDB' : 'MySQL', version: leadingNumber(text) };
}

/**
 * Asks a Redis what it is. Fails with the client's own error where it does not answer within `timeoutMs`.
 *
 * @example await readRedisVersion(servers.redis) // { flavour: 'Redis', version: '7.0.15' }
 */
export async function readRedisVersion(
  address: RedisAddress,
  { timeoutMs = 5000 } = {},
): Promise<ServerVersion> {
  return withRedis(address, async (redis) => redisVersion(await redis.info('server')), { timeoutMs });
}

/** @example redisVersion('redis_version:7.0.15\r\n') // { flavour: 'Redis', version: '7.0.15' } */
export function redisVersion(info: string): ServerVersion {
  const field = (name: string) => new RegExp(`^${name}:(.*?)\\s*$`, 'm').exec(info)?.[1];
  const valkey = field('valkey_version');
  if (valkey) return { flavour: 'Valkey', version: leadingNumber(valkey) };
  return { flavour: 'Redis', version: leadingNumber(field('redis_version') ?? '') };
}

/**
 * One piece of work on a connection of its own, which does not retry: what goes wrong is thrown at once.
 *
 * @example await withRedis(address, (redis) => redis.dbsize())
 */
export async function withRedis<T>(
  address: RedisAddress,
  work: (redis: Redis) => Promise<T>,
  { timeoutMs = 5000 } = {},
): Promise<T> {
  const redis = new Redis({
    ...redisClientOptions(address),
    lazyConnect: true,
    enableReadyCheck: false,
    retryStrategy: () => null,
    connectTimeout: timeoutMs,
    commandTimeout: timeoutMs,
  });
  let reason: Error | undefined;
  redis.on('error', (error: Error) => {
    reason = error;
  });
  try {
    await redis.connect();
    return await work(redis);
  } catch (error) {
    // "Connection is closed." says less than the error event before it.
    throw reason ?? error;
  } finally {
    redis.disconnect();
  }
}

function leadingNumber(text: string): string {
  return /^\d+(\.\d+)*/.exec(text)?.[0] ?? text;
}
