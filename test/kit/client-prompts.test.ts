import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { mysqlClient, redisClient } from '../../kit/servers/client-program.ts';
import { findProgram } from '../../kit/servers/local/binaries.ts';
import { openServers } from '../../kit/servers/open-servers.ts';
import { publishServers } from '../../kit/servers/published.ts';
import type { Servers } from '../../kit/servers/servers.ts';

const here = new URL('../..', import.meta.url).pathname;
// A root of its own: a running `npm start` of this checkout has published servers, too.
const root = mkdtempSync(join(tmpdir(), 'storelab-prompt-'));
let servers: Servers;
let withdraw: () => Promise<void>;

beforeAll(async () => {
  mkdirSync(join(root, 'src'), { recursive: true });
  cpSync(join(here, 'src', 'catalog.ts'), join(root, 'src', 'catalog.ts'));
  for (const part of ['base', 'servers'])
    cpSync(join(here, 'kit', part), join(root, 'kit', part), { recursive: true });
  vi.stubEnv('STORELAB_ROOT', root);
  servers = await openServers({ source: 'local' });
  withdraw = await publishServers(servers);
});
afterAll(async () => {
  await withdraw?.();
  await servers?.close();
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true, force: true });
});

const lab = (words: string[], env: Record<string, string | undefined> = {}) =>
  execa(process.execPath, [join(here, 'kit/cli.ts'), ...words], {
    env: { STORELAB_ROOT: root, LAB_SERVERS: undefined, MYSQL_URL: undefined, REDIS_URL: undefined, ...env },
    reject: false,
    input: env.INPUT ?? '',
  });

describe('./lab redis', () => {
  it('hands words and keys on to the running server', async () => {
    const { stdout, stderr } = await lab(['redis', 'PING']);
    if (stderr.includes('sudo apt-get install redis-tools')) return; // a machine without the client
    expect([stdout, stderr]).toEqual(['PONG', '']);
    expect((await lab(['redis', 'SET', 'a key', 'x y'])).stdout).toBe('OK');
    expect((await lab(['redis'], { INPUT: 'GET "a key"\nDBSIZE\n' })).stdout).toBe('x y\n1');
    expect((await lab(['redis', '--raw', 'KEYS', 'a*'])).stdout).toBe('a key');
  });

  it('says what to start where nothing runs', async () => {
    const empty = join(root, 'empty');
    mkdirSync(join(empty, 'src'), { recursive: true });
    cpSync(join(here, 'src', 'catalog.ts'), join(empty, 'src', 'catalog.ts'));
    const { exitCode, stderr } = await lab(['redis', 'PING'], { STORELAB_ROOT: empty });
    expect([exitCode, stderr]).toEqual([
      1,
      'No servers are running to ask: run `npm start` in another terminal first, or set MYSQL_URL and REDIS_URL.',
    ]);
  });

  it('never shows a password as a word of a command', () => {
    const { words, env } = redisClient({ path: '/s', username: 'u', password: 'secret', db: 2 }, ['PING']);
    expect([words, env]).toEqual([
      ['-s', '/s', '--user', 'u', '-n', '2', 'PING'],
      { REDISCLI_AUTH: 'secret' },
    ]);
  });
});

describe('./lab mysql', () => {
  it('asks the running server', async () => {
    const { stdout, stderr } = await lab(['mysql', '-N', '-e', 'SELECT 40 + 2']);
    if (stderr.includes('sudo apt-get install mariadb-client-core')) return; // a machine without the client
    expect([stdout, stderr]).toEqual(['42', '']);
  });

  it('reads no file of the person’s, and never shows a password', () => {
    const address = { host: '127.0.0.1', port: 3307, user: 'root', password: 'secret', database: 'storelab' };
    if (!findProgram(['mariadb', 'mysql'])) {
      expect(() => mysqlClient(address, [])).toThrow(/sudo apt-get install mariadb-client-core/);
      return;
    }
    const { words, env } = mysqlClient(address, ['-N']);
    expect(words).toEqual([
      '--no-defaults',
      '--host=127.0.0.1',
      '--port=3307',
      '--protocol=tcp',
      '--user=root',
      '--database=storelab',
      '-N',
    ]);
    expect(env).toEqual({ MYSQL_PWD: 'secret' });
  });
});
