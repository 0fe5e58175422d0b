import { createConnection } from 'node:net';
import type { MysqlAddress } from '../servers/address.ts';
import type { Meter } from './meter.ts';
import { MysqlSession } from './mysql-session.ts';
import { openTap } from './proxy.ts';
import type { Tap } from './tap.ts';

/**
 * A tap in front of a MySQL or MariaDB: clients connect to the Unix socket `path` and log in as they would at the
 * server. Of mysql2 it wants `authPlugins` that encrypt the password, as the server does not see a socket:
 * `caching_sha2_password: authPlugins.caching_sha2_password({ overrideIsSecure: false })`.
 *
 * @example const tap = await openMysqlTap({ upstream: { socketPath: '/tmp/mysql.sock', ... }, path: '/tmp/m.sock', meter })
 */
export function openMysqlTap(options: { upstream: MysqlAddress; path: string; meter: Meter }): Promise<Tap> {
  const { socketPath, host = '127.0.0.1', port = 3306 } = options.upstream;
  return openTap({
    server: 'mysql',
    path: options.path,
    meter: options.meter,
    connect: () => createConnection(socketPath ? { path: socketPath } : { host, port, noDelay: true }),
    session: () => new MysqlSession(),
  });
}
