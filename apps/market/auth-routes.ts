import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { RequestProblem } from '../shared/problem.ts';
import type { Game } from './game.ts';
import { isPassword, nobodysHash } from './passwords.ts';
import { findAccount } from './queries/players.ts';
import { loginBody } from './schemas.ts';

/** Logging in and out. */
export function authRoutes(app: FastifyInstance, game: Game): void {
  app.post<{ Body: { login: string; password: string } }>(
    '/auth/login',
    {
      schema: { body: loginBody },
      config: { limit: { name: 'login', maxRequests: 10, windowSeconds: 60, strict: true } },
    },
    async (request) => {
      const { login, password } = request.body;
      // Of one player, from wherever somebody guesses.
      const { allowed, resetSeconds } = await game.cache.checkRateLimit(`login_${login.toLowerCase()}`, {
        maxRequests: 20,
        windowSeconds: 300,
        strict: true,
      });
      if (!allowed)
        throw new RequestProblem({
          status: 429,
          code: 'TOO_MANY_REQUESTS',
          message: `Too many log-ins of this player: try again in ${resetSeconds} s.`,
          retryAfter: resetSeconds,
        });
      const account = await findAccount(game.mysql, login);
      // As slow for a login that nobody has: the time must not tell.
      if (!(await isPassword(password, account?.passwordHash ?? nobodysHash)) || !account)
        throw new RequestProblem({
          status: 401,
          code: 'WRONG_PASSWORD',
          message: 'Login or password is wrong.',
        });
      const sessionId = randomUUID();
      const session = {
        userId: account.id,
        login: account.login,
        role: account.role,
        createdAt: new Date(game.now()).toISOString(),
      };
      await game.cache.setSession(sessionId, session, { strict: true });
      const token = app.jwt.sign({ sub: account.login, session_id: sessionId });
      return { access_token: token, token_type: 'bearer', session_id: sessionId };
    },
  );

  app.post('/auth/logout', { config: { loggedIn: true } }, async (request) => {
    await game.cache.deleteSession(request.sessionId!, { strict: true });
    return { status: 'logged_out' };
  });
}
