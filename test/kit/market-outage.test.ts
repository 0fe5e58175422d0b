import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cacheClient } from '../../src/cache/cache-client.ts';
import { cacheConfigOf } from '../../src/cache/cache-config.ts';
import { CacheService } from '../../src/cache/cache-service.ts';
import { domains } from '../../src/cache/domains.ts';
import { cacheLabs } from './support/cache-labs.ts';
import { expectInTime, pace } from './support/pace.ts';
import { type RedisProcess, startRedisProcess } from './support/redis-process.ts';

/** No call may be given up while Redis answers, so it is longer on a machine that is slow. */
const timeoutMs = Math.ceil(100 * pace());
let server: RedisProcess;
let cache: CacheService;
let said: string[];
let down = false;

beforeAll(async () => {
  server = await startRedisProcess();
});
afterAll(async () => {
  await server?.close();
});
beforeEach(async () => {
  if (down) await server.start();
  down = false;
  await server.client.flushall();
  said = [];
  cache = open();
  await expect.poll(() => cache.set('warm', 1)).toBe(true);
  said = [];
});
afterEach(async () => {
  server.freeze(false);
  await cache.close();
});

const config = { ...cacheConfigOf({}), timeoutMs };
const open = (labs = {}) =>
  new CacheService({
    redis: cacheClient(server.address, config),
    labs,
    config,
    log: (line) => said.push(line),
  });

async function kill(): Promise<void> {
  await server.kill();
  down = true;
}
async function restart(options?: { empty?: boolean }): Promise<void> {
  await server.start(options);
  down = false;
}

const everyCall: [string, (c: CacheService) => Promise<unknown>, unknown][] = [
  ['get', (c) => c.get('a'), null],
  ['set', (c) => c.set('a', 1), false],
  ['delete', (c) => c.delete('gone'), 0],
  ['exists', (c) => c.exists('a', 'b'), 0],
  ['expire', (c) => c.expire('a', 1), false],
  ['increment', (c) => c.increment('n'), null],
  ['decrement', (c) => c.decrement('n'), null],
  ['getCurrentEnvironment', (c) => c.getCurrentEnvironment(), null],
  ['setMarketListings', (c) => c.setMarketListings([]), false],
  ['invalidateMarketCache', (c) => c.invalidateMarketCache(), 0],
  ['invalidateMarketCache of one', (c) => c.invalidateMarketCache(10), 0],
  ['invalidateLeaderboard', (c) => c.invalidateLeaderboard(), 0],
  ['invalidateUserRecipes', (c) => c.invalidateUserRecipes(7), 0],
  ['getSession', (c) => c.getSession('s'), null],
  ['increment of what is to be gone', (c) => c.increment('gone'), null],
  ['refreshSession', (c) => c.refreshSession('s'), false],
  ['deleteSession', (c) => c.deleteSession('s'), false],
  [
    'checkRateLimit',
    (c) => c.checkRateLimit('u', { maxRequests: 5, windowSeconds: 9 }),
    { allowed: true, limit: 5, remaining: 5, resetSeconds: 9 },
  ],
  ['getRemainingRequests', (c) => c.getRemainingRequests('u', { maxRequests: 5 }), 5],
];

describe('CacheService on a Redis that is killed', () => {
  it('takes reads for misses and writes for refused, counts them, and tells it once', async () => {
    await kill();
    for (const [name, call, instead] of everyCall) expect(await call(cache), name).toEqual(instead);
    const { failures, redis, refusedWrites } = await cache.getStats();
    expect(redis).toBeNull();
    expect(failures).toBeGreaterThanOrEqual(everyCall.length);
    expect(refusedWrites).toBe(5);
    expect(said).toEqual([expect.stringMatching(/^Redis does not answer \(.*\): reads are misses/)]);
  });

  it('throws in place of it where the caller is strict', async () => {
    await kill();
    const strict = { strict: true };
    const calls = [
      cache.get('a', strict),
      cache.set('a', 1, strict),
      cache.increment('a', 1, strict),
      cache.getSession('s', strict),
      cache.deleteSession('s', strict),
      cache.invalidateMarketCache(10, strict),
      cache.checkRateLimit('u', { maxRequests: 5, windowSeconds: 9, ...strict }),
      cache.getStats(strict),
    ];
    for (const result of await Promise.allSettled(calls))
      expect(result).toMatchObject({ reason: { name: 'CacheUnavailable', code: 'CACHE_UNAVAILABLE' } });
  });

  it('goes on by itself when Redis is back, and says so', async () => {
    await kill();
    expect(await cache.get('warm')).toBeNull();
    await restart();
    await expect.poll(() => cache.get('warm')).toBe(1);
    expect(said.at(-1)).toMatch(/^Redis answers again after \d+\.\d s; \d+ calls failed meanwhile\.$/);
    expect(said).toHaveLength(2);
  });

  it('opens while Redis is away, and finds it later', async () => {
    await kill();
    const late = open();
    try {
      expect(await expectInTime(timeoutMs * 5, () => late.get('warm'))).toBeNull();
      await restart();
      await expect.poll(() => late.get('warm')).toBe(1);
    } finally {
      await late.close();
    }
  });

  it('closes in bounded time', async () => {
    await kill();
    await expectInTime(timeoutMs * 5, () => cache.close());
  });
});

describe('CacheService on a Redis that does not answer', () => {
  it('waits for one call no longer than it is told, and for a hundred not much longer', async () => {
    server.freeze(true);
    await expectInTime(timeoutMs * 5, () => cache.get('a'));
    // A hundred one after the other: three time out, the others fail at once.
    await expectInTime(timeoutMs * 15, async () => {
      for (let i = 0; i < 100; i++) expect(await cache.get('a')).toBeNull();
    });
    server.freeze(false);
    await expect.poll(() => cache.get('warm')).toBe(1);
  });

  it('loads from the database at once while it lasts', async () => {
    const slow = open(cacheLabs);
    try {
      const load = slow.cached({ key: () => 'a', tags: () => ['t'], ttl: 60 }, async () => ['fresh']);
      await load();
      server.freeze(true);
      await expectInTime(timeoutMs * 25, async () => {
        for (let i = 0; i < 50; i++) expect(await load()).toEqual({ source: 'database', value: ['fresh'] });
      });
      server.freeze(false);
      await expect.poll(load).toEqual({ source: 'cache', value: ['fresh'] });
    } finally {
      await slow.close();
    }
  });
});

describe.each([
  ['without labs', {}],
  ['on labs 06 and 09', cacheLabs],
])('CacheService.invalidate… %s, in an outage', (_name, labs) => {
  it('keeps what Redis did not delete as pending: it is not read, and is gone afterwards', async () => {
    await cache.close();
    cache = open(labs);
    const moonstones = [{ resourceId: 10, name: 'Moonstone', quantity: 5 }];
    const session = { userId: 7, login: 'gita', role: 'player', createdAt: '' };
    await expect.poll(() => cache.setUserInventory(7, moonstones)).toBe(true);
    await expect.poll(() => cache.setUserInventory(8, [])).toBe(true);
    await expect.poll(() => cache.setCraftableRecipes({ userId: 7, professionId: 3 }, [])).toBe(true);
    await expect.poll(() => cache.setSession('s', session)).toBe(true);
    await kill();
    expect(await cache.invalidateUserInventory(7)).toBe(0);
    await cache.invalidateUserRecipes(7);
    await cache.deleteSession('s');
    expect((await cache.getStats()).pendingDeletions).toBe(3);
    await restart();
    await expect.poll(() => cache.getUserInventory(8)).toEqual([]);
    expect(await cache.getUserInventory(7)).toBeNull();
    expect(await cache.getCraftableRecipes(7, 3)).toBeNull();
    expect(await cache.getSession('s')).toBeNull();
    expect((await cache.getStats()).pendingDeletions).toBe(0);
    expect(
      await server.client.exists(
        domains.inventory.key(7),
        domains.recipes.key(7, 3),
        domains.session.key('s'),
      ),
    ).toBe(0);
    await expect.poll(() => cache.setUserInventory(7, [])).toBe(true);
    await expect.poll(() => cache.getUserInventory(7)).toEqual([]);
  });

  it('is pending too where the caller is strict and hears of it', async () => {
    await cache.close();
    cache = open(labs);
    await expect.poll(() => cache.setUserInventory(7, [])).toBe(true);
    await kill();
    await expect(cache.invalidateUserInventory(7, { strict: true })).rejects.toThrow('Redis failed at');
    await restart();
    await expect.poll(() => cache.exists('warm', domains.inventory.key(7))).toBe(1);
    expect(await cache.getUserInventory(7)).toBeNull();
  });

  it('deletes what is pending on the next connection, without being asked', async () => {
    await cache.close();
    cache = open(labs);
    await expect.poll(() => cache.setUserInventory(7, [])).toBe(true);
    await kill();
    await cache.invalidateUserInventory(7);
    await restart();
    await expect.poll(() => server.client.exists(domains.inventory.key(7))).toBe(0);
  });
});
