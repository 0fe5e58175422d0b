import type { RedisAddress } from '../../kit/servers/address.ts';

/** What is kept for how long, in seconds. */
export interface TimesToLive {
  environment: number;
  listings: number;
  leaderboard: number;
  inventory: number;
  recipes: number;
  profile: number;
  session: number;
}

/** How the cache service behaves. */
export interface CacheConfig {
  ttl: TimesToLive;
  /** How long one call may wait for Redis, ms. */
  timeoutMs: number;
  /** False: what could come from the cache is loaded from MySQL each time. Sessions and limits stay in Redis. */
  enabled: boolean;
  /** Requests a minute of a player, or of an address that nobody is logged in from. */
  requestsPerMinute: number;
}

/** Variables of the document's .env and of routes that it has not, each with its default, seconds. */
const seconds = {
  CACHE_ENVIRONMENT_TTL: ['environment', 3600],
  CACHE_MARKET_LISTINGS_TTL: ['listings', 60],
  CACHE_LEADERBOARD_TTL: ['leaderboard', 300],
  CACHE_USER_INVENTORY_TTL: ['inventory', 30],
  CACHE_USER_RECIPES_TTL: ['recipes', 1800],
  CACHE_PROFILE_TTL: ['profile', 60],
  CACHE_SESSION_TTL: ['session', 86_400],
} as const satisfies Record<string, readonly [keyof TimesToLive, number]>;

/** Thrown at the start, with a sentence for each wrong value. */
export class InvalidCacheConfig extends Error {
  override name = 'InvalidCacheConfig';
}

/** A time to live: the name of a setting, or seconds. */
export type TimeToLive = keyof TimesToLive | number;

/** @example secondsOf('listings', cacheConfigOf({})) // 60 */
export const secondsOf = (ttl: TimeToLive, { ttl: settings }: CacheConfig): number =>
  typeof ttl === 'number' ? ttl : settings[ttl];

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Reads the times to live and the time-out from environment variables; a variable that is missing or empty has its
 * default.
 *
 * @throws InvalidCacheConfig that names every wrong value
 * @example cacheConfigOf({ CACHE_MARKET_LISTINGS_TTL: '30' }).ttl.listings // 30
 */
export function cacheConfigOf(env: Env = process.env): CacheConfig {
  const read = reader(env);
  const ttl = {} as TimesToLive;
  for (const [name, [part, value]] of Object.entries(seconds))
    ttl[part] = read.whole(name, { of: 'seconds', from: 1, to: 31_536_000, default: value });
  const timeoutMs = read.whole('CACHE_TIMEOUT_MS', { of: 'ms', from: 10, to: 60_000, default: 250 });
  const requestsPerMinute = read.whole('GAME_REQUESTS_PER_MINUTE', {
    of: 'requests',
    from: 1,
    to: 1_000_000_000,
    default: 60,
  });
  const enabled = read.whole('CACHE_ENABLED', { of: '', from: 0, to: 1, default: 1 }) === 1;
  read.end();
  return { ttl, timeoutMs, enabled, requestsPerMinute };
}

/** Whether one of the document's variables says where Redis is. */
export const namesRedis = (env: Env = process.env): boolean =>
  ['REDIS_URI', 'REDIS_HOST', 'REDIS_PORT', 'REDIS_DB'].some((name) => Boolean(env[name]));

/**
 * Where the document's variables say that Redis is: REDIS_URI, or REDIS_HOST, REDIS_PORT, REDIS_PASSWORD, REDIS_DB.
 *
 * @throws InvalidCacheConfig that names every wrong value
 * @example redisAddressOf({ REDIS_HOST: 'cache', REDIS_DB: '2' }) // { host: 'cache', port: 6379, db: 2 }
 */
export function redisAddressOf(env: Env = process.env): RedisAddress {
  const read = reader(env);
  const uri = env.REDIS_URI;
  if (uri) {
    const address = read.uri('REDIS_URI', uri);
    read.end();
    return address;
  }
  const address: RedisAddress = {
    host: env.REDIS_HOST || 'localhost',
    port: read.whole('REDIS_PORT', { of: '', from: 1, to: 65_535, default: 6379 }),
    ...(env.REDIS_PASSWORD ? { password: env.REDIS_PASSWORD } : {}),
    db: read.whole('REDIS_DB', { of: '', from: 0, to: 1023, default: 0 }),
  };
  read.end();
  return address;
}

interface Whole {
  of: string;
  from: number;
  to: number;
  default: number;
}

function reader(env: Env) {
  const wrong: string[] = [];
  return {
    whole(name: string, { of, from, to, default: otherwise }: Whole): number {
      const text = env[name]?.trim();
      if (!text) return otherwise;
      const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
      if (value >= from && value <= to) return value;
      const unit = of && ` of ${of}`;
      wrong.push(
        `${name} is ${JSON.stringify(text.slice(0, 60))}: give a whole number${unit} from ${from} to ${to}, or leave it out for ${otherwise}.`,
      );
      return otherwise;
    },
    uri(name: string, text: string): RedisAddress {
      // The value is not shown: it holds the password.
      try {
        if (text.includes('$')) throw new Error('a variable that nobody filled in');
        const url = new URL(text);
        const db = /^\/?(\d{0,4})$/.exec(url.pathname)?.[1];
        if (url.protocol !== 'redis:' || !url.hostname || db === undefined) throw new Error('not redis://');
        return {
          host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
          port: Number(url.port || 6379),
          ...(url.username ? { username: decodeURIComponent(url.username) } : {}),
          ...(url.password ? { password: decodeURIComponent(url.password) } : {}),
          db: Number(db || 0),
        };
      } catch {
        wrong.push(
          `${name} is not a Redis address: give redis://:password@host:6379/0, each variable in it filled in, or leave it out and set REDIS_HOST and REDIS_PORT.`,
        );
        return {};
      }
    },
    end(): void {
      if (wrong.length > 0) throw new InvalidCacheConfig(wrong.join('\n'));
    },
  };
}
