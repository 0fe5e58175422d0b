import type { Redis } from 'ioredis';
import type { Pool } from 'mysql2/promise';
import type { Servers } from '../../kit/servers/servers.ts';

/** The servers and clients that this process opened. */
export interface Session {
  servers: Servers;
  /** The schema that the pool uses. */
  schema: string;
  redis: Redis;
  mysql: Pool;
  /** Rows of `orders` when it was opened. */
  orders: number;
}

/** Reloading a module resets its variables: what must outlive that hangs on `globalThis`. */
const place = globalThis as { [key: symbol]: unknown };
const key = Symbol.for('storelab.session');

/** The session of this process, being opened or open; undefined where there is none. */
export function currentSession(): Promise<Session> | undefined {
  return place[key] as Promise<Session> | undefined;
}

/** Keeps `session` as the one of this process; undefined forgets it. */
export function keepSession(session: Promise<Session> | undefined): void {
  place[key] = session;
}

/** Whether both servers still answer, within two seconds. */
export async function isAlive({ redis, mysql }: Session): Promise<boolean> {
  const answers = Promise.all([redis.ping(), mysql.query('SELECT 1')]).then(
    () => true,
    () => false,
  );
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, 2000, false);
  });
  try {
    return await Promise.race([answers, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Ends the clients at once; the pool's connections end as they become idle. */
export function endClients({ redis, mysql }: Session): void {
  redis.disconnect();
  mysql.end().catch(() => {});
}

/** @example serversOf(servers) // 'MariaDB 10.11.19 and Redis 7.0.15 (local): no Docker engine answers.' */
export function serversOf({ mysqlVersion, redisVersion, source, why }: Servers): string {
  const versions = `${mysqlVersion.flavour} ${mysqlVersion.version} and ${redisVersion.flavour} ${redisVersion.version}`;
  return `${versions} (${source}): ${why}`;
}
