import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { redisClientOptions } from '../../kit/servers/clients.ts';
import { openServers } from '../../kit/servers/open-servers.ts';
import type { PrivateRedis, Servers } from '../../kit/servers/servers.ts';
import { cacheClient } from '../../src/cache/cache-client.ts';
import { cacheConfigOf } from '../../src/cache/cache-config.ts';
import type { CacheServiceOptions } from '../../src/cache/cache-parts.ts';
import { CacheService } from '../../src/cache/cache-service.ts';
import { domains } from '../../src/cache/domains.ts';
import type { Listing } from '../../src/cache/game-values.ts';
import type { RateVerdict } from '../../src/cache/rate-limit.ts';
import { cacheLabs } from './support/cache-labs.ts';
import { expectTimeToLive } from './support/time-to-live.ts';

let servers: Servers;
let own: PrivateRedis;
let redis: Redis;
let said: string[];
const open: CacheService[] = [];

beforeAll(async () => {
  servers = await openServers();
  own = await servers.startRedis();
  redis = new Redis(redisClientOptions(own.admin));
});
beforeEach(async () => {
  await own.flush();
  said = [];
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((cache) => cache.close()));
});
afterAll(async () => {
  redis?.disconnect();
  await own?.close();
  await servers?.close();
});

/** A service on the private Redis, as an application would open it. */
function service(options: Partial<CacheServiceOptions> = {}): CacheService {
  const config = { ...cacheConfigOf({}), timeoutMs: 60_000 };
  const client = cacheClient(own.address, config);
  const cache = new CacheService({ redis: client, config, log: (line) => said.push(line), ...options });
  open.push(cache);
  return cache;
}

const offer = (id: number, resourceId: number): Listing => ({
  id,
  sellerId: 1,
  resourceId,
  quantity: 5,
  unitPrice: 120,
  status: 'active',
  createdAt: '2025-11-01T08:00:00.000Z',
});

describe('CacheService.set() and get()', () => {
  it.each([[[]], [0], [''], [false], [{}], [{ name: '湯川 🔨', deep: [1, [2]] }]])(
    'keep %j',
    async (value) => {
      const cache = service();
      expect(await cache.set('a', value)).toBe(true);
      expect(await cache.get('a')).toEqual(value);
    },
  );

  it('tell a null that was kept from nothing', async () => {
    const cache = service();
    await cache.set('a', null);
    expect(await cache.find('a')).toEqual({ value: null });
    expect(await cache.find('b')).toBeNull();
  });

  it('give a value its time to live, and none where none is told', async () => {
    const cache = service();
    const since = performance.now();
    await cache.set('a', 1, { ttl: 90 });
    await cache.set('b', 1);
    await cache.set('c', 1, { ttl: 0.5 });
    await expectTimeToLive(redis, 'a', { seconds: 90, since });
    expect(await redis.ttl('b')).toBe(-1);
    await expectTimeToLive(redis, 'c', { seconds: 0.5, since });
  });

  it('obey nx and xx', async () => {
    const cache = service();
    const since = performance.now();
    expect(await cache.set('a', 1, { xx: true })).toBe(false);
    expect(await cache.set('a', 2, { nx: true })).toBe(true);
    expect(await cache.set('a', 3, { nx: true })).toBe(false);
    expect(await cache.set('a', 4, { xx: true, ttl: 900 })).toBe(true);
    expect(await cache.get('a')).toBe(4);
    await expectTimeToLive(redis, 'a', { seconds: 900, since });
    expect(await cache.getStats()).toMatchObject({ writes: 2, refusedWrites: 0 });
  });

  it.each([
    ['both nx and xx', () => service().set('a', 1, { nx: true, xx: true })],
    ['a value that JSON cannot hold', () => service().set('a', undefined)],
    ['a function', () => service().set('a', () => 1)],
    ['a bigint', () => service().set('a', 1n)],
    ['an empty key', () => service().get('')],
    ['an empty key among others', () => service().exists('a', '')],
    ['a ttl of 0', () => service().set('a', 1, { ttl: 0 })],
    ['a ttl that is no number', () => service().expire('a', Number.NaN)],
    ['half a step', () => service().increment('a', 0.5)],
    ['an id that is none', () => service().getUserInventory(0)],
    ['a limit of 0', () => service().checkRateLimit('a', { maxRequests: 0, windowSeconds: 1 })],
  ])('refuse %s, without asking Redis', async (_what, call) => {
    await expect(call()).rejects.toThrow();
    expect(await redis.dbsize()).toBe(0);
  });

  it('take for a miss what somebody else wrote, and say so once', async () => {
    const cache = service();
    await redis.set('a', '{not json');
    await redis.hset(domains.inventory.key(7), 'a', '1');
    for (let i = 0; i < 3; i++) {
      expect(await cache.get('a')).toBeNull();
      expect(await cache.getUserInventory(7)).toBeNull();
    }
    expect((await cache.getStats()).failures).toBe(6);
    expect(said).toEqual([
      expect.stringMatching(/^GET a went wrong: .*JSON/),
      expect.stringMatching(/^Redis refused GET inventory:user:7: WRONGTYPE /),
    ]);
    await expect(cache.getUserInventory(7, { strict: true })).rejects.toMatchObject({
      name: 'CacheUnavailable',
    });
  });
});

describe('CacheService generic calls', () => {
  it('delete(), exists(), expire()', async () => {
    const cache = service();
    await cache.set('a', 1);
    await cache.set('b', 1);
    expect([await cache.exists('a'), await cache.exists('c'), await cache.exists()]).toEqual([1, 0, 0]);
    expect([await cache.exists('a', 'b', 'c'), await cache.exists('a', 'a')]).toEqual([2, 2]);
    const since = performance.now();
    expect([await cache.expire('a', 600), await cache.expire('c', 600)]).toEqual([true, false]);
    await expectTimeToLive(redis, 'a', { seconds: 600, since });
    expect(await cache.delete('a', 'b', 'c')).toBe(2);
    expect(await cache.delete()).toBe(0);
  });

  it('increment() and decrement() count from 0, and refuse what is no number', async () => {
    const cache = service();
    expect([
      await cache.increment('n'),
      await cache.increment('n', 5),
      await cache.decrement('n', 2),
    ]).toEqual([1, 6, 4]);
    expect(await cache.get('n')).toBe(4);
    await cache.set('text', 'one');
    expect(await cache.increment('text')).toBeNull();
  });
});

describe.each([
  ['without labs', {}],
  ['on labs 06 and 09', cacheLabs],
])('CacheService domains %s', (_name, labs) => {
  it("keep each value under the document's key for the document's time", async () => {
    const cache = service({ labs });
    const condition = { id: 2, name: 'Rain', gatheringMultiplier: 1.2, craftingMultiplier: 0.95 };
    const session = { userId: 7, login: 'gita', role: 'player', createdAt: '2026-01-15T12:00:00.000Z' };
    const since = performance.now();
    const kept = await Promise.all([
      cache.setCurrentEnvironment({ weather: condition, season: null, timestamp: session.createdAt }),
      cache.setCurrentWeather(condition),
      cache.setCurrentSeason(condition),
      cache.setMarketListings([offer(1, 10)], { resourceId: 10 }),
      cache.setLeaderboard([{ playerId: 1, login: 'ada', earned: 600, rank: 1 }]),
      cache.setUserInventory(7, [{ resourceId: 2, name: 'Iron ore', quantity: 5 }]),
      cache.setCraftableRecipes({ userId: 7, professionId: 3 }, []),
      cache.setSession('0b0e7ad8-4f2c-4c4c-9f1d-3a1d1a6f0c11', session),
    ]);
    expect(kept).toEqual(Array(8).fill(true));
    const times: Record<string, number> = {
      'env:current': 3600,
      'env:weather:current': 3600,
      'env:season:current': 3600,
      'market:listings:active:10': 60,
      'leaderboard:100': 300,
      'inventory:user:7': 30,
      'recipes:user:7:3': 1800,
      'session:0b0e7ad8-4f2c-4c4c-9f1d-3a1d1a6f0c11': 86_400,
    };
    for (const [key, seconds] of Object.entries(times))
      await expectTimeToLive(redis, key, { seconds, since });
    expect(await cache.getCurrentWeather()).toEqual(condition);
    expect(await cache.getMarketListings({ resourceId: 10 })).toEqual([offer(1, 10)]);
    expect(await cache.getSession('0b0e7ad8-4f2c-4c4c-9f1d-3a1d1a6f0c11')).toEqual(session);
  });

  it('take an empty list for a hit', async () => {
    const cache = service({ labs });
    await cache.setMarketListings([], { resourceId: 11 });
    expect(await cache.getMarketListings({ resourceId: 11 })).toEqual([]);
    expect(await cache.getMarketListings({ resourceId: 12 })).toBeNull();
    expect((await cache.getStats()).domains.listings).toEqual({ hits: 1, misses: 1, hitRate: 50 });
  });

  it('invalidate what is meant and nothing else, and say how many keys went', async () => {
    const cache = service({ labs });
    for (const resourceId of [1, 10, 100]) {
      await cache.setMarketListings([offer(1, resourceId)], { resourceId });
      await cache.setMarketListings([], { resourceId, status: 'sold' });
    }
    await cache.setMarketListings([]);
    expect(await cache.invalidateMarketCache(10)).toBe(3);
    expect(await cache.invalidateMarketCache(10)).toBe(0);
    expect(await cache.getMarketListings({ resourceId: 1 })).toEqual([offer(1, 1)]);
    expect(await cache.getMarketListings({ resourceId: 100 })).not.toBeNull();
    expect(await cache.invalidateMarketCache()).toBe(4);
    for (const userId of [7, 77]) {
      await cache.setUserInventory(userId, []);
      for (const professionId of [1, 3]) await cache.setCraftableRecipes({ userId, professionId }, []);
    }
    expect([await cache.invalidateUserInventory(7), await cache.invalidateUserRecipes(7)]).toEqual([1, 2]);
    expect(await cache.getCraftableRecipes(77, 3)).toEqual([]);
    expect(await cache.getUserInventory(77)).toEqual([]);
    await cache.setLeaderboard([], { limit: 10 });
    await cache.setLeaderboard([]);
    await redis.zadd('leaderboard:live', 1, '7');
    expect(await cache.invalidateLeaderboard()).toBe(2);
    expect(await redis.exists('leaderboard:live')).toBe(1);
    await cache.setCurrentEnvironment({ weather: null, season: null, timestamp: '' });
    expect(await cache.invalidateEnvironment()).toBe(1);
    expect((await cache.getStats()).invalidated).toBe(3 + 4 + 1 + 2 + 2 + 1);
  });

  it('find keys among many by SCAN or tag, and never send KEYS', async () => {
    const cache = service({ labs });
    const pipeline = redis.pipeline();
    for (let i = 0; i < 3000; i++) pipeline.set(`other:${i}`, '');
    await pipeline.exec();
    for (let professionId = 1; professionId <= 20; professionId++)
      await cache.setCraftableRecipes({ userId: 7, professionId }, []);
    await redis.config('RESETSTAT');
    expect(await cache.invalidateUserRecipes(7)).toBe(20);
    expect(await redis.info('commandstats')).not.toContain('cmdstat_keys:');
    expect(await redis.exists('other:1')).toBe(1);
  });
});

describe('CacheService sessions', () => {
  const session = { userId: 7, login: 'gita', role: 'player', createdAt: '2026-01-15T12:00:00.000Z' };

  it('live on with refreshSession(), and a deleted one is not brought back', async () => {
    const cache = service();
    await cache.setSession('one', session);
    await redis.expire(domains.session.key('one'), 500);
    const since = performance.now();
    expect(await cache.refreshSession('one')).toBe(true);
    await expectTimeToLive(redis, domains.session.key('one'), { seconds: 86_400, since });
    expect(await cache.deleteSession('one')).toBe(true);
    expect([await cache.deleteSession('one'), await cache.refreshSession('one')]).toEqual([false, false]);
    expect(await cache.getSession('one')).toBeNull();
  });

  it('cannot be reached by an id that names another key', async () => {
    const cache = service();
    await cache.setUserInventory(7, []);
    await cache.setSession('one', session);
    for (const id of ['*', '../inventory:user:7', 'one\0', 'one ', 'ONE']) {
      expect(await cache.getSession(id)).toBeNull();
      expect(await cache.deleteSession(id)).toBe(false);
    }
    expect(await redis.dbsize()).toBe(2);
  });
});

/** The window ends so many seconds after some moment since `since`. */
function expectReset({ resetSeconds }: RateVerdict, { seconds, since }: { seconds: number; since: number }) {
  expect(resetSeconds).toBeLessThanOrEqual(seconds);
  expect(resetSeconds).toBeGreaterThanOrEqual(Math.floor(seconds - (performance.now() - since) / 1000));
}

describe('CacheService.checkRateLimit()', () => {
  it('lets through what the limit says, tells what is left, and begins anew with the window', async () => {
    const cache = service();
    const limit = { maxRequests: 3, windowSeconds: 600 };
    const since = performance.now();
    const verdicts = [];
    for (let i = 0; i < 5; i++) verdicts.push(await cache.checkRateLimit('user_7', limit));
    expect(verdicts.map(({ allowed, remaining }) => [allowed, remaining])).toEqual([
      [true, 2],
      [true, 1],
      [true, 0],
      [false, 0],
      [false, 0],
    ]);
    expect(verdicts[4]!.limit).toBe(3);
    expectReset(verdicts[4]!, { seconds: 600, since });
    expect(await cache.getRemainingRequests('user_7', limit)).toBe(0);
    expect(await cache.getRemainingRequests('user_8', limit)).toBe(3);
    await redis.pexpire('rate:user_7', 1);
    await expect.poll(() => redis.exists('rate:user_7')).toBe(0);
    expect(await cache.checkRateLimit('user_7', limit)).toMatchObject({ allowed: true, remaining: 2 });
  });

  it('lets exactly so many of 500 concurrent requests through, from several services', async () => {
    const caches = [service(), service(), service()];
    const verdicts = await Promise.all(
      Array.from({ length: 500 }, (_, i) =>
        caches[i % 3]!.checkRateLimit('crowd', { maxRequests: 60, windowSeconds: 600 }),
      ),
    );
    expect(verdicts.filter(({ allowed }) => allowed)).toHaveLength(60);
    expect(await redis.ttl('rate:crowd')).toBeGreaterThan(0);
  });

  it('gives a count that would never end an end', async () => {
    await redis.set('rate:stuck', '1000');
    const since = performance.now();
    const verdict = await service().checkRateLimit('stuck', { maxRequests: 60, windowSeconds: 300 });
    expect(verdict.allowed).toBe(false);
    expectReset(verdict, { seconds: 300, since });
    await expectTimeToLive(redis, 'rate:stuck', { seconds: 300, since });
  });

  it('does not make a window longer by what it refuses', async () => {
    const cache = service();
    const limit = { maxRequests: 1, windowSeconds: 600 };
    await cache.checkRateLimit('a', limit);
    const since = performance.now();
    await redis.pexpire('rate:a', 300_000);
    const verdict = await cache.checkRateLimit('a', limit);
    expect(verdict.allowed).toBe(false);
    expectReset(verdict, { seconds: 300, since });
    await expectTimeToLive(redis, 'rate:a', { seconds: 300, since });
  });
});

describe('CacheService.getStats()', () => {
  it("has every figure of the document, and this service's own hit rate", async () => {
    const [cache, other] = [service(), service()];
    await other.get('nothing');
    await cache.set('a', 1);
    for (let i = 0; i < 3; i++) await cache.get('a');
    await cache.get('b');
    const stats = await cache.getStats();
    expect(stats).toMatchObject({
      hits: 3,
      misses: 1,
      hitRate: 75,
      writes: 1,
      failures: 0,
      refusedWrites: 0,
    });
    expect(stats.redis).toEqual({
      connectedClients: expect.any(Number),
      usedMemoryHuman: expect.stringMatching(/^\d+(\.\d+)?[BKMG]/),
      usedMemoryPeakHuman: expect.stringMatching(/^\d+(\.\d+)?[BKMG]/),
      totalCommandsProcessed: expect.any(Number),
      keyspaceHits: expect.any(Number),
      keyspaceMisses: expect.any(Number),
      uptimeInSeconds: expect.any(Number),
      redisVersion: expect.stringMatching(/^\d+\.\d+/),
    });
    for (const figure of Object.values(stats.redis!)) expect(figure).not.toBeNaN();
    expect((await service().getStats()).hitRate).toBeNull();
  });
});
