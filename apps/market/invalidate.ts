import type { Change } from './commands/outbox.ts';
import type { Game } from './game.ts';
import { recordSale } from './leaderboard.ts';

/**
 * Makes the cache forget what a change made stale. Twice does what once does.
 *
 * @throws CacheUnavailable where Redis did not take all of it
 */
export async function afterChange(game: Game, change: Change | null): Promise<void> {
  if (change?.kind === 'stock') return afterStock(game.cache, change.playerId);
  if (change?.kind === 'sale') return afterSale(game, change);
  if (change?.kind !== 'offer') throw new TypeError('it names no change.');
  const { resourceId, sellerId } = change;
  await all([
    game.cache.invalidateMarketCache(resourceId, strict),
    afterStock(game.cache, sellerId), // what is on offer has left the bag
  ]);
}

const strict = { strict: true };

/**
 * Both players' inventories and recipes, the market's lists and the leaderboard. Lab 09 does most of it in one step, and
 * tells the other processes; where it is not written or fails, the cache service does it.
 */
async function afterSale(game: Game, sale: Extract<Change, { kind: 'sale' }>): Promise<void> {
  const { cache, labs } = game;
  const { resourceId, buyerId, sellerId } = sale;
  const players = [buyerId, sellerId];
  const byLab = async () =>
    labs.invalidateSale !== undefined &&
    cache.byLab(
      'invalidateSale',
      (redis) => labs.invalidateSale!({ redis }, { resourceId, buyerId, sellerId }),
      // Where Redis fails, the cache service is asked too: it remembers what is still to be deleted.
    );
  const one = async () => {
    if (await byLab()) return;
    await all([
      cache.invalidateMarketCache(resourceId, strict),
      ...players.map((id) => cache.invalidateUserInventory(id, strict)),
      cache.invalidateLeaderboard(strict),
    ]);
  };
  await all([recordSale(game, sale), one(), ...players.map((id) => cache.invalidateUserRecipes(id, strict))]);
}

/** After a player's stock changed. @throws CacheUnavailable */
export async function afterStock(cache: Game['cache'], playerId: number): Promise<void> {
  await all([cache.invalidateUserInventory(playerId, strict), cache.invalidateUserRecipes(playerId, strict)]);
}

/** Tries each, and fails with the first that failed. */
async function all(tries: Promise<unknown>[]): Promise<void> {
  const failed = (await Promise.allSettled(tries)).find(({ status }) => status === 'rejected');
  if (failed) throw (failed as PromiseRejectedResult).reason;
}
