import type { FastifyInstance } from 'fastify';
import type { Sourced } from '../../src/cache/cached.ts';
import { longestLeaderboard } from '../../src/cache/domains.ts';
import type { ListingStatus } from '../../src/cache/game-values.ts';
import { RequestProblem } from '../shared/problem.ts';
import { cachedReads } from './cached-reads.ts';
import type { Game } from './game.ts';
import { asJson } from './json.ts';
import { pendingOf } from './late-changes.ts';
import { keptLeaderboard, refreshedLimit } from './leaderboard.ts';
import { loadCraftableRecipes, loadInventory } from './queries/inventory.ts';
import { leaderboardQuery, listingsQuery, recipesQuery } from './schemas.ts';

/** What is read through the cache; each answer says where it came from. */
export function readRoutes(app: FastifyInstance, game: Game): void {
  const { cache, mysql } = game;
  const reads = cachedReads(game);

  app.get('/environment/current', async () => {
    const { source, value } = await reads.environment();
    return { source, ...(asJson(value) as object) };
  });

  app.get<{ Querystring: { resource_id?: string; status?: ListingStatus } }>(
    '/market/listings',
    { schema: { querystring: listingsQuery } },
    async ({ query: { resource_id, status } }) => {
      const resourceId = resource_id === undefined ? undefined : Number(resource_id);
      const { source, value } = await reads.listings({ resourceId, status });
      return { source, listings: asJson(value) };
    },
  );

  app.get<{ Querystring: { limit?: string } }>(
    '/leaderboard',
    { schema: { querystring: leaderboardQuery } },
    async ({ query }) => {
      const limit = Math.min(Number(query.limit ?? refreshedLimit), longestLeaderboard);
      const kept = await keptLeaderboard(game, limit);
      if (kept) return { source: 'cache', leaderboard: asJson(kept) };
      const { source, value } = await reads.leaderboard(limit);
      return { source, leaderboard: asJson(value) };
    },
  );

  app.get('/inventory', { config: { loggedIn: true } }, async ({ session }) => {
    const { userId } = session!;
    const pending = await pendingOf(game, userId);
    const stock = await whileSettled(pending, {
      settled: () => reads.inventory(userId),
      load: () => loadInventory(mysql, userId),
    });
    return { source: stock.source, inventory: asJson(stock.value), pending: asJson(pending) };
  });

  app.get<{ Querystring: { profession_id: string } }>(
    '/recipes',
    { schema: { querystring: recipesQuery }, config: { loggedIn: true } },
    async ({ session, query }) => {
      const { userId: playerId } = session!;
      const professionId = Number(query.profession_id);
      const { source, value } = await whileSettled(await pendingOf(game, playerId), {
        settled: () => reads.recipes(playerId, professionId),
        load: () => loadCraftableRecipes(mysql, { playerId, professionId }),
      });
      return { source, recipes: asJson(value) };
    },
  );

  app.get('/stats', { config: { loggedIn: true } }, async ({ session }) => {
    if (session!.role === 'admin') return cache.getStats();
    const message = 'The figures are for those who run the game.';
    throw new RequestProblem({ status: 403, code: 'NOT_ALLOWED', message });
  });
}

/**
 * Reads through the cache, or past it while something is pending: MySQL will have it at any moment, and nobody says
 * which, so what is loaded now must not be kept.
 */
async function whileSettled<T>(
  pending: readonly unknown[],
  { settled, load }: { settled(): Promise<Sourced<T>>; load(): Promise<T> },
): Promise<Sourced<T>> {
  return pending.length === 0 ? settled() : { source: 'database', value: await load() };
}
