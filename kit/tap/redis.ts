import { createConnection } from 'node:net';
import type { RedisAddress } from '../servers/address.ts';
import type { Meter } from './meter.ts';
import { openTap } from './proxy.ts';
import { RedisSession } from './redis-session.ts';
import type { Tap } from './tap.ts';

/**
 * A tap in front of a Redis: clients connect to the Unix socket `path` and log in as they would at the server.
 *
 * @example const tap = await openRedisTap({ upstream: { host: '127.0.0.1', port: 6379 }, path: '/tmp/r.sock', meter })
 */
export function openRedisTap(options: { upstream: RedisAddress; path: string; meter: Meter }): Promise<Tap> {
  const { path: upstreamPath, host = '127.0.0.1', port = 6379 } = options.upstream;
  return openTap({
    server: 'redis',
    path: options.path,
    meter: options.meter,
    connect: () => createConnection(upstreamPath ? { path: upstreamPath } : { host, port, noDelay: true }),
    session: () => new RedisSession(),
  });
}
