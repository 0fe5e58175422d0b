import helmet from '@fastify/helmet';
import jwt from '@fastify/jwt';
import { type FastifyInstance, fastify } from 'fastify';
import { ownHostOnly } from '../shared/own-host.ts';
import type { Problem } from '../shared/problem.ts';
import { notFound, sendJsonProblem } from '../shared/send-problem.ts';
import { authRoutes } from './auth-routes.ts';
import { findSession } from './find-session.ts';
import type { Flusher } from './flusher.ts';
import type { Game } from './game.ts';
import { lateRoutes } from './late-routes.ts';
import { problemOf } from './problem-of.ts';
import { profileRoutes } from './profile-routes.ts';
import { readRoutes } from './read-routes.ts';
import { limitRequest } from './request-limits.ts';
import { writeRoutes } from './write-routes.ts';

/** The session in Redis ends a log-in; a token that was kept longer than this ends by itself. A number would be seconds to `@fastify/jwt` and milliseconds to `fast-jwt`. */
const tokenLife = '30d';

export interface ServerOptions {
  /** Writes what the game has accepted. */
  flusher: Flusher;
  /** Signs the access tokens: at least 32 bytes that nobody else knows. */
  secret: string;
  /** The address that it will listen on. */
  host: string;
  /** Told of an error that nobody expected. */
  onError(error: unknown, request: string): void;
}

/** The game's HTTP server, not listening yet. Bodies are JSON, and are checked before a route sees them. */
export async function createGameServer(
  game: Game,
  { flusher, secret, host, onError }: ServerOptions,
): Promise<FastifyInstance> {
  const app = fastify({
    bodyLimit: 16 * 1024,
    requestTimeout: 30_000,
    connectionTimeout: 60_000,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 20 },
    // "5" is not 5, and a field that nobody knows is a mistake.
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false } },
  });
  await app.register(helmet, { strictTransportSecurity: false });
  await app.register(jwt, {
    secret,
    sign: { algorithm: 'HS256', expiresIn: tokenLife },
    verify: { algorithms: ['HS256'], requiredClaims: ['sub', 'session_id', 'exp'] },
  });
  app.decorateRequest('session', null);
  app.decorateRequest('sessionId', null);
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
  });
  ownHostOnly(app, host);
  app.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error);
    if (!problem) onError(error, `${request.method} ${request.url}`);
    return sendJsonProblem(reply, problem ?? unexpected);
  });
  app.setNotFoundHandler((request, reply) => sendJsonProblem(reply, notFound(request)));
  app.register(
    async (api) => {
      api.addHook('onRequest', async (request, reply) => {
        // Who comes with a bad token is counted too, by address.
        await findSession(game, request, reply).finally(() => limitRequest(game, request, reply));
      });
      authRoutes(api, game);
      readRoutes(api, game);
      writeRoutes(api, game);
      lateRoutes(api, game, flusher);
      profileRoutes(api, game);
    },
    { prefix: '/api' },
  );
  return app;
}

const unexpected: Problem = {
  status: 500,
  code: 'UNEXPECTED',
  message: 'Something went wrong on our side. Nothing says whether it took effect.',
};
