// needs: answers
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa, type ResultPromise } from 'execa';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { rootFolder } from '../../kit/base/root.ts';
import { findRedis, spawnRedis } from '../../kit/servers/local/redis-program.ts';
import { openServers } from '../../kit/servers/open-servers.ts';
import { descendants, stillRunning } from '../../kit/setup/descendants.ts';
import { orderHashes, redisOrders } from '../../src/worlds/store/order-hash.ts';
import { freePort } from './support/free-port.ts';
import { dropSchema, openTestShop } from './support/open-shop.ts';
import { until } from './support/until.ts';

let copy: string;

/** A checkout of its own, so that nobody's labs, progress or servers matter. */
beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'storelab-serve-'));
  for (const part of [
    'src',
    'apps',
    'kit',
    'test',
    'labs',
    'answers',
    'package.json',
    'package-lock.json',
    'tsconfig.json',
  ])
    await cp(join(rootFolder(), part), join(copy, part), { recursive: true });
  await symlink(join(rootFolder(), 'node_modules'), join(copy, 'node_modules'));
});
afterAll(() => rm(copy, { recursive: true, force: true }));

const started: ResultPromise[] = [];
afterEach(async () => {
  for (const cli of started.splice(0)) {
    cli.kill();
    await cli;
  }
});

const start = (args: string[], env: Record<string, string> = {}) => {
  const cli = execa(process.execPath, ['kit/cli.ts', ...args], {
    cwd: copy,
    env: { LAB_SERVERS: 'local', STORELAB_ROOT: copy, NO_COLOR: '1', LABS: 'labs', ...env },
    reject: false,
    all: true,
  });
  started.push(cli);
  let said = '';
  cli.all.on('data', (text) => {
    said += text;
  });
  return { cli, said: () => said };
};

/** Starts the shop and waits until it says where it is. */
async function open(args: string[] = [], env: Record<string, string> = {}, app = 'store') {
  const { cli, said } = start(['serve', app, '--port', '0', ...args], env);
  let url: string | undefined;
  let ended = false;
  void cli.then(() => {
    ended = true;
  });
  await until(
    () => {
      url = /The (?:shop|game) is open at (\S+)/.exec(said())?.[1];
      return url !== undefined || ended;
    },
    () => `no shop: ${said()}`,
  );
  if (!url) throw new Error(`the shop ended: ${said()}`);
  const text = async (path: string) => (await fetch(`${url}${path}`)).text();
  return { cli, said, url, text };
}

describe('./lab serve store', () => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    it(`opens on loopback, shows labs that are not written, and ends on ${signal} with all it started`, async () => {
      const { cli, url, text, said } = await open();
      expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
      expect(said()).toContain('startStoreManager in labs/01-initial-sync.ts is not written yet.');
      expect(await text('/orders')).toContain('./lab 01');
      expect(await text('/')).toContain('Labs: labs.');
      const family = await descendants(cli.pid!);
      expect(family.length).toBeGreaterThan(2);
      cli.kill(signal);
      expect((await cli).exitCode).toBe(0);
      await until(async () => (await stillRunning(family)).length === 0, 'processes were left behind');
    });

  it('says which line of a lab does not load', async () => {
    const folder = join(copy, 'broken');
    await mkdir(folder);
    await writeFile(join(folder, '01-initial-sync.ts'), 'export const a = 1;\n\nexport functoin b() {}\n');
    const { cli, text } = await open([], { LABS: folder });
    const page = await text('/orders');
    expect(page).toMatch(/01-initial-sync\.ts does not load: line 3: Unexpected &quot;functoin&quot;/);
    expect(page).not.toContain(copy);
    cli.kill();
    await cli;
  });

  it('goes on with a lab that is edited', async () => {
    const folder = join(copy, 'edited');
    await mkdir(folder);
    const stub = (body: string) => `export async function addOrderToRedis() { ${body} }\n`;
    await writeFile(join(folder, '03-hset-mapping.ts'), stub("throw new Error('TODO: write it');"));
    const { cli, text, said } = await open([], { LABS: folder });
    expect(await text('/orders')).toContain(
      'addOrderToRedis in edited/03-hset-mapping.ts is not written yet.',
    );
    await writeFile(join(folder, '03-hset-mapping.ts'), stub('return 1;'));
    await until(
      () => said().includes('edited/03-hset-mapping.ts was edited'),
      () => `it never noticed: ${said()}`,
    );
    expect(await text('/orders')).toContain('name="product_id"');
    cli.kill();
    await cli;
  });

  it('runs on the worked answers with --answers', async () => {
    const { cli, text, said } = await open(['--answers'], { LABS: 'labs' });
    expect(said()).toContain('Synced: 100 orders are available in Redis.');
    expect(await text('/')).toContain('Labs: answers.');
    expect(await text('/health')).toContain('"state":"in-sync"');
    cli.kill();
    await cli;
  });

  it('says which port is free where the one asked for is taken, before it starts anything', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { cli } = start(['serve', 'store', '--port', String(port)]);
    const { exitCode, all } = await cli;
    other.close();
    expect(exitCode).toBe(1);
    expect(all).toMatch(
      new RegExp(`^Port ${port} is taken by another program. A free one: ./lab serve store --port \\d+$`),
    );
  });

  it('refuses a port, an address and an app that are none', async () => {
    for (const port of ['x', '65536', '-1', '5000.5']) {
      const { exitCode, all } = await start(['serve', 'store', '--port', port]).cli;
      expect([exitCode, all]).toEqual([1, expect.stringContaining('It must be a number from 0 to 65535')]);
    }
    const { all } = await start(['serve', 'shop']).cli;
    expect(all).toBe('There is no app "shop" to serve: ./lab serve store, or ./lab serve market');
    const away = await start(['serve', 'store', '--port', '0', '--host', '192.0.2.1']).cli;
    expect(away.exitCode).toBe(1);
    expect(away.all).toContain('This machine has no address 192.0.2.1');
  });
});

describe('./lab serve market', () => {
  it('opens the game, tells how to log in, and ends on SIGINT with all it started', async () => {
    const { cli, url, said, text } = await open([], {}, 'market');
    expect(said()).toContain('The game holds 100 players.');
    expect(said()).toContain('{"login":"gita","password":"tinkers-delight"}');
    expect(JSON.parse(await text('/api/market/listings?resource_id=11'))).toEqual({
      source: 'database',
      listings: [],
    });
    const family = await descendants(cli.pid!);
    const stats = start(['stats', '--game', url]);
    expect((await stats.cli).exitCode, stats.said()).toBe(0);
    expect(stats.said()).toMatch(/│ listings +│ +0 │ +1 │ +0\.00 % │/);
    expect(stats.said()).toMatch(/Memory used +[\d.]+[KM], at most so far [\d.]+[KM]/);
    cli.kill('SIGINT');
    expect((await cli).exitCode).toBe(0);
    await until(async () => (await stillRunning(family)).length === 0, 'processes were left behind');
  });

  it.each([
    [
      'its parts',
      (port: string) => ({ REDIS_HOST: '127.0.0.1', REDIS_PORT: port, REDIS_DB: '3', REDIS_PASSWORD: 'pw' }),
    ],
    ['REDIS_URI', (port: string) => ({ REDIS_URI: `redis://:pw@127.0.0.1:${port}/3` })],
  ])('keeps its cache where the environment says, by %s', async (_, variables) => {
    const port = String(await freePort());
    const redis = spawnRedis(
      findRedis()!,
      ['--port', port, '--bind', '127.0.0.1', '--requirepass', 'pw', '--save', ''],
      { stdio: 'ignore' },
    );
    const client = new Redis({ port: Number(port), password: 'pw', db: 3, retryStrategy: () => 20 });
    client.on('error', () => {});
    try {
      await until(() => client.status === 'ready', 'no Redis');
      const { cli, said, text } = await open(['--answers'], variables(port), 'market');
      expect(said()).toContain(
        `Its cache is the Redis at 127.0.0.1:${port}, database 3, which the environment names.`,
      );
      await text('/api/environment/current');
      expect(await client.exists('env:current')).toBe(1);
      cli.kill();
      await cli;
    } finally {
      client.disconnect();
      redis.kill();
    }
  });

  it('refuses a wrong time to live with a sentence', async () => {
    const { exitCode, all } = await start(['serve', 'market', '--port', '0'], { CACHE_LEADERBOARD_TTL: '5m' })
      .cli;
    expect(exitCode).toBe(1);
    expect(all).toContain('CACHE_LEADERBOARD_TTL is "5m": give a whole number of seconds');
  });
});

describe('a check and a shop on the same servers', () => {
  it('never touch each other', async () => {
    const schema = 'storelab_check_shop_beside';
    const servers = await openServers({ source: 'local' });
    const shop = await openTestShop({ schema, mysql: servers.mysql, redis: servers.redis });
    try {
      // As `npm start` would publish them.
      await mkdir(join(copy, '.lab'), { recursive: true });
      const published = JSON.stringify({ pid: process.pid, servers: servers.describe() });
      await writeFile(join(copy, '.lab/servers.json'), published);
      const { cli } = start(['check', '01'], { LABS: 'answers' });
      let [over, sold] = [false, 0];
      void cli.then(() => {
        over = true;
      });
      const order = { user_id: 1, items: [{ product_id: 1, quantity: 1 }] };
      while (!over) if ((await shop.send('POST', '/api/orders', order)).status === 201) sold++;
      const { exitCode, all } = await cli;
      expect(all).toContain('Using the servers of the running');
      expect([exitCode, all]).toEqual([0, expect.stringContaining('28 of 28 points')]);
      expect(sold).toBeGreaterThan(10);
      const hashes = await orderHashes(shop.mysql);
      expect(hashes.size).toBe(30 + sold);
      const held = await redisOrders(shop.redis);
      for (const hash of held.values()) delete hash.created_at;
      expect(held).toEqual(hashes);
      expect(shop.syncStatus().state).toBe('in-sync');
    } finally {
      await rm(join(copy, '.lab/servers.json'), { force: true });
      await shop.close();
      await dropSchema(servers.mysql, schema);
      await servers.close();
    }
  });
});
