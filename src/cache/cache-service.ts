import type { Redis } from 'ioredis';
import type { LeaderboardRow } from '../contracts/leaderboard.ts';
import type { CacheConfig } from './cache-config.ts';
import { type CacheParts, type CacheServiceOptions, cacheParts } from './cache-parts.ts';
import { type CacheStats, redisFigures, statsOf } from './cache-stats.ts';
import { type CachedLoad, type CachedOptions, cachedLoad } from './cached.ts';
import { DomainValues } from './domain-values.ts';
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
import { callLabInTime } from './lab-call.ts';
import { PlainValues, type SetOptions } from './plain-values.ts';
import { type RateLimit, RateLimiter } from './rate-limit.ts';
import type { CallOptions } from './redis-calls.ts';

/** How long the leaderboard is, default 100. */
type Length = CallOptions & { limit?: number };

/**
 * The game's cache: its domains with their times to live, and any key of the caller's own.
 *
 * How to keep what: the environment cache-aside, since it changes rarely; the market cache-aside and invalidated by
 * every sale; an inventory strictly invalidated, since players act on it; the leaderboard for a short time and
 * refreshed; sessions written through, so that a log-out counts at once. A `get` may be followed by a `set` as in the
 * document; `cached` does both and leaves no room for a load from before an invalidation.
 *
 * A `get` resolves to null for a miss; an empty list is a value. A `set` resolves to whether the value is kept. An
 * `invalidate` resolves to how many keys went. Where Redis fails, a read is a miss and a write is refused: counted,
 * logged and never thrown, unless the call is `strict`.
 *
 * @example
 * const cache = new CacheService({ redis: cacheClient(address), labs: { getOrLoad, invalidation } });
 * await cache.getMarketListings({ resourceId: 10 }); // null: a miss; []: nobody offers it
 */
export class CacheService {
  #parts: CacheParts;
  #plain: PlainValues;
  #values: DomainValues;
  #limiter: RateLimiter;

  constructor(options: CacheServiceOptions) {
    this.#parts = cacheParts(options);
    this.#plain = new PlainValues(this.#parts);
    this.#values = new DomainValues(this.#parts, this.#plain);
    this.#limiter = new RateLimiter(this.#parts.calls);
  }

  // Any key: see PlainValues.
  set = (key: string, value: unknown, options?: SetOptions) => this.#plain.set(key, value, options);
  get = <T = unknown>(key: string, options?: CallOptions) => this.#plain.get<T>(key, options);
  find = <T = unknown>(key: string, options?: CallOptions) => this.#plain.find<T>(key, options);
  delete = (...keys: string[]) => this.#plain.delete(...keys);
  exists = (...keys: string[]) => this.#plain.exists(...keys);
  expire = (key: string, seconds: number, options?: CallOptions) => this.#plain.expire(key, seconds, options);
  increment = (key: string, by = 1, options?: CallOptions) => this.#plain.increment(key, by, options);
  decrement = (key: string, by = 1, options?: CallOptions) => this.#plain.increment(key, -by, options);

  getCurrentEnvironment = (options?: CallOptions): Promise<Environment | null> =>
    this.#values.get(domains.environment, [], options);
  setCurrentEnvironment = (environment: Environment, options?: CallOptions) =>
    this.#values.set(domains.environment, [], environment, options);
  getCurrentWeather = (options?: CallOptions): Promise<Condition | null> =>
    this.#values.get(domains.weather, [], options);
  setCurrentWeather = (weather: Condition, options?: CallOptions) =>
    this.#values.set(domains.weather, [], weather, options);
  getCurrentSeason = (options?: CallOptions): Promise<Condition | null> =>
    this.#values.get(domains.season, [], options);
  setCurrentSeason = (season: Condition, options?: CallOptions) =>
    this.#values.set(domains.season, [], season, options);
  /** Weather, season and both together. */
  invalidateEnvironment = async (options?: CallOptions) =>
    this.#values.invalidate(domains.environment.stale(), options);

  getMarketListings = (of: ListingsOf & CallOptions = {}): Promise<Listing[] | null> =>
    this.#values.get(domains.listings, [of], of);
  setMarketListings = (listings: Listing[], of: ListingsOf & CallOptions = {}) =>
    this.#values.set(domains.listings, [of], listings, of);
  /** The lists of a resource and those of all; every list where no resource is named. */
  invalidateMarketCache = async (resourceId?: number, options?: CallOptions) =>
    this.#values.invalidate(domains.listings.stale(resourceId), options);

  getLeaderboard = ({ limit = 100, ...options }: Length = {}): Promise<LeaderboardRow[] | null> =>
    this.#values.get(domains.leaderboard, [limit], options);
  setLeaderboard = (rows: LeaderboardRow[], { limit = 100, ...options }: Length = {}) =>
    this.#values.set(domains.leaderboard, [limit], rows, options);
  /** Of any length. */
  invalidateLeaderboard = async (options?: CallOptions) =>
    this.#values.invalidate(domains.leaderboard.stale(), options);

  getUserInventory = (userId: number, options?: CallOptions): Promise<InventoryItem[] | null> =>
    this.#values.get(domains.inventory, [userId], options);
  setUserInventory = (userId: number, items: InventoryItem[], options?: CallOptions) =>
    this.#values.set(domains.inventory, [userId], items, options);
  invalidateUserInventory = async (userId: number, options?: CallOptions) =>
    this.#values.invalidate(domains.inventory.stale(userId), options);

  getCraftableRecipes = (
    userId: number,
    professionId: number,
    options?: CallOptions,
  ): Promise<CraftableRecipe[] | null> => this.#values.get(domains.recipes, [userId, professionId], options);
  setCraftableRecipes = (
    { userId, professionId }: { userId: number; professionId: number },
    recipes: CraftableRecipe[],
    options?: CallOptions,
  ) => this.#values.set(domains.recipes, [userId, professionId], recipes, options);
  /** Of every profession. */
  invalidateUserRecipes = async (userId: number, options?: CallOptions) =>
    this.#values.invalidate(domains.recipes.stale(userId), options);

  /** A log-in whose session Redis refused is no log-in: look at what this resolves to. */
  setSession = (sessionId: string, session: Session, options?: CallOptions) =>
    this.#values.set(domains.session, [sessionId], session, options);
  /** Null for nobody; ask strictly where "nobody" and "Redis does not answer" must differ. */
  getSession = (sessionId: string, options?: CallOptions): Promise<Session | null> =>
    this.#values.get(domains.session, [sessionId], options);
  /** @returns whether it was there and is gone. Where Redis fails, this service takes it for gone all the same. */
  deleteSession = async (sessionId: string, options?: CallOptions) =>
    (await this.#values.invalidate(domains.session.stale(sessionId), options)) === 1;
  /** Gives a session its whole time to live again. @returns whether it was there: it is never brought back. */
  refreshSession = (sessionId: string, options?: CallOptions) =>
    this.#values.refresh(domains.session, [sessionId], options);

  /**
   * Counts a request, in one round trip. Where Redis fails the request is allowed: a limiter that is down should not
   * take the game down. Ask strictly where it should, as a log-in does.
   *
   * @example await cache.checkRateLimit('user_7', { maxRequests: 60, windowSeconds: 60 }) // { allowed: true, remaining: 59, ... }
   */
  checkRateLimit = (identifier: string, limit: RateLimit & CallOptions) =>
    this.#limiter.check(identifier, limit);
  /** Requests left in the window that is running, none counted; all of them where Redis fails. */
  getRemainingRequests = (identifier: string, limit: { maxRequests: number } & CallOptions) =>
    this.#limiter.remaining(identifier, limit);

  /**
   * A load that goes through the cache, once for any number of concurrent readers: call it as you would call `load`.
   *
   * @throws RangeError where the time to live is none
   * @example
   * const listings = cache.cached(domains.listings, (of) => loadListings(mysql, of));
   * await listings({ resourceId: 10 }); // { source: 'database', value: [...] }, and 'cache' the next time
   */
  cached<T, Args extends unknown[]>(
    options: CachedOptions<Args>,
    load: (...args: Args) => Promise<T | null>,
  ): CachedLoad<T, Args> {
    return cachedLoad({ parts: this.#parts, plain: this.#plain }, options, load);
  }

  /**
   * Runs a lab's function that asks Redis, in bounded time. @returns whether it went well. Where it did not, it is
   * counted and told, unless it is a stub, and the caller does its work in another way.
   *
   * @throws CacheUnavailable where it is strict and Redis failed, rather than the lab
   */
  async byLab(
    name: string,
    run: (redis: Redis) => Promise<unknown>,
    options?: CallOptions,
  ): Promise<boolean> {
    const quiet = { strict: false, ...options, quietStub: true };
    return typeof (await callLabInTime(this.#parts.calls, name, run, quiet)) === 'object';
  }

  get config(): CacheConfig {
    return this.#parts.config;
  }

  /** Whether it is worth asking Redis: the connection stands, and calls are not paused after failures. */
  get reachable(): boolean {
    return this.#parts.calls.reachable;
  }

  /** How often this service was asked and had the answer, since it began. */
  get reads(): Pick<CacheStats, 'hits' | 'misses' | 'hitRate' | 'domains'> {
    return { ...this.#parts.counters.reads, domains: this.#parts.counters.domains };
  }

  /** Figures of this service, and of the server where it answers. */
  async getStats(options?: CallOptions): Promise<CacheStats> {
    const { calls, counters, invalidator } = this.#parts;
    const redis = await calls.ask('INFO', redisFigures, { ...options, otherwise: null });
    return statsOf(counters, { failures: calls.failures, pendingDeletions: invalidator.pending.size, redis });
  }

  /** Ends the client; what is called afterwards is a miss or is refused. */
  async close(): Promise<void> {
    this.#parts.invalidator.close();
    await this.#parts.calls.close();
  }
}
