import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RateLimit, RateVerdict } from '../../src/cache/rate-limit.ts';
import { RequestProblem } from '../shared/problem.ts';
import type { Game } from './game.ts';

/** A limit of a route's own, beside the one of all routes. */
export interface RouteLimit extends RateLimit {
  /** Part of the key: 'craft'. */
  name: string;
  /** Where Redis fails the request is refused, not let through: guessing passwords must not become free. */
  strict?: boolean;
}

/** @example limitOf({ userId: 7 }) // 'user_7' */
const identifierOf = (request: FastifyRequest): string =>
  request.session ? `user_${request.session.userId}` : request.ip;

/**
 * Counts the request against the limit of all routes and against the route's own, tells the tighter of the two in
 * headers, and refuses with 429 what is beyond one.
 */
export async function limitRequest(game: Game, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const own = request.routeOptions.config.limit;
  const identifier = identifierOf(request);
  const verdicts = await Promise.all([
    game.cache.checkRateLimit(identifier, {
      maxRequests: game.cache.config.requestsPerMinute,
      windowSeconds: 60,
    }),
    ...(own ? [game.cache.checkRateLimit(`endpoint_${own.name}_${identifier}`, own)] : []),
  ]);
  const verdict = verdicts.reduce(tighter);
  reply.headers({
    'x-ratelimit-limit': String(verdict.limit),
    'x-ratelimit-remaining': String(verdict.remaining),
    'x-ratelimit-reset': String(verdict.resetSeconds),
  });
  if (verdict.allowed) return;
  throw new RequestProblem({
    status: 429,
    code: 'TOO_MANY_REQUESTS',
    message: `More than ${verdict.limit} requests: try again in ${verdict.resetSeconds} s.`,
    retryAfter: verdict.resetSeconds,
  });
}

/** The one that refuses, for the longest; else the one with less left. */
function tighter(a: RateVerdict, b: RateVerdict): RateVerdict {
  if (a.allowed !== b.allowed) return a.allowed ? b : a;
  if (!a.allowed) return a.resetSeconds >= b.resetSeconds ? a : b;
  return a.remaining <= b.remaining ? a : b;
}
