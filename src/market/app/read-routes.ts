import type { FastifyInstance } from 'fastify';
import { keys, type ListingStatus, longestLeaderboard, tags } from '../keys.ts';
import type { LeaderboardRow } from '../leaderboard.ts';
import { loadEnvironment } from '../queries/environment.ts';
import { loadCraftableRecipes, loadInventory } from '../queries/inventory.ts';
import { loadListings } from '../queries/listings.ts';
import { loadLeaderboardRows } from '../queries/players.ts';
import type { Game } from './game.ts';
import { asJson } from './json.ts';
import { RequestProblem } from './problem.ts';
import { leaderboardQuery, listingsQuery, recipesQuery } from './schemas.ts';

/** How long the leaderboard is that is refreshed; longer ones are loaded when they are asked for. */
export const refreshedLimit = 100;

/** What is read through the cache; each answer says where it came from. */
export function readRoutes(app: FastifyInstance, game: Game): void {
  const { cache, mysql } = game;
  const { ttl } = cache.config;

  const environment = cache.cached(
    {
      key: () => keys.environment,
      tags: () => [tags.environment],
      ttl: ttl.environment,
      domain: 'environment',
    },
    () => loadEnvironment(mysql, game.now()),
  );
  app.get('/environment/current', async () => {
    const { source, value } = await environment();
    return { source, ...(asJson(value) as object) };
  });

  const listings = cache.cached(
    {
      key: (resourceId: number | undefined, status: ListingStatus) => keys.listings({ resourceId, status }),
      tags: (resourceId) => [tags.everyListing, tags.listings(resourceId)],
      ttl: ttl.listings,
      domain: 'listings',
    },
    (resourceId: number | undefined, status: ListingStatus) => loadListings(mysql, { resourceId, status }),
  );
  app.get<{ Querystring: { resource_id?: string; status?: ListingStatus } }>(
    '/market/listings',
    { schema: { querystring: listingsQuery } },
    async ({ query: { resource_id, status = 'active' } }) => {
      const { source, value } = await listings(
        resource_id === undefined ? undefined : Number(resource_id),
        status,
      );
      return { source, listings: asJson(value) };
    },
  );

  const loaded = cache.cached(
    {
      key: (limit: number) => keys.leaderboard(limit),
      tags: () => [tags.leaderboard],
      ttl: ttl.leaderboard,
      domain: 'leaderboard',
    },
    (limit: number) => loadLeaderboardRows(mysql, limit),
  );
  app.get<{ Querystring: { limit?: string } }>(
    '/leaderboard',
    { schema: { querystring: leaderboardQuery } },
    async ({ query }) => {
      const limit = Math.min(Number(query.limit ?? refreshedLimit), longestLeaderboard);
      const kept = limit <= refreshedLimit ? await keptLeaderboard(game) : null;
      if (kept) return { source: 'cache', leaderboard: asJson(kept.slice(0, limit)) };
      const { source, value } = await loaded(limit);
      return { source, leaderboard: asJson(value) };
    },
  );

  const inventory = cache.cached(
    {
      key: (userId: number) => keys.inventory(userId),
      tags: (userId) => [tags.inventory(userId)],
      ttl: ttl.inventory,
      domain: 'inventory',
    },
    (userId: number) => loadInventory(mysql, userId),
  );
  app.get('/inventory', { config: { loggedIn: true } }, async ({ session }) => {
    const { source, value } = await inventory(session!.userId);
    return { source, inventory: asJson(value) };
  });

  const recipes = cache.cached(
    {
      key: (userId: number, professionId: number) => keys.recipes(userId, professionId),
      tags: (userId) => [tags.recipes(userId)],
      ttl: ttl.recipes,
      domain: 'recipes',
    },
    (playerId: number, professionId: number) => loadCraftableRecipes(mysql, { playerId, professionId }),
  );
  app.get<{ Querystring: { profession_id: string } }>(
    '/recipes',
    { schema: { querystring: recipesQuery }, config: { loggedIn: true } },
    async ({ session, query }) => {
      const { source, value } = await recipes(session!.userId, Number(query.profession_id));
      return { source, recipes: asJson(value) };
    },
  );

  app.get('/stats', { config: { loggedIn: true } }, async ({ session }) => {
    if (session!.role === 'admin') return cache.getStats();
    const message = 'The figures are for those who run the game.';
    throw new RequestProblem({ status: 403, code: 'NOT_ALLOWED', message });
  });
}

/** What lab 10 keeps; null where it is not written, fails or keeps nothing. */
async function keptLeaderboard(game: Game): Promise<LeaderboardRow[] | null> {
  const { leaderboard } = game.labs;
  if (!leaderboard) return null;
  let rows: LeaderboardRow[] | null = null;
  await game.cache.byLab('getLeaderboard', async (redis) => {
    rows = await leaderboard.getLeaderboard({ redis }, { limit: refreshedLimit });
  });
  return Array.isArray(rows) ? rows : null;
}
