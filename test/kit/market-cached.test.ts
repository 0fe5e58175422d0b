import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { redisClientOptions } from '../../kit/servers/clients.ts';
import { openServers } from '../../kit/servers/open-servers.ts';
import type { PrivateRedis, Servers } from '../../kit/servers/servers.ts';
import { cacheClient } from '../../src/cache/cache-client.ts';
import { cacheConfigOf } from '../../src/cache/cache-config.ts';
import { CacheService } from '../../src/cache/cache-service.ts';
import { domains } from '../../src/cache/domains.ts';
import type { CacheLabs } from '../../src/cache/market-labs.ts';
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

function service(labs: CacheLabs = cacheLabs): CacheService {
  const config = { ...cacheConfigOf({}), timeoutMs: 60_000 };
  const client = cacheClient(own.address, config);
  const cache = new CacheService({ redis: client, labs, config, log: (line) => said.push(line) });
  open.push(cache);
  return cache;
}

const listingsOptions = {
  key: (resourceId: number) => domains.listings.key({ resourceId }),
  tags: (resourceId: number) => domains.listings.tags({ resourceId }),
  ttl: 600,
  domain: 'listings' as const,
};

const todo = () => Promise.reject(new Error('TODO: write it'));
const stubs = {
  getOrLoad: todo,
  invalidation: { readGeneration: todo, keepTagged: todo, invalidateTags: todo },
} as CacheLabs;

it('asks the database each time where CACHE_ENABLED is 0, and keeps nothing', async () => {
  const config = cacheConfigOf({ CACHE_ENABLED: '0' });
  const cache = new CacheService({ redis: cacheClient(own.address, config), labs: cacheLabs, config });
  open.push(cache);
  let loads = 0;
  const read = cache.cached<number, [number]>(listingsOptions, async () => ++loads);
  expect([await read(1), await read(1)]).toEqual([
    { source: 'database', value: 1 },
    { source: 'database', value: 2 },
  ]);
  expect(await redis.dbsize()).toBe(0);
});

describe.each<[string, CacheLabs]>([
  ['without labs', {}],
  ['on lab 06', { getOrLoad: cacheLabs.getOrLoad }],
  ['on lab 09', { invalidation: cacheLabs.invalidation }],
  ['on labs 06 and 09', cacheLabs],
  ['on labs that are stubs', stubs],
])('CacheService.cached() %s', (_name, labs) => {
  it('loads once, then answers from the cache, an empty list too', async () => {
    const cache = service(labs);
    const since = performance.now();
    let loads = 0;
    const listings = cache.cached(listingsOptions, async (id: number) => {
      loads++;
      return id === 11 ? [] : [{ id }];
    });
    expect(await listings(10)).toEqual({ source: 'database', value: [{ id: 10 }] });
    expect(await listings(11)).toEqual({ source: 'database', value: [] });
    expect(await listings(10)).toEqual({ source: 'cache', value: [{ id: 10 }] });
    expect(await listings(11)).toEqual({ source: 'cache', value: [] });
    expect(loads).toBe(2);
    expect((await cache.getStats()).domains.listings).toEqual({ hits: 2, misses: 2, hitRate: 50 });
    await expectTimeToLive(redis, 'market:listings:active:10', { seconds: 600, since });
  });

  it('loads anew after an invalidation', async () => {
    const cache = service(labs);
    let version = 1;
    const listings = cache.cached(listingsOptions, async (_id: number) => [version]);
    await listings(10);
    version = 2;
    expect(await cache.invalidateMarketCache(10)).toBe(1);
    expect(await listings(10)).toEqual({ source: 'database', value: [2] });
  });

  it('passes on the error of a load, and does not keep it', async () => {
    const cache = service(labs);
    let fails = true;
    const listings = cache.cached(listingsOptions, async (_id: number) => {
      if (fails) throw new Error('MySQL is away');
      return [1];
    });
    const results = await Promise.allSettled([listings(10), listings(10), listings(10)]);
    for (const result of results) expect(result).toMatchObject({ reason: { message: 'MySQL is away' } });
    fails = false;
    expect(await listings(10)).toEqual({ source: 'database', value: [1] });
  });
});

describe('CacheService.cached() on labs 06 and 09', () => {
  it('loads once for a thousand concurrent readers of several services', async () => {
    const caches = [service(), service(), service(), service()];
    let loads = 0;
    const readers = caches.map((cache) =>
      cache.cached(listingsOptions, async (_id: number) => {
        loads++;
        await redis.ping();
        return ['loaded'];
      }),
    );
    const answers = await Promise.all(Array.from({ length: 1000 }, (_, i) => readers[i % 4]!(10)));
    for (const { value } of answers) expect(value).toEqual(['loaded']);
    expect(loads).toBe(1);
    expect(answers.filter(({ source }) => source === 'database')).toHaveLength(1);
  });

  it('never keeps what was loaded before an invalidation, nor gives it to who comes after', async () => {
    const cache = service();
    let stock = 5;
    let loads = 0;
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const listings = cache.cached(listingsOptions, async (_id: number) => {
      const seen = stock;
      if (++loads === 1) await held; // MySQL has answered, the answer is on its way
      return [seen];
    });
    const early = listings(10);
    await expect.poll(() => loads).toBe(1);
    stock = 4;
    await cache.invalidateMarketCache(10);
    expect(await listings(10), 'who comes after the sale').toEqual({ source: 'database', value: [4] });
    release();
    expect((await early).value, 'who came before it').toEqual([5]);
    expect(await listings(10)).toEqual({ source: 'cache', value: [4] });
    expect(await cache.getMarketListings({ resourceId: 10 })).toEqual([4]);
  });
});

describe('CacheService on labs that are stubs', () => {
  it('says which lab is missing, once, and works without it', async () => {
    const cache = service(stubs);
    await cache.setUserInventory(7, []);
    expect(await cache.getUserInventory(7)).toEqual([]);
    for (const professionId of [1, 2]) await cache.setCraftableRecipes({ userId: 7, professionId }, []);
    expect(await cache.invalidateUserRecipes(7)).toBe(2);
    expect(await cache.invalidateUserRecipes(7)).toBe(0);
    expect(said).toEqual([
      'keepTagged of inventory:user:7 is not written yet (TODO: write it): the cache does without it.',
      'invalidateTags of recipes:7 is not written yet (TODO: write it): the cache does without it.',
    ]);
    expect((await cache.getStats()).failures).toBe(0);
    expect((await cache.getStats()).pendingDeletions).toBe(0);
  });
});

describe('CacheService.cached() of keys without tags', () => {
  it('takes any key, and knows nothing from null where lab 06 keeps it', async () => {
    const cache = service();
    let loads = 0;
    const nothing = cache.cached({ key: () => 'nothing', ttl: 60 }, async () => {
      loads++;
      return null;
    });
    expect(await nothing()).toEqual({ source: 'database', value: null });
    expect(await nothing()).toEqual({ source: 'cache', value: null });
    expect(loads).toBe(1);
  });

  it('refuses a time to live that is none when it is made', () => {
    expect(() => service().cached({ key: () => 'a', ttl: 0 }, async () => 1)).toThrow('A time to live');
  });
});

describe('CacheService on labs whose code fails', () => {
  it('says what each threw, once, and works without it', async () => {
    const threw = () => Promise.reject(new TypeError('x is not iterable'));
    const broken = { getOrLoad: threw, invalidation: { ...cacheLabs.invalidation, keepTagged: threw } };
    const cache = service(broken as CacheLabs);
    const listings = cache.cached(listingsOptions, async (id: number) => [id]);
    for (const id of [10, 11]) {
      expect(await listings(id)).toEqual({ source: 'database', value: [id] });
      expect(await listings(id)).toEqual({ source: 'cache', value: [id] });
    }
    expect(said).toEqual([
      'getOrLoad of market:listings:active:10 went wrong: x is not iterable',
      'keepTagged of market:listings:active:10 went wrong: x is not iterable',
    ]);
    expect(await cache.byLab('theirs', threw)).toBe(false);
    expect(await cache.byLab('theirs', threw, { strict: true })).toBe(false);
    expect(await cache.byLab('ours', (client) => client.ping())).toBe(true);
  });
});
