import { keys, type ListingStatus, tags } from '../../src/cache/keys.ts';
import type { Game } from './game.ts';
import { loadEnvironment } from './queries/environment.ts';
import { loadCraftableRecipes, loadInventory } from './queries/inventory.ts';
import { loadListings } from './queries/listings.ts';
import { loadLeaderboardRows } from './queries/players.ts';
import { loadGatherable } from './queries/resources.ts';

/** What is read through the cache (labs 06 and 09), each by its key, its tags and its time to live. */
export function cachedReads({ cache, mysql, now }: Game) {
  const { ttl } = cache.config;
  const around = { ttl: ttl.environment, domain: 'environment', tags: () => [tags.environment] } as const;
  return {
    environment: cache.cached({ ...around, key: () => keys.environment }, () =>
      loadEnvironment(mysql, now()),
    ),

    /** Ids of what anybody can gather; it changes as rarely as the seasons do. */
    gatherable: cache.cached({ ...around, key: () => keys.gatherable }, () => loadGatherable(mysql)),

    listings: cache.cached(
      {
        key: (resourceId: number | undefined, status: ListingStatus) => keys.listings({ resourceId, status }),
        tags: (resourceId) => [tags.everyListing, tags.listings(resourceId)],
        ttl: ttl.listings,
        domain: 'listings',
      },
      (resourceId: number | undefined, status: ListingStatus) => loadListings(mysql, { resourceId, status }),
    ),

    leaderboard: cache.cached(
      {
        key: (limit: number) => keys.leaderboard(limit),
        tags: () => [tags.leaderboard],
        ttl: ttl.leaderboard,
        domain: 'leaderboard',
      },
      (limit: number) => loadLeaderboardRows(mysql, limit),
    ),

    inventory: cache.cached(
      {
        key: (userId: number) => keys.inventory(userId),
        tags: (userId) => [tags.inventory(userId)],
        ttl: ttl.inventory,
        domain: 'inventory',
      },
      (userId: number) => loadInventory(mysql, userId),
    ),

    recipes: cache.cached(
      {
        key: (userId: number, professionId: number) => keys.recipes(userId, professionId),
        tags: (userId) => [tags.recipes(userId)],
        ttl: ttl.recipes,
        domain: 'recipes',
      },
      (playerId: number, professionId: number) => loadCraftableRecipes(mysql, { playerId, professionId }),
    ),
  };
}
