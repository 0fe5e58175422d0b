import type { FastifyInstance } from 'fastify';
import type { Pool } from 'mysql2/promise';
import { codeOf } from '../shared/mysql-errors.ts';
import { RequestProblem } from '../shared/problem.ts';
import { Refusal } from '../shared/refusal.ts';
import type { Game } from './game.ts';
import { asJson } from './json.ts';
import { findLevel } from './queries/players.ts';
import { idParams, profileBody } from './schemas.ts';

/** What everybody sees of a player, written through the cache (lab 07). */
export function profileRoutes(app: FastifyInstance, game: Game): void {
  const { redis, mysql, labs, cache } = game;
  const kept = { ttlMs: cache.config.ttl.profile * 1000 };
  const unknown = (id: number) => new Refusal('UNKNOWN_PLAYER', `There is no player ${id}.`);

  app.get<{ Params: { id: string } }>(
    '/players/:id/profile',
    { schema: { params: idParams } },
    async ({ params }) => {
      const id = Number(params.id);
      const { pool, wasAsked } = watched(mysql);
      const profile = await labs.getProfile({ redis, mysql: pool }, id, kept);
      if (!profile) throw unknown(id);
      return { source: wasAsked() ? 'database' : 'cache', ...(asJson(profile) as object) };
    },
  );

  app.put<{ Params: { id: string }; Body: { display_name: string } }>(
    '/players/:id/profile',
    { schema: { params: idParams, body: profileBody }, config: { loggedIn: true } },
    async ({ session, params, body: { display_name: displayName } }) => {
      const id = Number(params.id);
      if (id !== session!.userId)
        throw new RequestProblem({
          status: 403,
          code: 'NOT_YOUR_PROFILE',
          message: `This is the profile of player ${id}, and you are player ${session!.userId}.`,
        });
      const level = await findLevel(mysql, id);
      if (level === null) throw unknown(id);
      try {
        return asJson(await labs.saveProfile({ redis, mysql }, { playerId: id, displayName, level }, kept));
      } catch (error) {
        if ((error as Error).name === 'NoSuchPlayer') throw unknown(id);
        if (codeOf(error) !== 'ER_DUP_ENTRY') throw error;
        const message = `Another player is called ${displayName}.`;
        throw new RequestProblem({ status: 409, code: 'NAME_TAKEN', message });
      }
    },
  );
}

/** The same pool, and whether anything was asked of it. */
function watched(mysql: Pool): { pool: Pool; wasAsked(): boolean } {
  let asked = false;
  const pool = new Proxy(mysql, {
    get(target, name) {
      if (name === 'query' || name === 'execute' || name === 'getConnection') asked = true;
      const value = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return { pool, wasAsked: () => asked };
}
