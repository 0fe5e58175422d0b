import { domains } from '../../src/cache/domains.ts';
import type { Game } from './game.ts';
import { loadCraftableRecipes, loadInventory } from './queries/inventory.ts';
import { loadListings } from './queries/listings.ts';
import { loadLeaderboardRows } from './queries/players.ts';
import { loadGatherable } from './queries/resources.ts';
import { loadEnvironment } from './queries/weather-and-season.ts';

/** What is read through the cache (labs 06 and 09), and what loads it from MySQL. */
export function cachedReads({ cache, mysql, now }: Game) {
  return {
    environment: cache.cached(domains.environment, () => loadEnvironment(mysql, now())),
    gatherable: cache.cached(domains.gatherable, () => loadGatherable(mysql)),
    listings: cache.cached(domains.listings, (of) => loadListings(mysql, of)),
    leaderboard: cache.cached(domains.leaderboard, (limit) => loadLeaderboardRows(mysql, limit)),
    inventory: cache.cached(domains.inventory, (userId) => loadInventory(mysql, userId)),
    recipes: cache.cached(domains.recipes, (playerId, professionId) =>
      loadCraftableRecipes(mysql, { playerId, professionId }),
    ),
  };
}
