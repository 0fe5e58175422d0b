import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Environment } from '../../kit/judge/environment.ts';
import { withoutRights, withRules } from '../../kit/judge/rights.ts';
import { withConfig } from '../../kit/judge/with-config.ts';
import { redisClientOptions } from '../../kit/servers/clients.ts';
import { openServers } from '../../kit/servers/open-servers.ts';
import { userArguments } from '../../kit/servers/redis-rights.ts';
import type { PrivateRedis, Servers } from '../../kit/servers/servers.ts';
import { withRedis } from '../../kit/servers/versions.ts';
import { serverState } from './support/server-state.ts';

let servers: Servers;
let environment: Environment;
let own: PrivateRedis;
let student: Redis;

beforeAll(async () => {
  servers = await openServers({ source: 'local' });
  environment = await Environment.open(servers, `rights_${process.pid}`);
  own = await servers.startRedis();
});
beforeEach(() => environment.reset());
afterAll(async () => {
  await environment?.close();
  await servers?.close();
});

const acl = () => environment.redis.call('ACL', 'LIST');
const forbidden = [['FLUSHALL'], ['SWAPDB', '0', '1'], ['MIGRATE', '127.0.0.1', '1', 'k', '0', '10']];

describe.each(['-@write', '-@read', '-@hash', '-hgetall -hget -keys -scan', '-@all'])(
  'withoutRights(%s)',
  (rights) => {
    test('gives back what the student had, and no more', async () => {
      const before = await acl();
      expect(await withoutRights(environment.redis, rights, async () => 7)).toBe(7);
      expect(await acl()).toEqual(before);
    });

    test('gives it back where the work throws', async () => {
      const before = await acl();
      const work = async () => {
        throw new Error('a check that fails');
      };
      await expect(withoutRights(environment.redis, rights, work)).rejects.toThrow('a check that fails');
      expect(await acl()).toEqual(before);
    });
  },
);

test('a student stays connected, is refused meanwhile, and never gets what is dangerous', async () => {
  // Of another server: the environment's has a tap before it, whose counts are of no interest here.
  student = new Redis(redisClientOptions(own.address));
  try {
    await withRedis(own.admin, async (redis) => {
      await withoutRights(redis, '-@write', async () => {
        await expect(student.set('a', '1')).rejects.toThrow(/NOPERM/);
      });
      await withRules(redis, ['resetkeys', '~b'], async () => {
        await expect(student.set('a', '1')).rejects.toThrow(/NOPERM/);
      });
    });
    await student.set('a', '1');
    for (const [name, ...args] of forbidden)
      await expect(student.call(name!, ...args)).rejects.toThrow(/NOPERM/);
  } finally {
    student.disconnect();
  }
});

test('withConfig() sets several, and puts each back where the work throws', async () => {
  const { redis } = environment;
  const before = await redis.config('GET', '*');
  const failing = withConfig(redis, { maxmemory: '1', 'maxmemory-policy': 'allkeys-lru' }, async () => {
    expect(await redis.config('GET', 'maxmemory')).toEqual(['maxmemory', '1']);
    throw new Error('a check that fails');
  });
  await expect(failing).rejects.toThrow('a check that fails');
  expect(await redis.config('GET', '*')).toEqual(before);
});

test('no other Redis is changed: one that is not the judge’s is not gradable', async () => {
  await withRedis(servers.redis, async (redis) => {
    const before = await redis.call('ACL', 'LIST');
    await redis.call('ACL', 'SETUSER', 'student', 'on', '+@all');
    await expect(withoutRights(redis, '-@all', async () => {})).rejects.toThrow(/not the judge's own/);
    await expect(withConfig(redis, { maxmemory: '1' }, async () => {})).rejects.toThrow(
      /not the judge's own/,
    );
    await redis.call('ACL', 'DELUSER', 'student');
    expect(await redis.call('ACL', 'LIST')).toEqual(before);
  });
});

test('reset() puts back what a check that was cut off has left: users, rights, settings, functions', async () => {
  const before = await serverState(environment);
  const { redis } = environment;
  await redis.call('ACL', 'SETUSER', 'student', '+@all');
  await redis.call('ACL', 'SETUSER', 'another', 'on', 'nopass', '+@all', '~*');
  await redis.config('SET', 'maxmemory', '1gb', 'maxmemory-policy', 'allkeys-lru');
  await redis.function('LOAD', "#!lua name=left\nredis.register_function('left', function() return 1 end)");
  await environment.reset();
  expect(await serverState(environment)).toEqual(before);
});

test('userArguments() keeps a selector together', () => {
  expect(userArguments('user student on #ab12 ~* &* (~x* +get) -@all +get')).toEqual([
    'student',
    'reset',
    'on',
    '#ab12',
    '~*',
    '&*',
    '(~x* +get)',
    '-@all',
    '+get',
  ]);
});
