import type { Redis } from 'ioredis';
import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { needRoom, settleSession } from '../../kit/servers/check-settings.ts';
import { mysqlClientOptions } from '../../kit/servers/clients.ts';
import { openServers } from '../../kit/servers/open-servers.ts';
import type { PrivateRedis, Servers } from '../../kit/servers/servers.ts';
import { withRedis } from '../../kit/servers/versions.ts';

let servers: Servers;
let own: PrivateRedis;
beforeAll(async () => {
  // Its own: what is set here must trouble nobody.
  servers = await openServers({ source: 'local' });
  own = await servers.startRedis();
});
afterAll(async () => {
  await own?.close();
  await servers?.close();
});

async function connected<T>(work: (mysql: Connection) => Promise<T>): Promise<T> {
  const mysql = await createConnection(mysqlClientOptions(servers.mysql));
  return work(mysql).finally(() => mysql.end());
}

describe('settleSession()', () => {
  test('makes a session independent of what its server was started with', async () => {
    const values = 'SELECT @@wait_timeout AS wait, @@sql_mode AS mode, @@autocommit AS auto';
    const settings = ['wait_timeout = 1', "sql_mode = 'ANSI_QUOTES'", 'autocommit = 0'];
    await connected((mysql) => mysql.query(`SET ${settings.map((one) => `GLOBAL ${one}`).join(', ')}`));
    const seen = await connected(async (mysql) => {
      const [before] = await mysql.query<RowDataPacket[]>(values);
      await settleSession(mysql, { lockWaitS: 5 });
      const [after] = await mysql.query<RowDataPacket[]>(values);
      return [before[0], after[0]];
    });
    expect(seen[0]).toEqual({ wait: 1, mode: expect.stringContaining('ANSI_QUOTES'), auto: 0 });
    expect(seen[1]).toEqual({
      wait: 28_800,
      mode: 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION',
      auto: 1,
    });
  });

  test('says what to do about a server that takes small statements alone', async () => {
    await connected((mysql) => mysql.query('SET GLOBAL max_allowed_packet = 16384'));
    await expect(connected((mysql) => settleSession(mysql, { lockWaitS: 5 }))).rejects.toThrow(
      /at most 16384 bytes \(max_allowed_packet\)/,
    );
  });
});

test('needRoom() says what to do about a Redis that may hold little', async () => {
  const room = (redis: Redis) => needRoom(redis);
  await withRedis(own.admin, room);
  await withRedis(own.admin, (redis) => redis.config('SET', 'maxmemory', '1500kb'));
  await expect(withRedis(own.admin, room)).rejects.toThrow(/at most 1536000 bytes \(maxmemory\)/);
  await withRedis(own.admin, (redis) => redis.config('SET', 'maxmemory', '0'));
  await withRedis(own.admin, room);
});
