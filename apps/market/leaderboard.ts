import { isTodo } from '../../kit/base/is-todo.ts';
import { isTrouble } from '../../src/cache/redis-trouble.ts';
import type { LeaderboardRow } from '../../src/contracts/leaderboard.ts';
import { isMysqlAway } from '../shared/mysql-errors.ts';
import type { Change } from './commands/outbox.ts';
import type { Game } from './game.ts';

/** How long the leaderboard is that is refreshed; where there is no live one, longer ones are loaded when asked for. */
export const refreshedLimit = 100;

/**
 * That the live leaderboard was made from MySQL and not lost since. It ends with the time to live of the leaderboard:
 * where nobody rebuilds it any more, MySQL is asked.
 */
const REBUILT = 'market:leaderboard:rebuilt';

/**
 * Refreshes both leaderboards of lab 10, the kept and the live one, each where it is written. It never throws: where a
 * server is away the next refresh does it, and where the lab fails the person at the terminal hears of it.
 */
export async function refreshLeaderboards({ redis, cache, labs, mysql, now, say }: Game): Promise<void> {
  const ttlMs = cache.config.ttl.leaderboard * 1000;
  const { refreshLeaderboard, rebuildLiveLeaderboard } = labs.leaderboard;
  const tell = (name: string) => (error: Error) => {
    if (isTrouble(error) || isMysqlAway(error) || isTodo(error)) return;
    say(`${name} of lab 10 failed: ${error.message}`);
  };
  await refreshLeaderboard?.({ redis, mysql, now }, { limit: refreshedLimit, ttlMs }).catch(
    tell('refreshLeaderboard'),
  );
  await rebuildLiveLeaderboard?.({ redis, mysql, now })
    .then(() => redis.set(REBUILT, '1', 'PX', ttlMs))
    .catch(tell('rebuildLiveLeaderboard'));
}

/** Adds a sale to the live leaderboard. @throws CacheUnavailable where Redis failed */
export async function recordSale(
  { cache, labs }: Game,
  { saleId, sellerId, sellerLogin, totalPrice }: Extract<Change, { kind: 'sale' }>,
): Promise<void> {
  const { recordEarning } = labs.leaderboard;
  if (!recordEarning || totalPrice === 0) return;
  const sale = { saleId, playerId: sellerId, login: sellerLogin, earned: totalPrice };
  await cache.byLab('recordEarning', (redis) => recordEarning({ redis }, sale), { strict: true });
}

/** The live leaderboard, or the kept one; null where lab 10 is not written, fails or has none, or the cache is off. */
export async function keptLeaderboard(game: Game, limit: number): Promise<LeaderboardRow[] | null> {
  if (!game.cache.config.enabled) return null;
  const { getLiveLeaderboard, getLeaderboard } = game.labs.leaderboard;
  let rows: LeaderboardRow[] | null = null;
  if (getLiveLeaderboard)
    await game.cache.byLab('getLiveLeaderboard', async (redis) => {
      const [rebuilt, live] = await Promise.all([
        redis.exists(REBUILT),
        getLiveLeaderboard({ redis }, { limit }),
      ]);
      if (rebuilt === 1 && Array.isArray(live)) rows = live;
    });
  if (rows === null && getLeaderboard && limit <= refreshedLimit)
    await game.cache.byLab('getLeaderboard', async (redis) => {
      const kept = await getLeaderboard({ redis }, { limit: refreshedLimit });
      if (Array.isArray(kept)) rows = kept.slice(0, limit);
    });
  return rows;
}
