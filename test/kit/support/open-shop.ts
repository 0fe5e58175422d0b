// needs: answers
import { createHash } from 'node:crypto';
import { Redis } from 'ioredis';
import { createConnection, createPool, type Pool, type RowDataPacket } from 'mysql2/promise';
import { chooseLabs } from '../../../apps/store/labs/choose-labs.ts';
import { openShop, type Shop } from '../../../apps/store/shop.ts';
import type { MysqlAddress, RedisAddress } from '../../../kit/servers/address.ts';
import { mysqlClientOptions, redisClientOptions } from '../../../kit/servers/clients.ts';
import { loadStore } from '../../../src/worlds/store/load.ts';
import { loadedLabs, type TestLabs } from './shop-labs.ts';
import { until } from './until.ts';

/** A shop of a test's own, with looks at what is behind it. */
export interface TestShop extends Shop {
  mysql: Pool;
  redis: Redis;
  said: string[];
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  /** Sends JSON; `body` as it is where it is text. */
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  /** Sends a form as the page at `path` gives it, its token included. */
  form(path: string, fields: [string, string][] | Record<string, string>, to?: string): Promise<Response>;
  /** Every row and every key, but the shop's own mark, as one digest. */
  contents(): Promise<string>;
  /** Waits until Redis is in sync. */
  inSync(): Promise<void>;
}

interface TestShopOptions {
  schema: string;
  mysql: MysqlAddress;
  redis: RedisAddress;
  labs?: TestLabs;
  /** Where the shop meets MySQL, if that is somewhere else: a gate. */
  through?: MysqlAddress;
  keepData?: boolean;
  /** Default 30. */
  orders?: number;
  /** What stands at the foot of its pages. */
  about?: string;
}

export async function openTestShop(options: TestShopOptions): Promise<TestShop> {
  const { schema, labs = {}, through = options.mysql, keepData = false, orders = 30, about = '' } = options;
  const mysql = createPool({ ...mysqlClientOptions(options.mysql), database: schema });
  if (!keepData) {
    await dropSchema(options.mysql, schema);
    await loadStore(options.mysql, { schema, orders });
  }
  const redis = new Redis(redisClientOptions(options.redis));
  redis.on('error', () => {});
  const said: string[] = [];
  const shop = await openShop({
    mysql: through,
    schema,
    redis: options.redis,
    labs: await chooseLabs(await loadedLabs(labs)),
    about,
    port: 0,
    say: (sentence) => said.push(sentence),
    retryMs: [20, 50],
    pulseMs: 50,
  });
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${shop.url}${path}`, { headers, redirect: 'manual' });
  return {
    ...shop,
    mysql,
    redis,
    said,
    get,
    send: (method, path, body, headers = { 'content-type': 'application/json' }) =>
      fetch(`${shop.url}${path}`, {
        method,
        headers: body === undefined ? {} : headers,
        body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
      }),
    async form(path, fields, to = path) {
      const page = await get(path);
      const cookie = page.headers.get('set-cookie')?.split(';', 1)[0] ?? '';
      const token = /name="_csrf" value="([^"]+)"/.exec(await page.text())?.[1] ?? '';
      const body = new URLSearchParams(fields);
      body.append('_csrf', token);
      return fetch(`${shop.url}${to}`, { method: 'POST', headers: { cookie }, body, redirect: 'manual' });
    },
    async contents() {
      const hash = createHash('sha256');
      for (const table of ['users', 'products', 'orders', 'order_items', 'markers', 'outbox']) {
        const [rows] = await mysql.query<RowDataPacket[]>(`SELECT * FROM ${table} ORDER BY 1`);
        hash.update(JSON.stringify(rows));
      }
      for (const key of (await redis.keys('*')).sort())
        if (key !== 'shop:sync') hash.update(key).update((await redis.dumpBuffer(key))!);
      return hash.digest('hex');
    },
    inSync: () =>
      until(
        () => shop.syncStatus().state === 'in-sync',
        () => `Redis was never in sync: ${JSON.stringify(shop.syncStatus())}`,
      ),
    async close() {
      await shop.close();
      redis.disconnect();
      await mysql.end();
    },
  };
}

/** Removes what a test loaded. */
export async function dropSchema(address: MysqlAddress, schema: string): Promise<void> {
  const connection = await createConnection({ ...mysqlClientOptions(address), database: undefined });
  await connection.query(`DROP DATABASE IF EXISTS ${schema}`);
  await connection.end();
}
