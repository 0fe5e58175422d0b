import type { Game } from './game.ts';

/**
 * After a sale, before the buyer hears of it: both players' inventories and recipes, the market's lists and the
 * leaderboard. Lab 09 does most of it in one step, and tells the other processes; where it is not written or fails,
 * the cache service does it.
 */
export async function afterSale(
  game: Game,
  sale: { resourceId: number; buyerId: number; sellerId: number },
): Promise<void> {
  const { cache } = game;
  const { resourceId, buyerId, sellerId } = sale;
  const recipes = [buyerId, sellerId].map((id) => cache.invalidateUserRecipes(id));
  const one = game.labs.invalidateSale
    ? await cache.byLab('invalidateSale', (redis) =>
        game.labs.invalidateSale!({ redis }, { resourceId, buyerId, sellerId }),
      )
    : false;
  if (!one)
    await Promise.all([
      cache.invalidateMarketCache(resourceId),
      cache.invalidateUserInventory(buyerId),
      cache.invalidateUserInventory(sellerId),
      cache.invalidateLeaderboard(),
    ]);
  await Promise.all(recipes);
}

/** After an offer: the lists that it belongs in, and what the seller holds and can make no more. */
export async function afterListing(
  { cache }: Game,
  { resourceId, sellerId }: { resourceId: number; sellerId: number },
): Promise<void> {
  await Promise.all([cache.invalidateMarketCache(resourceId), afterCraft(cache, sellerId)]);
}

/** After a player's stock changed. */
export async function afterCraft(cache: Game['cache'], playerId: number): Promise<void> {
  await Promise.all([cache.invalidateUserInventory(playerId), cache.invalidateUserRecipes(playerId)]);
}
