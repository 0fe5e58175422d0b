// needs: answers
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openServers } from '../../kit/servers/open-servers.ts';
import type { PrivateRedis, Servers } from '../../kit/servers/servers.ts';
import { withRedis } from '../../kit/servers/versions.ts';
import { cacheClient } from '../../src/cache/cache-client.ts';
import { cacheConfigOf } from '../../src/cache/cache-config.ts';
import { CacheService } from '../../src/cache/cache-service.ts';
import { Flights } from '../../src/cache/flights.ts';
import { jsonOf } from '../../src/cache/json-of.ts';
import { cacheLabs } from './support/cache-labs.ts';

let servers: Servers;
let own: PrivateRedis;
let cache: CacheService;
const config = { ...cacheConfigOf({}), timeoutMs: 60_000 };

beforeAll(async () => {
  servers = await openServers();
});
beforeEach(async () => {
  own = await servers.startRedis();
  cache = new CacheService({
    redis: cacheClient(own.address, config),
    labs: cacheLabs,
    config,
    log: () => {},
  });
});
afterEach(async () => {
  await cache.close();
  await own.close();
});
afterAll(() => servers?.close());

/** A load that counts its calls, and ends when it is let. */
function held() {
  let go = () => {};
  const promise = new Promise<void>((resolve) => {
    go = resolve;
  });
  let loads = 0;
  const load = async () => {
    const number = ++loads;
    await promise;
    return number;
  };
  return { load, go: () => go(), loads: () => loads };
}

describe('CacheService.cached() while Redis is away', () => {
  const options = { key: (id: number) => `user:${id}`, tags: (id: number) => [`user:${id}`], ttl: 60 };

  it('loads once for a thousand readers of one key, and once for each other key', async () => {
    const { load, go, loads } = held();
    const read = cache.cached<number, [number]>(options, load);
    await own.close();
    await expect.poll(() => cache.reachable).toBe(false);
    const readers = Array.from({ length: 1000 }, () => read(7));
    const other = read(8);
    await expect.poll(loads).toBe(2);
    go();
    const got = await Promise.all(readers);
    expect(new Set(got.map(({ value, source }) => `${value} ${source}`))).toEqual(new Set(['1 database']));
    expect((await other).value).toBe(2);
    expect(loads()).toBe(2);
  });

  it('gives nobody who comes after an invalidation what was loaded before it', async () => {
    const { load, go, loads } = held();
    const read = cache.cached<number, [number]>(options, load);
    await cache.exists('connected');
    await own.close();
    await expect.poll(() => cache.reachable).toBe(false);
    const before = read(7);
    await expect.poll(loads).toBe(1);
    await cache.delete('user:7');
    const after = [read(7), read(7)];
    await expect.poll(loads).toBe(2);
    go();
    expect((await before).value).toBe(1);
    expect((await Promise.all(after)).map(({ value }) => value)).toEqual([2, 2]);
  });

  it('tells an error of the load to all who share it, and keeps it for nobody', async () => {
    let loads = 0;
    const read = cache.cached<number, [number]>(options, async () => {
      if (++loads === 1) throw new Error('MySQL has gone away');
      return loads;
    });
    await own.close();
    await expect.poll(() => cache.reachable).toBe(false);
    const told = await Promise.allSettled([read(7), read(7)]);
    expect(told.map((one) => (one as PromiseRejectedResult).reason?.message)).toEqual(
      Array(2).fill('MySQL has gone away'),
    );
    expect((await read(7)).value).toBe(2);
  });
});

describe('reads of one key at once', () => {
  it('take one GET, and another one afterwards', async () => {
    await cache.set('list', [1]);
    const gets = () =>
      withRedis(own.admin, async (client) =>
        Number(/cmdstat_get:calls=(\d+)/.exec(await client.info('commandstats'))?.[1] ?? 0),
      );
    const before = await gets();
    const got = await Promise.all(Array.from({ length: 50 }, () => cache.get<number[]>('list')));
    expect(await gets()).toBe(before + 1);
    expect(got).toEqual(Array(50).fill([1]));
    expect(new Set(got).size).toBe(50); // nobody's change is another's
    await cache.get('list');
    expect(await gets()).toBe(before + 2);
  });
});

describe('Flights', () => {
  it('ends those of a pattern and of a tag, and no others', async () => {
    const flights = new Flights();
    const { load, go, loads } = held();
    const share = (key: string, tags: string[] = []) => flights.share(key, tags, load);
    const first = [share('a:1'), share('a:2'), share('b', ['tag']), share('c')];
    flights.end({ keys: [], tags: ['tag'], pattern: { match: 'a:*', test: (key) => key.startsWith('a:') } });
    const second = [share('a:1'), share('a:2'), share('b', ['tag']), share('c')];
    expect(loads()).toBe(7);
    go();
    expect(await Promise.all(first)).toEqual([1, 2, 3, 4]);
    expect(await Promise.all(second)).toEqual([5, 6, 7, 4]);
  });
});

describe('jsonOf()', () => {
  it.each<[unknown, string]>([
    [5n, 'a bigint'],
    [{ coins: 5n }, 'a bigint (coins)'],
    [[1, Number.NaN], 'NaN (1)'],
    [{ at: Number.POSITIVE_INFINITY }, 'Infinity (at)'],
    [undefined, 'undefined'],
    [[undefined], 'undefined (0)'],
    [{ run: () => 1 }, 'a function (run)'],
    [Symbol('s'), 'a symbol'],
    [{ seen: new Set([1]) }, 'a Set (seen)'],
    [new Map(), 'a Map'],
  ])('refuses %o, and names the key and the place', (value, what) => {
    expect(() => jsonOf('player:7', value)).toThrow(
      new TypeError(`set of player:7: JSON cannot hold ${what}. Make it text, a number or null first.`),
    );
  });

  it.each([null, 0, '', false, [], {}, { a: [1, { b: 'c' }] }])('keeps %o as it is', (value) => {
    expect(JSON.parse(jsonOf('key', value))).toEqual(value);
  });

  it('makes a Date its text, and leaves out what is undefined', () => {
    expect(jsonOf('key', { at: new Date(0), gone: undefined })).toBe('{"at":"1970-01-01T00:00:00.000Z"}');
  });
});
