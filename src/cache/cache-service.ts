import type { LeaderboardRow } from '../contracts/leaderboard.ts';
import { type CacheConfig, cacheConfigOf } from './cache-config.ts';
import { type CacheStats, redisFigures, statsOf } from './cache-stats.ts';
import type {
  Condition,
  CraftableRecipe,
  Environment,
  InventoryItem,
  Listing,
  Session,
} from './game-values.ts';
import { keys, type ListingsOf, tags } from './keys.ts';
import {
  checkedLimit,
  countRequest,
  type RateLimit,
  type RateVerdict,
  remainingRequests,
} from './rate-limit.ts';
import type { CallOptions } from './redis-calls.ts';
import { staleEnvironment, staleInventory, staleLeaderboard, staleListings, staleRecipes } from './stale.ts';
import { type Kept, TaggedCache, type TaggedCacheOptions } from './tagged-cache.ts';

export interface CacheServiceOptions extends Omit<TaggedCacheOptions, 'timeoutMs' | 'log'> {
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
  readonly config: CacheConfig;

  constructor({ config = cacheConfigOf(), log = console.warn, ...options }: CacheServiceOptions) {
    super({ ...options, log, timeoutMs: config.timeoutMs });
    this.config = config;
  }

  async getCurrentEnvironment(options?: CallOptions): Promise<Environment | null> {
    return this.getOf(keys.environment, inEnvironment, options);
  }

  async setCurrentEnvironment(environment: Environment, options?: CallOptions): Promise<boolean> {
    return this.keep(keys.environment, environment, {
      ...inEnvironment,
      ...options,
      ttl: this.config.ttl.environment,
    });
  }

  async getCurrentWeather(options?: CallOptions): Promise<Condition | null> {
    return this.getOf(keys.weather, inEnvironment, options);
  }

  async setCurrentWeather(weather: Condition, options?: CallOptions): Promise<boolean> {
    return this.keep(keys.weather, weather, {
      ...inEnvironment,
      ...options,
      ttl: this.config.ttl.environment,
    });
  }

  async getCurrentSeason(options?: CallOptions): Promise<Condition | null> {
    return this.getOf(keys.season, inEnvironment, options);
  }

  async setCurrentSeason(season: Condition, options?: CallOptions): Promise<boolean> {
    return this.keep(keys.season, season, { ...inEnvironment, ...options, ttl: this.config.ttl.environment });
  }

  /** Weather, season and both together. */
  async invalidateEnvironment(options?: CallOptions): Promise<number> {
    return this.invalidate(staleEnvironment, options);
  }

  async getMarketListings(of: ListingsOf & CallOptions = {}): Promise<Listing[] | null> {
    return this.getOf(keys.listings(of), inListings(of), of);
  }

  async setMarketListings(listings: Listing[], of: ListingsOf & CallOptions = {}): Promise<boolean> {
    const { strict } = of;
    return this.keep(keys.listings(of), listings, {
      ...inListings(of),
      strict,
      ttl: this.config.ttl.listings,
    });
  }

  /** The lists of a resource and those of all; every list where no resource is told. */
  async invalidateMarketCache(resourceId?: number, options?: CallOptions): Promise<number> {
    return this.invalidate(staleListings(resourceId), options);
  }

  async getLeaderboard({ limit = 100, ...options }: Length = {}): Promise<LeaderboardRow[] | null> {
    return this.getOf(keys.leaderboard(limit), inLeaderboard, options);
  }

  async setLeaderboard(rows: LeaderboardRow[], { limit = 100, ...options }: Length = {}): Promise<boolean> {
    const ttl = this.config.ttl.leaderboard;
    return this.keep(keys.leaderboard(limit), rows, { ...inLeaderboard, ...options, ttl });
  }

  /** Of any length. */
  async invalidateLeaderboard(options?: CallOptions): Promise<number> {
    return this.invalidate(staleLeaderboard, options);
  }

  async getUserInventory(userId: number, options?: CallOptions): Promise<InventoryItem[] | null> {
    return this.getOf(keys.inventory(userId), inInventory(userId), options);
  }

  async setUserInventory(userId: number, items: InventoryItem[], options?: CallOptions): Promise<boolean> {
    const ttl = this.config.ttl.inventory;
    return this.keep(keys.inventory(userId), items, { ...inInventory(userId), ...options, ttl });
  }

  async invalidateUserInventory(userId: number, options?: CallOptions): Promise<number> {
    return this.invalidate(staleInventory(userId), options);
  }

  async getCraftableRecipes(
    userId: number,
    professionId: number,
    options?: CallOptions,
  ): Promise<CraftableRecipe[] | null> {
    return this.getOf(keys.recipes(userId, professionId), inRecipes(userId), options);
  }

  async setCraftableRecipes(
    { userId, professionId }: { userId: number; professionId: number },
    recipes: CraftableRecipe[],
    options?: CallOptions,
  ): Promise<boolean> {
    const ttl = this.config.ttl.recipes;
    return this.keep(keys.recipes(userId, professionId), recipes, { ...inRecipes(userId), ...options, ttl });
  }

  /** Of every profession. */
  async invalidateUserRecipes(userId: number, options?: CallOptions): Promise<number> {
    return this.invalidate(staleRecipes(userId), options);
  }

  /** A log-in whose session Redis refused is no log-in: look at what this resolves to. */
  async setSession(sessionId: string, session: Session, options?: CallOptions): Promise<boolean> {
    return this.set(keys.session(sessionId), session, { ...options, ttl: this.config.ttl.session });
  }

  /** Null for nobody; ask strictly where "nobody" and "Redis does not answer" must differ. */
  async getSession(sessionId: string, options?: CallOptions): Promise<Session | null> {
    return this.getOf(keys.session(sessionId), inSessions, options);
  }

  /** @returns whether it was there and is gone. Where Redis fails, this service takes it for gone all the same. */
  async deleteSession(sessionId: string, options?: CallOptions): Promise<boolean> {
    return (await this.invalidate({ keys: [keys.session(sessionId)], tags: [] }, options)) === 1;
  }

  /** Gives a session its whole time to live again. @returns whether it was there: it is never brought back. */
  async refreshSession(sessionId: string, options?: CallOptions): Promise<boolean> {
    return this.expire(keys.session(sessionId), this.config.ttl.session, options);
  }

  /**
   * Counts a request, in one round trip. Where Redis fails the request is allowed: a limiter that is down should not
   * take the game down. Ask strictly where it should, as a log-in does.
   *
   * @example await cache.checkRateLimit('user_7', { maxRequests: 60, windowSeconds: 60 }) // { allowed: true, remaining: 59, ... }
   */
  async checkRateLimit(identifier: string, limit: RateLimit & CallOptions): Promise<RateVerdict> {
    const { maxRequests, windowSeconds } = checkedLimit(limit);
    const key = keys.rate(identifier);
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
    const key = keys.rate(identifier);
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

const inEnvironment: Kept = { domain: 'environment', tags: [tags.environment] };
const inLeaderboard: Kept = { domain: 'leaderboard', tags: [tags.leaderboard] };
const inSessions: Kept = { domain: 'sessions', tags: [] };
const inListings = ({ resourceId }: ListingsOf): Kept => ({
  domain: 'listings',
  tags: [tags.everyListing, tags.listings(resourceId)],
});
const inInventory = (userId: number): Kept => ({ domain: 'inventory', tags: [tags.inventory(userId)] });
const inRecipes = (userId: number): Kept => ({ domain: 'recipes', tags: [tags.recipes(userId)] });
