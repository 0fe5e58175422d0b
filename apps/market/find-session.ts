import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Session } from '../../src/cache/game-values.ts';
import { RequestProblem } from '../shared/problem.ts';
import type { Game } from './game.ts';
import type { RouteLimit } from './request-limits.ts';

/** What an access token says. */
export interface TokenClaims {
  /** The login. */
  sub: string;
  session_id: string;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sent it: set where its token and its session in Redis are good. */
    session: Session | null;
    sessionId: string | null;
  }
  interface FastifyContextConfig {
    /** Whether the route is for players who are logged in. Default false. */
    loggedIn?: boolean;
    limit?: RouteLimit;
  }
}
declare module '@fastify/jwt' {
  interface FastifyJWT {
    payload: TokenClaims;
    user: TokenClaims;
  }
}

/**
 * Finds out who sent a request. A token alone is not enough: its session must be in Redis, so that a log-out counts at
 * once; where Redis does not answer, nobody is let in, and the client hears 503 rather than 401.
 *
 * `X-Session-ID` keeps a session alive: only the one of the token that comes with it. The document's middleware
 * refreshed whichever session somebody named.
 */
export async function findSession(game: Game, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { loggedIn = false } = request.routeOptions.config;
  const named = request.headers['x-session-id'];
  if (request.headers.authorization === undefined) {
    if (loggedIn || named !== undefined) throw notLoggedIn(reply, 'Log in first: POST /api/auth/login.');
    return;
  }
  const claims = await request.jwtVerify<TokenClaims>().catch(() => {
    throw notLoggedIn(reply, 'This access token is not valid, or no longer. Log in again.');
  });
  const session = await game.cache.getSession(claims.session_id, { strict: true });
  if (!session || session.login !== claims.sub)
    throw notLoggedIn(reply, 'This session has ended. Log in again.');
  if (named !== undefined && named !== claims.session_id)
    throw new RequestProblem({
      status: 403,
      code: 'NOT_YOUR_SESSION',
      message: 'X-Session-ID names another session than the access token.',
    });
  if (named !== undefined) await game.cache.refreshSession(claims.session_id);
  request.session = session;
  request.sessionId = claims.session_id;
}

function notLoggedIn(reply: FastifyReply, message: string): RequestProblem {
  reply.header('www-authenticate', 'Bearer');
  return new RequestProblem({ status: 401, code: 'NOT_LOGGED_IN', message });
}
