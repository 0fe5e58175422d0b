import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createCheckSchema } from '../../kit/servers/check-schema.ts';
import { openServers } from '../../kit/servers/open-servers.ts';
import type { Servers } from '../../kit/servers/servers.ts';
import { mysqlAddress, redisAddress } from '../../kit/servers/url-addresses.ts';
import { withRedis } from '../../kit/servers/versions.ts';
import { startRelay } from './support/relay.ts';

let behind: Servers;
let relays: Awaited<ReturnType<typeof startRelay>>[];
let mysqlUrl: string;
let redisUrl: string;

beforeAll(async () => {
  behind = await openServers({ source: 'local' });
  // A campus server answers on a port.
  relays = [await startRelay(behind.mysql.socketPath!), await startRelay(behind.redis.path!)];
  mysqlUrl = `mysql://root:${behind.mysql.password}@127.0.0.1:${relays[0]!.port}/`;
  redisUrl = `redis://${behind.redis.username}:${behind.redis.password}@127.0.0.1:${relays[1]!.port}/2`;
});
afterAll(async () => {
  for (const relay of relays) relay.close();
  await behind.close();
});
beforeEach(() => {
  vi.stubEnv('LAB_SERVERS', undefined);
  vi.stubEnv('REDIS_CHECK_URL', undefined);
  vi.stubEnv('MYSQL_URL', mysqlUrl);
  vi.stubEnv('REDIS_URL', redisUrl);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await withRedis(behind.redis, (redis) => redis.flushall());
});

/** One key in a logical database of the server. */
const put = (db: number) => withRedis({ ...behind.redis, db }, (redis) => redis.set('theirs', '1'));

describe('openServers() urls', () => {
  it('takes MYSQL_URL and REDIS_URL before anything else, and leaves those servers running', async () => {
    const servers = await openServers();
    expect(servers.source).toBe('urls');
    expect(servers.why).toBe('MYSQL_URL and REDIS_URL are set.');
    expect(servers.mysqlVersion).toEqual(behind.mysqlVersion);
    expect(servers.redis).toMatchObject({ port: relays[1]!.port, db: 2 });
    await servers.close();
    await expect(withRedis(behind.redis, (redis) => redis.ping())).resolves.toBe('PONG');
  });

  it('checks get a schema and a user there', async () => {
    const { socketPath, password } = behind.mysql;
    vi.stubEnv('MYSQL_URL', `mysql://root:${password}@localhost?socket=${encodeURIComponent(socketPath!)}`);
    const servers = await openServers();
    const check = await createCheckSchema(servers.mysql, 'storelab_check_urls');
    expect(check.address).toMatchObject({ socketPath, database: 'storelab_check_urls' });
    await check.drop();
  });

  it.each(['MYSQL_URL', 'REDIS_URL'])('says so when %s is missing', async (name) => {
    vi.stubEnv(name, undefined);
    await expect(openServers()).rejects.toMatchObject({
      code: 'URLS_INCOMPLETE',
      message: expect.stringContaining(`${name} is not`),
    });
  });

  it('names the server that does not answer and the next step, without a password', async () => {
    vi.stubEnv('REDIS_URL', 'redis://:secret@127.0.0.1:1/0');
    const error = await openServers().catch((thrown) => thrown);
    expect(error).toMatchObject({ name: 'ServersUnavailable', code: 'URL_UNREACHABLE' });
    expect(error.message).toMatch(/Redis at 127\.0\.0\.1:1 .*docker compose up/);
    expect(error.message).not.toContain('secret');
  });
});

describe('startRedis() urls', () => {
  it('claims an empty logical database, and clears that alone', async () => {
    const servers = await openServers();
    await put(2);
    await put(14);
    const own = await servers.startRedis();
    expect(own.scope).toBe('database');
    expect(own.address.db).toBe(15);
    await withRedis(own.address, (redis) => redis.set('mine', '1'));
    await own.flush();
    await withRedis(own.address, async (redis) => {
      expect(await redis.dbsize()).toBe(0);
      expect(await redis.info('keyspace')).toMatch(/db2:keys=1[\s\S]*db14:keys=1/);
    });
    await own.close();
  });

  it('passes over databases with keys, its own, and those that others use', async () => {
    vi.stubEnv('REDIS_URL', redisUrl.replace(/2$/, '13'));
    const servers = await openServers();
    await put(15);
    await withRedis({ ...behind.redis, db: 14 }, async () => {
      const own = await servers.startRedis();
      expect(own.address.db).toBe(12);
      await own.close();
    });
  });

  it('gives each of many that ask at once another one', async () => {
    const servers = await openServers();
    const many = await Promise.all(Array.from({ length: 5 }, () => servers.startRedis()));
    expect(new Set(many.map(({ address }) => address.db)).size).toBe(5);
    await servers.close();
  });

  it('refuses where none is empty, and touches nothing', async () => {
    const servers = await openServers();
    for (let db = 0; db < 16; db++) await put(db);
    await expect(servers.startRedis()).rejects.toMatchObject({
      code: 'DATABASE_NOT_EMPTY',
      message: expect.stringMatching(/empty one, set REDIS_CHECK_URL/),
    });
    expect(await withRedis(behind.redis, (redis) => redis.info('keyspace'))).toMatch(/db15:keys=1/);
  });

  it('takes REDIS_CHECK_URL, and refuses one with keys in it', async () => {
    vi.stubEnv('REDIS_CHECK_URL', redisUrl.replace(/2$/, '7'));
    const servers = await openServers();
    const own = await servers.startRedis();
    expect(own.address.db).toBe(7);
    await own.close();
    await put(7);
    await expect(servers.startRedis()).rejects.toThrow(
      /REDIS_CHECK_URL names, and database 7 .* holds 1 keys/,
    );
  });
});

describe('addresses', () => {
  it('mysqlAddress() reads user, password, schema, and a socket', () => {
    expect(mysqlAddress('mysql://ada:p%40ss@db.campus:3307/storelab')).toEqual({
      host: 'db.campus',
      port: 3307,
      user: 'ada',
      password: 'p@ss',
      database: 'storelab',
    });
    expect(mysqlAddress('mysql://root@localhost?socket=/run/mysqld.sock')).toEqual({
      socketPath: '/run/mysqld.sock',
      user: 'root',
      password: '',
    });
  });

  it('redisAddress() reads password, database, and a socket', () => {
    expect(redisAddress('redis://:s%2Fcret@[::1]:6380/3')).toEqual({
      host: '::1',
      port: 6380,
      password: 's/cret',
      db: 3,
    });
    expect(redisAddress('redis://localhost?socket=/run/redis.sock')).toEqual({
      path: '/run/redis.sock',
      db: 0,
    });
  });

  it.each(['localhost:6379', 'rediss://:secret@127.0.0.1:6380', 'redis://127.0.0.1/one'])(
    'redisAddress() refuses %s with an example, without the password',
    (text) => {
      expect(() => redisAddress(text)).toThrow(/REDIS_URL .*(redis:\/\/|\/0)/);
      expect(() => redisAddress(text)).not.toThrow(/:secret@127\.0\.0\.1:6380/);
    },
  );
});
