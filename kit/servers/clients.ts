import type { RedisOptions } from 'ioredis';
import { authPlugins, type PoolOptions } from 'mysql2';
import type { MysqlAddress, RedisAddress } from './address.ts';

/**
 * Options for mysql2's `createPool()` or `createConnection()`: DECIMAL and DATETIME arrive as text exact to the
 * last digit (`'1999.99'`, `'2026-03-01 09:30:00.000'`), Dates that are sent are taken as UTC, integers are numbers.
 *
 * Through a tap, pass the address of the server behind it: over a Unix socket mysql2 would send the password in
 * clear, which MySQL takes only where its own end is a Unix socket too.
 *
 * @example createPool({ ...mysqlClientOptions(servers.mysql), database: 'storelab', connectionLimit: 10 })
 * @example createPool(mysqlClientOptions({ ...student, socketPath: tap.path }, { behindTap: student }))
 */
export function mysqlClientOptions(
  address: MysqlAddress,
  { behindTap = address }: { behindTap?: MysqlAddress } = {},
): PoolOptions {
  const { socketPath, host, port, user, password, database } = address;
  const overrideIsSecure = behindTap.socketPath !== undefined;
  return {
    ...(socketPath ? { socketPath } : { host: host ?? '127.0.0.1', port: port ?? 3306 }),
    user,
    password,
    ...(database ? { database } : {}),
    charset: 'utf8mb4_unicode_ci',
    timezone: 'Z',
    dateStrings: true,
    decimalNumbers: false,
    supportBigNumbers: true,
    authPlugins: { caching_sha2_password: authPlugins.caching_sha2_password({ overrideIsSecure }) },
  };
}

/**
 * Options for ioredis: `new Redis(redisClientOptions(address))`. A server that is gone fails the command at
 * hand after one retry, instead of queueing it for ever.
 *
 * @example new Redis(redisClientOptions(servers.redis))
 */
export function redisClientOptions(address: RedisAddress): RedisOptions {
  const { path, host, port, username, password, db } = address;
  return {
    ...(path ? { path } : { host: host ?? '127.0.0.1', port: port ?? 6379 }),
    ...(username ? { username } : {}),
    ...(password ? { password } : {}),
    db: db ?? 0,
    maxRetriesPerRequest: 1,
  };
}
