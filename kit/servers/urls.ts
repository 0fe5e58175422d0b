import type { MysqlAddress, RedisAddress } from './address.ts';
import { messageOf, ServersUnavailable } from './errors.ts';
import type { StartedServers } from './servers.ts';
import { mysqlAddress, redisAddress } from './url-addresses.ts';

/** What the environment says about servers by URL. */
export function urlsGiven(): 'both' | 'one' | 'none' {
  const { MYSQL_URL, REDIS_URL } = process.env;
  if (MYSQL_URL && REDIS_URL) return 'both';
  return MYSQL_URL || REDIS_URL ? 'one' : 'none';
}

/**
 * The servers that `MYSQL_URL` and `REDIS_URL` name. `close()` does nothing: they are not ours.
 *
 * @throws ServersUnavailable URLS_INCOMPLETE, URL_INVALID
 */
export function serversByUrl(): StartedServers {
  const { MYSQL_URL, REDIS_URL } = process.env;
  if (!MYSQL_URL || !REDIS_URL) {
    const [has, lacks] = MYSQL_URL
      ? ['MYSQL_URL is set', 'REDIS_URL is not']
      : ['REDIS_URL is set', 'MYSQL_URL is not'];
    const state = MYSQL_URL || REDIS_URL ? `${has} and ${lacks}` : 'Neither MYSQL_URL nor REDIS_URL is set';
    throw new ServersUnavailable(
      'URLS_INCOMPLETE',
      `${state}: set both to use servers of your own, or unset both.`,
    );
  }
  return { mysql: mysqlAddress(MYSQL_URL), redis: redisAddress(REDIS_URL), close: async () => {} };
}

/** @example placeOf(servers.redis) // '127.0.0.1:6379' */
export function placeOf(address: MysqlAddress | RedisAddress): string {
  const socket = 'socketPath' in address ? address.socketPath : 'path' in address ? address.path : undefined;
  return socket ?? `${address.host}:${address.port}`;
}

/** "Cannot reach Redis at 127.0.0.1:6379 (connect ECONNREFUSED): ..." */
export function unreachable(
  what: 'MySQL' | 'Redis',
  address: MysqlAddress | RedisAddress,
  error: unknown,
): ServersUnavailable {
  const variable = what === 'MySQL' ? 'MYSQL_URL' : 'REDIS_URL';
  return new ServersUnavailable(
    'URL_UNREACHABLE',
    `Cannot reach ${what} at ${placeOf(address)} (${messageOf(error)}): start it (\`docker compose up --wait\`), correct ${variable}, or unset MYSQL_URL and REDIS_URL.`,
    { cause: error },
  );
}
