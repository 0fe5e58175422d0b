import { Redis } from 'ioredis';
import { createPool, type Pool } from 'mysql2/promise';
import { mysqlClientOptions, redisClientOptions } from '../../kit/servers/clients.ts';
import { openServers } from '../../kit/servers/open-servers.ts';
import type { PrivateRedis, Servers } from '../../kit/servers/servers.ts';
import { loadStore } from '../../src/worlds/store/load.ts';
import { quoteName } from '../../src/worlds/store/schema.ts';

/** Servers of a bench's own, with schemas and a Redis that nobody else uses. */
export interface BenchStore {
  servers: Servers;
  own: PrivateRedis;
  /** On `own`, as the user who may do everything. */
  redis: Redis;
  mysql: Pool;
  /** A schema of that many generated orders, and what it holds. */
  schema(orders: number): Promise<{ name: string; orders: number; items: number; ms: number }>;
  /** Drops that schema. */
  drop(orders: number): Promise<void>;
  close(): Promise<void>;
}

/** Opens one. It never touches a store or a Redis that `npm start` or a URL serves. */
export async function benchStore(): Promise<BenchStore> {
  const servers = await openServers();
  const own = await servers.startRedis({ fullRights: true, maxmemory: '4gb' });
  const redis = new Redis(redisClientOptions(own.admin));
  const mysql = createPool(mysqlClientOptions(servers.mysql));
  const made = new Set<number>();
  const nameOf = (orders: number) => `storelab_bench_${orders}`;
  const drop = async (orders: number) => {
    await mysql.query(`DROP DATABASE IF EXISTS ${quoteName(nameOf(orders))}`);
  };
  return {
    servers,
    own,
    redis,
    mysql,
    async schema(orders) {
      made.add(orders);
      const name = nameOf(orders);
      const { orders: loaded, items, ms } = await loadStore(servers.mysql, { schema: name, orders, seed: 1 });
      return { name, orders: loaded, items, ms };
    },
    drop,
    async close() {
      for (const orders of made) await drop(orders).catch(() => {});
      redis.disconnect();
      await mysql.end().catch(() => {});
      await own.close();
      await servers.close();
    },
  };
}
