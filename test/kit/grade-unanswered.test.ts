import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Environment } from '../../kit/judge/environment.ts';
import { openServers } from '../../kit/servers/open-servers.ts';
import type { Servers } from '../../kit/servers/servers.ts';

const code = `
export async function redisAtOnce({ redis }: any) { void redis.hset('a', 'b', 1); }
export async function redisLater({ redis }: any) { await redis.ping(); void redis.hset('a', 'b', 1); }
export async function mysqlAtOnce({ mysql }: any) { void mysql.query('SELECT 1').catch(() => {}); }
export async function mysqlLater({ mysql }: any) { await mysql.query('SELECT 1'); void mysql.query('SELECT 2').catch(() => {}); }
export async function blocking({ redis }: any) { redis.blpop('list', 0).catch(() => {}); }
export async function reconnecting({ redis }: any) {
  await redis.ping();
  const again = new Promise((resolve) => redis.once('connect', resolve));
  redis.disconnect(true);
  await again;
}
export async function returnsFirst({ redis }: any) { await redis.ping(); }
export async function throwsThen({ redis }: any) { await redis.hset('a', 'b', 1); throw new Error('no'); }
export async function clean({ redis, mysql }: any) {
  await Promise.all([redis.ping(), redis.hset('a', 'b', 1), mysql.query('SELECT 1'), mysql.query('SELECT 2')]);
  const connection = await mysql.getConnection();
  await connection.query('SELECT 1');
  connection.destroy();
}`;

let servers: Servers;
let environment: Environment;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'storelab-unanswered-'));
  await writeFile(join(folder, 'lab.ts'), code);
  servers = await openServers({ source: 'local' });
  environment = await Environment.open(servers, `unanswered_${process.pid}`);
});
afterAll(async () => {
  await environment?.close();
  await servers?.close();
  await rm(folder, { recursive: true, force: true });
});

describe('Runner.unanswered', () => {
  test.each([
    ['redisAtOnce', ['hset']],
    ['redisLater', ['hset']],
    ['mysqlLater', ['Query']],
    ['blocking', []],
    ['reconnecting', []],
    ['clean', []],
  ])('is known for certain where a function leaves commands behind: %s', async (name, left) => {
    const runner = await environment.runners.of(join(folder, 'lab.ts'), { lab: '01-initial-sync' });
    for (let i = 0; i < 20; i++) {
      await runner.call(name, []);
      expect(runner.unanswered).toEqual(left);
      await runner.reset(0, environment.schema);
    }
  });

  test('knows of nothing where the last of two calls at once throws', async () => {
    const runner = await environment.runners.of(join(folder, 'lab.ts'), { lab: '01-initial-sync' });
    for (let i = 0; i < 20; i++) {
      await Promise.allSettled([runner.call('returnsFirst', []), runner.call('throwsThen', [])]);
      expect(runner.unanswered).toEqual([]);
    }
    await runner.reset(0, environment.schema);
  });

  test('names a login that is on its way, too', async () => {
    const runner = await environment.runners.of(join(folder, 'lab.ts'), { lab: '01-initial-sync' });
    await runner.call('mysqlAtOnce', []);
    expect(runner.unanswered).toHaveLength(1);
    await runner.reset(0, environment.schema);
  });
});
