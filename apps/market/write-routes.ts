import type { FastifyInstance } from 'fastify';
import { buyListing } from './commands/buy-listing.ts';
import { craft } from './commands/craft.ts';
import { createListing } from './commands/create-listing.ts';
import type { Game } from './game.ts';
import { asJson } from './json.ts';
import { settle } from './relay.ts';
import { craftBody, idParams, newListing } from './schemas.ts';

/** What changes the game: first MySQL, then the cache, then the answer. */
export function writeRoutes(app: FastifyInstance, game: Game): void {
  const { mysql } = game;

  app.post<{ Body: { resource_id: number; quantity: number; unit_price: number } }>(
    '/market/listings',
    { schema: { body: newListing }, config: { loggedIn: true } },
    async ({ session, body }, reply) => {
      const { note, ...listing } = await createListing(mysql, {
        sellerId: session!.userId,
        resourceId: body.resource_id,
        quantity: body.quantity,
        unitPrice: body.unit_price,
      });
      await settle(game, note);
      return reply.code(201).send(asJson(listing));
    },
  );

  app.post<{ Params: { id: string } }>(
    '/market/listings/:id/buy',
    { schema: { params: idParams }, config: { loggedIn: true } },
    async ({ session, params }) => {
      const { note, ...purchase } = await buyListing(mysql, {
        listingId: Number(params.id),
        buyerId: session!.userId,
      });
      await settle(game, note);
      return { status: 'success', ...(asJson(purchase) as object) };
    },
  );

  app.post<{ Body: { recipe_id: number; quantity: number } }>(
    '/craft',
    {
      schema: { body: craftBody },
      config: { loggedIn: true, limit: { name: 'craft', maxRequests: 10, windowSeconds: 60 } },
    },
    async ({ session, body }) => {
      const { userId } = session!;
      const { note, ...made } = await craft(mysql, {
        playerId: userId,
        recipeId: body.recipe_id,
        times: body.quantity,
      });
      await settle(game, note);
      return { status: 'success', ...(asJson(made) as object) };
    },
  );
}
