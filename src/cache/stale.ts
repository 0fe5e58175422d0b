import { keys, listingStatuses, longestLeaderboard, tags } from './keys.ts';
import type { Stale } from './owed-deletions.ts';

/** Weather, season and both together. */
export const staleEnvironment: Stale = {
  keys: [keys.environment, keys.weather, keys.season],
  tags: [tags.environment],
};

/** The lists of one resource and the lists of all; every list where no resource is told. */
export function staleListings(resourceId?: number): Stale {
  if (resourceId === undefined)
    return {
      keys: [],
      tags: [tags.everyListing],
      pattern: { match: 'market:listings:*', test: /^market:listings:[a-z]+:(all|\d+)$/ },
    };
  return {
    keys: listingStatuses.flatMap((status) => [
      keys.listings({ resourceId, status }),
      keys.listings({ status }),
    ]),
    tags: [tags.listings(resourceId), tags.listings()],
  };
}

/** A leaderboard of any length: there are few enough to name them all. */
export const staleLeaderboard: Stale = {
  keys: Array.from({ length: longestLeaderboard }, (_, i) => keys.leaderboard(i + 1)),
  tags: [tags.leaderboard],
};

export const staleInventory = (userId: number): Stale => ({
  keys: [keys.inventory(userId)],
  tags: [tags.inventory(userId)],
});

/** Of every profession, which only the tag or SCAN knows. */
export const staleRecipes = (userId: number): Stale => ({
  keys: [],
  tags: [tags.recipes(userId)],
  // The key of a profession, up to its last part: 'recipes:user:7:'.
  pattern: { match: `recipes:user:${userId}:*`, test: new RegExp(`^recipes:user:${userId}:\\d+$`) },
});
