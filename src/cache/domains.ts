import type { TimeToLive } from './cache-config.ts';
import type { Domain } from './cache-counters.ts';
import { type ListingsOf, listingStatuses } from './game-values.ts';
import { keyName } from './key-name.ts';
import { idOrAllPart, idPart, rowsPart, statusPart, textPart } from './key-parts.ts';
import type { Stale } from './stale.ts';

/** The most rows of a leaderboard that is kept. */
export const longestLeaderboard = 1000;

/** What the cache knows of one kind of value. Each of these facts stands here alone. */
export interface DomainEntry<Args extends unknown[], Of extends unknown[] = Args> {
  /** Its key: the game's document names it. */
  key(...args: Args): string;
  /** Under which tags it is kept; default none. */
  tags?(...args: Args): readonly string[];
  /** How long it is kept; a rate limit has its window instead. */
  ttl?: TimeToLive;
  /** Where its reads are counted, default 'other'. */
  domain?: Domain;
  /** What must not be read any more once it has changed: keys, tags, and a pattern where nothing knows the keys. */
  stale?(...of: Of): Stale;
}

const listings = keyName('market:listings', statusPart, idOrAllPart('resource'));
const listingsTag = keyName('listings', idOrAllPart('resource'));
const leaderboard = keyName('leaderboard', rowsPart('leaderboard', longestLeaderboard));
const inventory = keyName('inventory:user', idPart('user'));
const inventoryTag = keyName('inventory', idPart('user'));
const late = keyName('inventory:late', idPart('user'));
const recipes = keyName('recipes:user', idPart('user'), idPart('profession'));
const recipesTag = keyName('recipes', idPart('user'));
const session = keyName('session', textPart);
const rate = keyName('rate', textPart);

const around = {
  environment: 'env:current',
  weather: 'env:weather:current',
  season: 'env:season:current',
  gatherable: 'env:gatherable',
};
/** What is around every player changes together, and rarely. */
const inEnvironment = {
  tags: () => ['environment'],
  ttl: 'environment',
  domain: 'environment',
  stale: (): Stale => ({ keys: Object.values(around), tags: ['environment'] }),
} as const;

/**
 * Everything that the cache keeps: for each domain its key, its tags, its time to live and what is stale when it
 * changes.
 *
 * @example domains.listings.key({ resourceId: 10 }) // 'market:listings:active:10'
 * @example domains.inventory.stale(7) // { keys: ['inventory:user:7'], tags: ['inventory:7'] }
 * @example domains.rate.key('::1') // 'rate:%3A%3A1'
 */
export const domains = {
  /** Weather and season together. */
  environment: { ...inEnvironment, key: () => around.environment },
  weather: { ...inEnvironment, key: () => around.weather },
  season: { ...inEnvironment, key: () => around.season },
  /** Ids of what anybody can gather. */
  gatherable: { ...inEnvironment, key: () => around.gatherable },

  /** Offers of one resource or of all. Two tags: `listings:10` leaves the other resources, `listings` leaves none. */
  listings: {
    key: ({ resourceId, status = 'active' }: ListingsOf = {}) => listings.key(status, resourceId),
    tags: ({ resourceId }: ListingsOf = {}) => ['listings', listingsTag.key(resourceId)],
    ttl: 'listings',
    domain: 'listings',
    /** The lists of one resource and the lists of all; every list where no resource is named. */
    stale: (resourceId?: number): Stale =>
      resourceId === undefined
        ? { keys: [], tags: ['listings'], pattern: listings.all() }
        : {
            keys: listingStatuses.flatMap((status) => [
              listings.key(status, resourceId),
              listings.key(status, undefined),
            ]),
            tags: [listingsTag.key(resourceId), listingsTag.key(undefined)],
          },
  },

  leaderboard: {
    key: (limit: number) => leaderboard.key(limit),
    tags: () => ['leaderboard'],
    ttl: 'leaderboard',
    domain: 'leaderboard',
    /** Of any length: there are few enough to name them all. */
    stale: (): Stale => ({
      keys: Array.from({ length: longestLeaderboard }, (_, i) => leaderboard.key(i + 1)),
      tags: ['leaderboard'],
    }),
  },

  inventory: {
    key: (userId: number) => inventory.key(userId),
    tags: (userId: number) => [inventoryTag.key(userId)],
    ttl: 'inventory',
    domain: 'inventory',
    stale: (userId: number): Stale => ({ keys: [inventory.key(userId)], tags: [inventoryTag.key(userId)] }),
  },

  /** Which resources of a player may have a change that MySQL does not hold yet. It outlives any outage of MySQL. */
  late: { key: (userId: number) => late.key(userId), ttl: 86_400 },

  /** What a player can craft in one profession. */
  recipes: {
    key: (userId: number, professionId: number) => recipes.key(userId, professionId),
    tags: (userId: number) => [recipesTag.key(userId)],
    ttl: 'recipes',
    domain: 'recipes',
    /** Of every profession, which only the tag or SCAN knows. */
    stale: (userId: number): Stale => ({
      keys: [],
      tags: [recipesTag.key(userId)],
      pattern: recipes.all(userId),
    }),
  },

  session: {
    key: (sessionId: string) => session.key(sessionId),
    ttl: 'session',
    domain: 'sessions',
    stale: (sessionId: string): Stale => ({ keys: [session.key(sessionId)], tags: [] }),
  },

  /** How many requests somebody has sent in the window that is running. */
  rate: { key: (identifier: string) => rate.key(identifier) },
} as const satisfies Readonly<Record<string, DomainEntry<never[]>>>;
