import type { MysqlAddress, RedisAddress } from './address.ts';
import { ServersUnavailable } from './errors.ts';

/**
 * `MYSQL_URL` as an address. A Unix socket stands in `?socket=`.
 *
 * @throws ServersUnavailable URL_INVALID, without the password in its message
 * @example mysqlAddress('mysql://root:secret@127.0.0.1:3306/storelab')
 * @example mysqlAddress('mysql://root:secret@localhost?socket=/run/mysqld/mysqld.sock')
 */
export function mysqlAddress(text: string, name = 'MYSQL_URL'): MysqlAddress {
  const url = parse(text, {
    name,
    protocols: ['mysql:', 'mariadb:'],
    example: 'mysql://root:secret@127.0.0.1:3306',
  });
  const socketPath = url.searchParams.get('socket');
  const database = decodeURIComponent(url.pathname.slice(1));
  return {
    ...(socketPath ? { socketPath } : { host: hostOf(url), port: Number(url.port || 3306) }),
    user: decodeURIComponent(url.username) || 'root',
    password: decodeURIComponent(url.password),
    ...(database ? { database } : {}),
  };
}

/**
 * `REDIS_URL` as an address. A Unix socket stands in `?socket=`, the logical database is the path.
 *
 * @throws ServersUnavailable URL_INVALID, without the password in its message
 * @example redisAddress('redis://:secret@127.0.0.1:6379/0')
 */
export function redisAddress(text: string, name = 'REDIS_URL'): RedisAddress {
  const url = parse(text, {
    name,
    protocols: ['redis:', 'valkey:'],
    example: 'redis://:secret@127.0.0.1:6379/0',
  });
  const path = url.searchParams.get('socket');
  const db = Number(url.pathname.slice(1) || 0);
  if (!Number.isInteger(db) || db < 0) {
    throw new ServersUnavailable(
      'URL_INVALID',
      `${name} ends in "${url.pathname}": put a database number there, such as /0.`,
    );
  }
  const username = decodeURIComponent(url.username);
  const password = decodeURIComponent(url.password);
  return {
    ...(path ? { path } : { host: hostOf(url), port: Number(url.port || 6379) }),
    ...(username ? { username } : {}),
    ...(password ? { password } : {}),
    db,
  };
}

function parse(
  text: string,
  { name, protocols, example }: { name: string; protocols: string[]; example: string },
): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && protocols.includes(url.protocol)) return url;
  const tls =
    url?.protocol === 'rediss:' ? ' The kit looks at what crosses the network, so it cannot use TLS.' : '';
  throw new ServersUnavailable(
    'URL_INVALID',
    `${name} is not a URL such as ${example}: set it to one, or unset it.${tls}`,
  );
}

/** `[::1]` without its brackets, as sockets want it. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1') || '127.0.0.1';
}
