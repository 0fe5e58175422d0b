import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Redis } from 'ioredis';
import { createPool } from 'mysql2/promise';
import { ownFolder } from '../../kit/base/own-folder.ts';
import { mysqlClientOptions, redisClientOptions } from '../../kit/servers/clients.ts';
import { Meter } from '../../kit/tap/meter.ts';
import { openMysqlTap } from '../../kit/tap/mysql.ts';
import { openRedisTap } from '../../kit/tap/redis.ts';
import type { Tap } from '../../kit/tap/tap.ts';
import type { LabContext } from './context.ts';
import type { Session } from './current-session.ts';

/** A context whose clients go through taps, which count and remember what crosses. */
export interface Tapped {
  context: LabContext;
  meter: Meter;
  redis: Tap;
  mysql: Tap;
  close(): Promise<void>;
}

/** Opens taps in front of a session's servers, and clients that are connected through them. */
export async function openTapped({ servers, schema }: Session): Promise<Tapped> {
  const folder = socketFolder(servers.redis.path ?? servers.mysql.socketPath);
  const closing: (() => unknown)[] = [() => rm(folder, { recursive: true, force: true })];
  const close = async () => {
    for (const end of closing.splice(0).reverse()) await end();
  };
  try {
    const meter = new Meter();
    const redisTap = await openRedisTap({ upstream: servers.redis, path: join(folder, 'r'), meter });
    closing.push(() => redisTap.close());
    const mysqlTap = await openMysqlTap({ upstream: servers.mysql, path: join(folder, 'm'), meter });
    closing.push(() => mysqlTap.close());

    const { host: _host, port: _port, ...redisAddress } = servers.redis;
    const redis = new Redis({
      ...redisClientOptions({ ...redisAddress, path: redisTap.path }),
      retryStrategy: null,
      showFriendlyErrorStack: true, // the trace leads to the learner's line
    });
    redis.on('error', () => {});
    closing.push(() => redis.disconnect());
    const address = { ...servers.mysql, socketPath: mysqlTap.path };
    const mysql = createPool({
      ...mysqlClientOptions(address, { behindTap: servers.mysql }),
      database: schema,
    });
    closing.push(() => mysql.end().catch(() => {}));
    // Connections are made before the counting starts, so that times and trips are those of the commands alone.
    await Promise.all([redis.ping(), mysql.query('SELECT 1')]);
    return {
      context: { redis, mysql, now: () => Date.now() },
      meter,
      redis: redisTap,
      mysql: mysqlTap,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * A folder of one's own for sockets: beside the servers' own sockets, where their keeper clears it away, else with
 * the system's temporary files.
 */
function socketFolder(beside: string | undefined): string {
  if (!beside) return ownFolder('wire');
  try {
    return ownFolder('wire', dirname(beside));
  } catch {
    return ownFolder('wire'); // the servers are another user's
  }
}
