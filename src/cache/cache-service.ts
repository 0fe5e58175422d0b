import type { LeaderboardRow } from '../contracts/leaderboard.ts';
import { type CacheConfig, cacheConfigOf } from './cache-config.ts';
import { type CacheStats, redisFigures, statsOf } from './cache-stats.ts';
import { domains } from './domains.ts';
import type {
  Condition,
  CraftableRecipe,
  Environment,
  InventoryItem,
  Listing,
  ListingsOf,
  Session,
} from './game-values.ts';
import {
  checkedLimit,
  countRequest,
  type RateLimit,
  type RateVerdict,
  remainingRequests,
} from './rate-limit.ts';
import type { CallOptions } from './redis-calls.ts';
import { TaggedCache, type TaggedCacheOptions } from './tagged-cache.ts';

export interface CacheServiceOptions extends Omit<TaggedCacheOptions, 'config' | 'log'> {
  /** Times to live and the time-out; read from the environment unless told. */
  config?: CacheConfig;
  /** `console.warn` unless told. */
  log?(sentence: string): void;
}

/** How long the leaderboard is, 100 unless told. */
type Length = CallOptions & { limit?: number };

/**
 * The game's cache: its domains with their times to live, on top of `set`, `get` and `delete` of any key.
 *
 * How to keep what: the environment cache-aside, since it changes rarely; the market cache-aside and invalidated by
 * every sale; an inventory strictly invalidated, since players act on it; the leaderboard for a short time and
 * refreshed; sessions written through, so that a log-out counts at once. A `get` may be followed by a `set` as in the
 * document; `cached` does both and leaves no room for a load from before an invalidation.
 *
 * A `get` resolves to null for a miss; an empty list is a value. A `set` resolves to whether the value is kept. An
 * `invalidate` resolves to how many keys went.
 *
 * @example
 * const cache = new CacheService({ redis: cacheClient(address), labs: { getOrLoad, invalidation } });
 * await cache.getMarketListings({ resourceId: 10 }); // null: a miss; []: nobody offers it
 */
export class CacheService extends TaggedCache {
  constructor({ config = cacheConfigOf(), log = console.warn, ...options }: CacheServiceOptions) {
    super({ ...options, config, log });
  }

  async getCurrentEnvironment(options?: CallOptions): Promise<Environment | null> {
    return this.getOf(domains.environment, [], options);
  }

  async setCurrentEnvironment(environment: Environment, options?: CallOptions): Promise<boolean> {
    return this.keepOf(domains.environment, [], environment, options);
  }

  async getCurrentWeather(options?: CallOptions): Promise<Condition | null> {
    return this.getOf(domains.weather, [], options);
  }

  async setCurrentWeather(weather: Condition, options?: CallOptions): Promise<boolean> {
    return this.keepOf(domains.weather, [], weather, options);
  }

  async getCurrentSeason(options?: CallOptions): Promise<Condition | null> {
    return this.getOf(domains.season, [], options);
  }

  async setCurrentSeason(season: Condition, options?: CallOptions): Promise<boolean> {
    return this.keepOf(domains.season, [], season, options);
  }

  /** Weather, season and both together. */
  async invalidateEnvironment(options?: CallOptions): Promise<number> {
    return this.invalidate(domains.environment.stale(), options);
  }

  async getMarketListings(of: ListingsOf & CallOptions = {}): Promise<Listing[] | null> {
    return this.getOf(domains.listings, [of], of);
  }

  async setMarketListings(listings: Listing[], of: ListingsOf & CallOptions = {}): Promise<boolean> {
    return this.keepOf(domains.listings, [of], listings, of);
  }

  /** The lists of a resource and those of all; every list where no resource is told. */
  async invalidateMarketCache(resourceId?: number, options?: CallOptions): Promise<number> {
    return this.invalidate(domains.listings.stale(resourceId), options);
  }

  async getLeaderboard({ limit = 100, ...options }: Length = {}): Promise<LeaderboardRow[] | null> {
    return this.getOf(domains.leaderboard, [limit], options);
  }

  async setLeaderboard(rows: LeaderboardRow[], { limit = 100, ...options }: Length = {}): Promise<boolean> {
    return this.keepOf(domains.leaderboard, [limit], rows, options);
  }

  /** Of any length. */
  async invalidateLeaderboard(options?: CallOptions): Promise<number> {
    return this.invalidate(domains.leaderboard.stale(), options);
  }

  async getUserInventory(userId: number, options?: CallOptions): Promise<InventoryItem[] | null> {
    return this.getOf(domains.inventory, [userId], options);
  }

  async setUserInventory(userId: number, items: InventoryItem[], options?: CallOptions): Promise<boolean> {
    return this.keepOf(domains.inventory, [userId], items, options);
  }

  async invalidateUserInventory(userId: number, options?: CallOptions): Promise<number> {
    return this.invalidate(domains.inventory.stale(userId), options);
  }

  async getCraftableRecipes(
    userId: number,
    professionId: number,
    options?: CallOptions,
  ): Promise<CraftableRecipe[] | null> {
    return this.getOf(domains.recipes, [userId, professionId], options);
  }

  async setCraftableRecipes(
    { userId, professionId }: { userId: number; professionId: number },
    recipes: CraftableRecipe[],
    options?: CallOptions,
  ): Promise<boolean> {
    return this.keepOf(domains.recipes, [userId, professionId], recipes, options);
  }

  /** Of every profession. */
  async invalidateUserRecipes(userId: number, options?: CallOptions): Promise<number> {
    return this.invalidate(domains.recipes.stale(userId), options);
  }

  /** A log-in whose session Redis refused is no log-in: look at what this resolves to. */
  async setSession(sessionId: string, session: Session, options?: CallOptions): Promise<boolean> {
    return this.keepOf(domains.session, [sessionId], session, options);
  }

  /** Null for nobody; ask strictly where "nobody" and "Redis does not answer" must differ. */
  async getSession(sessionId: string, options?: CallOptions): Promise<Session | null> {
    return this.getOf(domains.session, [sessionId], options);
  }

  /** @returns whether it was there and is gone. Where Redis fails, this service takes it for gone all the same. */
  async deleteSession(sessionId: string, options?: CallOptions): Promise<boolean> {
    return (await this.invalidate(domains.session.stale(sessionId), options)) === 1;
  }

  /** Gives a session its whole time to live again. @returns whether it was there: it is never brought back. */
  async refreshSession(sessionId: string, options?: CallOptions): Promise<boolean> {
    return this.expire(domains.session.key(sessionId), this.config.ttl.session, options);
  }

  /**
   * Counts a request, in one round trip. Where Redis fails the request is allowed: a limiter that is down should not
   * take the game down. Ask strictly where it should, as a log-in does.
   *
   * @example await cache.checkRateLimit('user_7', { maxRequests: 60, windowSeconds: 60 }) // { allowed: true, remaining: 59, ... }
   */
  async checkRateLimit(identifier: string, limit: RateLimit & CallOptions): Promise<RateVerdict> {
    const { maxRequests, windowSeconds } = checkedLimit(limit);
    const key = domains.rate.key(identifier);
    return this.calls.ask(`rate limit ${key}`, (redis) => countRequest(redis, key, limit), {
      strict: limit.strict,
      otherwise: { allowed: true, limit: maxRequests, remaining: maxRequests, resetSeconds: windowSeconds },
    });
  }

  /** Requests left in the window that is running, none counted; all of them where Redis fails. */
  async getRemainingRequests(
    identifier: string,
    limit: { maxRequests: number } & CallOptions,
  ): Promise<number> {
    const { maxRequests } = checkedLimit({ ...limit, windowSeconds: 1 });
    const key = domains.rate.key(identifier);
    return this.calls.ask(`GET ${key}`, (redis) => remainingRequests(redis, key, limit), {
      strict: limit.strict,
      otherwise: maxRequests,
    });
  }

  /** Figures of this service, and of the server where it answers. */
  async getStats(options?: CallOptions): Promise<CacheStats> {
    const redis = await this.calls.ask('INFO', redisFigures, { ...options, otherwise: null });
    const { failures } = this.calls;
    return statsOf(this.counters, { failures, owedDeletions: this.invalidator.owed.size, redis });
  }
}
