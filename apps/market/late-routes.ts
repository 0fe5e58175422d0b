import type { FastifyInstance } from 'fastify';
import { Refusal } from '../shared/refusal.ts';
import { cachedReads } from './cached-reads.ts';
import type { Flusher } from './flusher.ts';
import type { Game } from './game.ts';
import { asJson } from './json.ts';
import { acceptLate } from './late-changes.ts';
import { gatherBody, useBody } from './schemas.ts';

/** What gathering brings where neither weather nor season matters. */
const YIELD = 5;
const often = { maxRequests: 30, windowSeconds: 60 };

/**
 * What changes an inventory so often that MySQL should not be asked each time (lab 08): the answer is 202, "accepted",
 * and MySQL hears of it within a second or so. What MySQL then refuses, the player finds among what was refused.
 */
export function lateRoutes(app: FastifyInstance, game: Game, flusher: Flusher): void {
  const { environment, gatherable } = cachedReads(game);

  app.post<{ Body: { resource_id: number; change_id?: string } }>(
    '/gather',
    { schema: { body: gatherBody }, config: { loggedIn: true, limit: { name: 'gather', ...often } } },
    async ({ session, body: { resource_id: resourceId, change_id: id } }, reply) => {
      const [{ value: resources }, { value: around }] = await Promise.all([gatherable(), environment()]);
      if (!resources?.includes(resourceId))
        throw new Refusal('UNKNOWN_RESOURCE', `Resource ${resourceId} cannot be gathered.`);
      const { weather, season } = around ?? {};
      const times = (weather?.gatheringMultiplier ?? 1) * (season?.gatheringMultiplier ?? 1);
      const delta = Math.max(1, Math.round(YIELD * times));
      const { userId: playerId } = session!;
      const changeId = await acceptLate(game, flusher, { what: 'gather', id, playerId, resourceId, delta });
      return reply.code(202).send(asJson({ status: 'accepted', changeId, resourceId, delta }));
    },
  );

  app.post<{ Body: { resource_id: number; quantity: number; change_id?: string } }>(
    '/inventory/use',
    { schema: { body: useBody }, config: { loggedIn: true, limit: { name: 'use', ...often } } },
    async ({ session, body: { resource_id: resourceId, quantity, change_id: id } }, reply) => {
      const { userId: playerId } = session!;
      const change = { what: 'use', id, playerId, resourceId, delta: -quantity };
      const changeId = await acceptLate(game, flusher, change);
      return reply.code(202).send(asJson({ status: 'accepted', changeId, resourceId, delta: -quantity }));
    },
  );

  app.get('/inventory/refused', { config: { loggedIn: true } }, async ({ session }) => {
    const { redis, mysql, labs } = game;
    const refused = await labs.getRefused({ redis, mysql });
    const mine = refused.filter(({ playerId }) => playerId === session!.userId);
    return { refused: asJson(mine.map(({ playerId: _, ...change }) => change)) };
  });
}
