import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { redisClientOptions } from '../../kit/servers/clients.ts';
import { openServers } from '../../kit/servers/open-servers.ts';
import type { PrivateRedis, Servers } from '../../kit/servers/servers.ts';
import { withRedis } from '../../kit/servers/versions.ts';
import { settingsOf } from './support/settings.ts';

let servers: Servers;
let own: PrivateRedis;
let student: Redis;

beforeAll(async () => {
  servers = await openServers({ source: 'local' });
  own = await servers.startRedis();
  student = new Redis(redisClientOptions(own.address));
});
afterAll(async () => {
  student.disconnect();
  await servers.close();
});

describe('startRedis()', () => {
  it.each([
    ['CONFIG', 'SET', 'maxmemory', '1'],
    ['SHUTDOWN', 'NOSAVE'],
    ['FLUSHALL'],
    ['ACL', 'SETUSER', 'student', '+@all'],
    ['DEBUG', 'SLEEP', '10'],
    ['CLIENT', 'KILL', 'TYPE', 'normal'],
    ['MONITOR'],
    ['REPLICAOF', 'NO', 'ONE'],
  ])('keeps the student from %s %s', async (command, ...words) => {
    await expect(student.call(command, ...words)).rejects.toThrow(/NOPERM|not allowed/);
  });

  it.each([
    ['FLUSHDB'],
    ['INFO'],
    ['KEYS', '*'],
    ['SORT', 'nothing'],
    ['SCAN', '0'],
    ['HSET', 'order:1', 'id', '1'],
    ['EVAL', 'return 1', '0'],
    ['MULTI'],
    ['DISCARD'],
    ['PUBLISH', 'news', 'x'],
    ['XADD', 'log', '*', 'a', '1'],
    ['SELECT', '1'],
    ['SELECT', '0'],
    ['CLIENT', 'ID'],
    ['OBJECT', 'ENCODING', 'order:1'],
    ['MEMORY', 'USAGE', 'order:1'],
  ])('lets the student %s %s', async (command, ...words) => {
    await expect(student.call(command, ...words)).resolves.not.toThrow();
  });

  it('keeps strangers out, and the store from the private server', async () => {
    await expect(withRedis({ path: own.address.path! }, (redis) => redis.ping())).rejects.toThrow(/NOAUTH/);
    expect(own.address.path).not.toBe(servers.redis.path);
  });

  it('flush() empties every database, scripts and functions', async () => {
    await withRedis(own.admin, async (redis) => {
      await redis.set('a', '1');
      await redis.select(3);
      await redis.set('b', '1');
      const sha = String(await redis.script('LOAD', 'return 1'));
      await redis.call(
        'FUNCTION',
        'LOAD',
        "#!lua name=kit\nredis.register_function('f', function() return 1 end)",
      );
      await own.flush();
      expect(await redis.info('keyspace')).not.toMatch(/db\d/);
      expect(await redis.script('EXISTS', sha)).toEqual([0]);
      expect(await redis.call('FUNCTION', 'LIST')).toEqual([]);
    });
    expect(own.scope).toBe('server');
  });

  it('flush() is done in 10 ms', async () => {
    await own.flush();
    const begun = performance.now();
    for (let round = 0; round < 20; round++) await own.flush();
    expect((performance.now() - begun) / 20).toBeLessThan(10);
  });

  it('fullRights lets the student administrate a server of his own; appendonly keeps a file', async () => {
    const free = await servers.startRedis({ fullRights: true, appendonly: true, maxmemory: '32mb' });
    const settings = await withRedis(free.address, async (redis) => {
      await redis.config('SET', 'slowlog-log-slower-than', '0');
      return settingsOf(redis, 'appendonly', 'maxmemory', 'slowlog-log-slower-than');
    });
    expect(settings).toEqual({
      appendonly: 'yes',
      maxmemory: String(32 * 2 ** 20),
      'slowlog-log-slower-than': '0',
    });
    await free.close();
  });
});
