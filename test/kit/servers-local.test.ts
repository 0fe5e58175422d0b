import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { processes } from '../../kit/base/processes.ts';
import { attachServers } from '../../kit/servers/attach.ts';
import { mysqlClientOptions } from '../../kit/servers/clients.ts';
import { shellWord } from '../../kit/servers/local/keeper.ts';
import { startLocalRedis } from '../../kit/servers/local/redis.ts';
import { findRedis } from '../../kit/servers/local/redis-program.ts';
import { sweepKept } from '../../kit/servers/local/sweep.ts';
import { openServers } from '../../kit/servers/open-servers.ts';
import { checkUsers } from '../../kit/servers/redis-config.ts';
import type { Servers } from '../../kit/servers/servers.ts';
import {
  mysqlVersion,
  readMysqlVersion,
  readRedisVersion,
  redisVersion,
  withRedis,
} from '../../kit/servers/versions.ts';
import { endOwners, type Owner, startOwner, until } from './support/owner.ts';
import { settingsOf } from './support/settings.ts';

afterEach(endOwners);

/** The folders of servers, from their sockets. */
const foldersOf = (...sockets: (string | undefined)[]) => sockets.map((socket) => dirname(socket!));

/** Whether any process names one of these in its command line. */
function isNamedByAProcess(folders: string[]): boolean {
  const all = processes();
  return folders.some((folder) => all.some(({ args }) => args.includes(folder)));
}

describe('openServers() local', () => {
  let servers: Servers;
  const steps: string[] = [];

  beforeAll(async () => {
    servers = await openServers({ source: 'local', onStep: (sentence) => steps.push(sentence) });
  });
  afterAll(() => servers.close());

  it('says which source, why, and which versions answer', () => {
    expect(servers.source).toBe('local');
    expect(servers.why).toMatch(/asked for local/);
    expect(['MySQL', 'MariaDB']).toContain(servers.mysqlVersion.flavour);
    expect(servers.mysqlVersion.version).toMatch(/^\d+\.\d+/);
    expect(['Redis', 'Valkey']).toContain(servers.redisVersion.flavour);
    expect(steps).toEqual(['Starting private MySQL and Redis processes.']);
  });

  it('lets nobody in but this user: private folders, no port, passwords', async () => {
    for (const folder of foldersOf(servers.mysql.socketPath, servers.redis.path)) {
      expect(statSync(folder).mode & 0o777).toBe(0o700);
    }
    await expect(readMysqlVersion({ ...servers.mysql, password: 'wrong' })).rejects.toThrow(/denied/i);
    await expect(readRedisVersion({ path: servers.redis.path! })).rejects.toThrow(/auth/i);
    expect(await withRedis(servers.redis, (redis) => settingsOf(redis, 'port'))).toMatchObject({
      port: '0',
    });
  });

  it('gives a Redis that neither evicts nor saves and announces expiry', async () => {
    const settings = await withRedis(servers.redis, (redis) =>
      settingsOf(redis, 'maxmemory-policy', 'save', 'notify-keyspace-events'),
    );
    expect(settings).toMatchObject({
      'maxmemory-policy': 'noeviction',
      save: '',
      'notify-keyspace-events': 'xE',
    });
  });

  it('gives a MySQL in which DECIMAL and DATETIME arrive as text and time is UTC', async () => {
    const mysql = await createConnection(mysqlClientOptions(servers.mysql));
    const [rows] = await mysql.query(
      "SELECT CAST('1999.10' AS DECIMAL(10,2)) AS price, CAST(? AS DATETIME(3)) AS at, @@time_zone AS zone, 7 AS n",
      [new Date(Date.UTC(2026, 2, 1, 9, 30))],
    );
    mysql.destroy();
    expect(rows).toEqual([{ price: '1999.10', at: '2026-03-01 09:30:00.000', zone: '+00:00', n: 7 }]);
  });

  it('close() ends the processes and removes their folders in 1 s, and can be called again', async () => {
    const own = await openServers({ source: 'local' });
    const redis = await own.startRedis();
    const folders = foldersOf(own.mysql.socketPath, own.redis.path, redis.admin.path);
    expect(isNamedByAProcess(folders)).toBe(true);
    const begun = performance.now();
    await own.close();
    expect(performance.now() - begun).toBeLessThan(1000);
    expect(folders.filter((folder) => existsSync(folder))).toEqual([]);
    expect(isNamedByAProcess(folders)).toBe(false);
    await own.close();
  });

  it('runs beside others: each open has servers of its own', async () => {
    const many = await Promise.all([1, 2, 3].map(() => openServers({ source: 'local' })));
    expect(new Set(many.map(({ mysql }) => mysql.socketPath)).size).toBe(3);
    await Promise.all(many.map((own) => own.close()));
  });
});

/** The keepers of these folders, and the shells that wait for their owners' end beside them. */
const keepersOf = (folders: string[]) =>
  processes().filter(({ args }) => folders.some((folder) => args.endsWith(`keeper.sh ${folder}`)));

const pdeathsig = spawnSync('setpriv', ['--pdeathsig', 'KILL', 'true']).status === 0;

describe('the keeper', () => {
  it.runIf(pdeathsig)('takes its server with it when it is killed itself', async () => {
    const owner = await startOwner([], { LAB_SERVERS: 'local' });
    const { mysql, redis } = owner.description;
    const folders = foldersOf(mysql.socketPath, redis.path, owner.private.path);
    const keepers = keepersOf(folders).filter(({ parent }) => parent === owner.process.pid);
    expect(keepers).toHaveLength(3);
    for (const { pid } of keepers) process.kill(pid, 'SIGKILL');
    await until(() => !isNamedByAProcess(folders.map((folder) => `${folder}/`)));
    owner.process.kill('SIGKILL');
    await until(() => !isNamedByAProcess(folders) && !folders.some((folder) => existsSync(folder)));
  });

  it('is swept away by the next start where it was killed with its owner', async () => {
    const [owner, other] = await Promise.all([1, 2].map(() => startOwner([], { LAB_SERVERS: 'local' })));
    const foldersOfOwner = ({ description: { mysql, redis } }: Owner) =>
      foldersOf(mysql.socketPath, redis.path);
    const [folders, others] = [foldersOfOwner(owner!), foldersOfOwner(other!)];
    // Where a server does not end with its keeper it goes on like this one, which names a file of the folder.
    const server = spawn(process.execPath, [
      '-e',
      'setTimeout(() => {}, 1e6)',
      join(folders[0]!, 'redis.sock'),
    ]);
    const gone = once(server, 'exit');
    for (const { pid } of keepersOf(folders)) process.kill(pid, 'SIGKILL');
    owner!.process.kill('SIGKILL');
    await until(() => keepersOf(folders).length === 0);
    const removed = await sweepKept([...new Set(folders.map((folder) => dirname(folder)))]);
    // Whoever starts servers beside this test sweeps too: any of these may have been quicker.
    expect(folders.filter((folder) => existsSync(folder))).toEqual([]);
    expect((await gone)[1]).toBe('SIGKILL');
    expect(removed.filter((folder) => others.includes(folder))).toEqual([]);
    expect(await readRedisVersion(other!.description.redis)).toMatchObject({ flavour: expect.any(String) });
  });

  for (const [how, words, signal] of [
    ['is killed', [], 'SIGKILL'],
    ['ends without close()', ['leave'], undefined],
  ] as const) {
    it(`leaves neither process nor folder behind when the owner ${how}`, async () => {
      const owner = await startOwner([...words], { LAB_SERVERS: 'local' });
      const { mysql, redis } = owner.description;
      const folders = foldersOf(mysql.socketPath, redis.path, owner.private.path);
      if (signal) owner.process.kill(signal);
      await until(() => !isNamedByAProcess(folders) && !folders.some((folder) => existsSync(folder)));
    });
  }

  it('leaves nothing behind when the owner is killed while the servers start', async () => {
    const starting = startOwner([], { LAB_SERVERS: 'local', TMPDIR: '/tmp' });
    starting.catch(() => {});
    // Its own owner's alone: other tests start keepers at the same time.
    const keepers = () => {
      const all = processes();
      const own = all.filter(
        ({ parent, args }) => parent === process.pid && args.includes('servers-owner.ts'),
      );
      return all.filter(
        ({ parent, args }) => args.includes('keeper.sh') && own.some(({ pid }) => pid === parent),
      );
    };
    await until(() => keepers().length > 0);
    const folders = keepers().map(({ args }) => args.split('keeper.sh ')[1]!.trim());
    const { parent } = keepers()[0]!;
    process.kill(parent, 'SIGKILL');
    await until(() => !isNamedByAProcess(folders) && !folders.some((folder) => existsSync(folder)));
  });

  it('reports a server that ends at once with the end of its log', async () => {
    const users = checkUsers();
    await expect(startLocalRedis(findRedis()!, users, { maxmemory: 'plenty' })).rejects.toMatchObject({
      name: 'ServersUnavailable',
      code: 'SERVER_FAILED',
      message: expect.stringMatching(/maxmemory plenty[\s\S]*must be a memory value/),
    });
  });

  it('starts the server that hides in redis-check-rdb', async () => {
    const rdb = execFileSync('sh', [
      '-c',
      'readlink -f "$(command -v redis-check-rdb || command -v redis-server)"',
    ]);
    const file = rdb.toString().trim();
    const server = await startLocalRedis({ file, serverName: 'redis-server' }, checkUsers());
    expect((await readRedisVersion(server.admin)).version).toMatch(/^\d/);
    await server.close();
  });

  it('shellWord() keeps quotes and spaces', () => {
    const text = `it's "a" $(b) \\ c`;
    expect(execFileSync('sh', ['-c', `printf %s ${shellWord(text)}`], { encoding: 'utf8' })).toBe(text);
  });
});

describe('attachServers()', () => {
  it('reaches the servers of another process and closes only its own', async () => {
    const owner = await startOwner([], { LAB_SERVERS: 'local' });
    const attached = await attachServers(owner.description);
    const own = await attached.startRedis();
    expect(await readMysqlVersion(attached.mysql)).toEqual(owner.description.mysqlVersion);
    await attached.close();
    expect(existsSync(own.admin.path!)).toBe(false);
    expect(await readRedisVersion(owner.description.redis)).toEqual(owner.description.redisVersion);
    owner.process.kill('SIGTERM');
  });
});

describe('versions', () => {
  it.each([
    ['9.7.4-2', { flavour: 'MySQL', version: '9.7.4' }],
    ['8.4.6', { flavour: 'MySQL', version: '8.4.6' }],
    ['10.11.19-MariaDB-0+deb12u1', { flavour: 'MariaDB', version: '10.11.19' }],
  ])('mysqlVersion() reads %s', (text, expected) => {
    expect(mysqlVersion(text)).toEqual(expected);
  });

  it.each([
    ['redis_version:7.0.15\r\n', { flavour: 'Redis', version: '7.0.15' }],
    // Valkey calls itself Redis 7.2.4 for clients that ask for no more.
    [
      'redis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:8.1.1\r\n',
      { flavour: 'Valkey', version: '8.1.1' },
    ],
  ])('redisVersion() reads %j', (text, expected) => {
    expect(redisVersion(text)).toEqual(expected);
  });
});
