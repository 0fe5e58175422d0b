import { describe, expect, it } from 'vitest';
import { cacheConfigOf, InvalidCacheConfig, redisAddressOf } from '../../src/cache/cache-config.ts';

describe('cacheConfigOf()', () => {
  it("has the document's times where nobody sets others", () => {
    expect(cacheConfigOf({ CACHE_LEADERBOARD_TTL: '' })).toEqual({
      ttl: {
        environment: 3600,
        listings: 60,
        leaderboard: 300,
        inventory: 30,
        recipes: 1800,
        profile: 60,
        session: 86_400,
      },
      timeoutMs: 250,
      enabled: true,
      requestsPerMinute: 60,
    });
  });

  it('takes what the environment says', () => {
    expect(cacheConfigOf({ CACHE_MARKET_LISTINGS_TTL: '30' }).ttl.listings).toBe(30);
    expect(cacheConfigOf({ CACHE_TIMEOUT_MS: '1000' }).timeoutMs).toBe(1000);
  });

  it.each(['0', '-1', '60s', '1e3', '1.5', 'NaN', '0x10', '99999999999999999999', '31536001'])(
    'refuses a time to live of %j with a sentence',
    (value) => {
      expect(() => cacheConfigOf({ CACHE_MARKET_LISTINGS_TTL: value })).toThrow(
        `CACHE_MARKET_LISTINGS_TTL is "${value}": give a whole number of seconds from 1 to 31536000, or leave it out for 60.`,
      );
    },
  );

  it('names every wrong value at once', () => {
    const wrong = () => cacheConfigOf({ CACHE_SESSION_TTL: 'a day', CACHE_USER_INVENTORY_TTL: '0' });
    expect(wrong).toThrow(InvalidCacheConfig);
    expect(wrong).toThrow(/CACHE_USER_INVENTORY_TTL.*\n.*CACHE_SESSION_TTL/);
  });
});

describe('redisAddressOf()', () => {
  it('reads host, port, password and database, or the address in one', () => {
    expect(redisAddressOf({})).toEqual({ host: 'localhost', port: 6379, db: 0 });
    expect(redisAddressOf({ REDIS_HOST: 'cache', REDIS_PASSWORD: 'p:w', REDIS_DB: '2' })).toEqual({
      host: 'cache',
      port: 6379,
      password: 'p:w',
      db: 2,
    });
    expect(redisAddressOf({ REDIS_URI: 'redis://:p%3Aw@[::1]:6380/3', REDIS_PORT: 'ignored' })).toEqual({
      host: '::1',
      port: 6380,
      password: 'p:w',
      db: 3,
    });
  });

  it.each(['redis://:$REDIS_PASSWORD@h:1/0', 'http://h', 'redis://h/x', 'h:6379', 'redis://h:99999'])(
    'refuses %s, and does not print it',
    (uri) => {
      expect(() => redisAddressOf({ REDIS_URI: uri })).toThrow('REDIS_URI is not a Redis address');
      expect(() => redisAddressOf({ REDIS_URI: uri })).not.toThrow(uri);
    },
  );

  it('refuses a port and a database that there are not', () => {
    expect(() => redisAddressOf({ REDIS_PORT: '70000', REDIS_DB: 'cache' })).toThrow(
      /REDIS_PORT is "70000".*\nREDIS_DB is "cache"/,
    );
  });
});
