import cookie from '@fastify/cookie';
import csrf from '@fastify/csrf-protection';
import formbody from '@fastify/formbody';
import helmet from '@fastify/helmet';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import { ownHostOnly } from '../shared/own-host.ts';
import type { Problem } from '../shared/problem.ts';
import { notFound, sendJsonProblem } from '../shared/send-problem.ts';
import { api } from './api.ts';
import { healthOf, healthReply } from './health.ts';
import { homePage } from './pages/home.ts';
import { orderPage } from './pages/one-order.ts';
import { orderPages } from './pages/orders.ts';
import { productPages } from './pages/products.ts';
import { reportPages } from './pages/reports.ts';
import { sendProblem } from './pages/send.ts';
import { userPages } from './pages/users.ts';
import { problemOf } from './problem-of.ts';
import type { ShopContext } from './shop-context.ts';
import { styleSheet } from './view/style-sheet.ts';

const favicon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#0b5c8a"/><path d="M9 13h14l-1.5 12h-11zM12 13a4 4 0 0 1 8 0" fill="none" stroke="#fff" stroke-width="2.5" stroke-linejoin="round"/></svg>`;

/**
 * The shop's HTTP server, not listening yet. Pages take forms alone, each with a CSRF token; `/api` takes JSON alone.
 *
 * @param options `host` is the address that it will listen on; `onError` is told of an error that nobody expected.
 */
export async function createServer(
  shop: ShopContext,
  { host, onError }: { host: string; onError: (error: unknown, request: string) => void },
): Promise<FastifyInstance> {
  const app = fastify({
    bodyLimit: 64 * 1024,
    requestTimeout: 30_000,
    connectionTimeout: 60_000,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 200 },
  });
  const answer = (asJson: boolean) => (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const problem = problemOf(error) ?? unexpected;
    if (problem === unexpected) onError(error, `${request.method} ${request.url}`);
    return asJson ? sendJsonProblem(reply, problem) : sendProblem(shop, reply, problem);
  };
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    // The shop speaks plain HTTP: a promise of HTTPS would lock its visitors out.
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'same-origin' },
  });
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
  });
  ownHostOnly(app, host);
  app.setErrorHandler(answer(false));
  app.setNotFoundHandler((request, reply) => {
    const problem = notFound(request);
    return request.url.startsWith('/api/')
      ? sendJsonProblem(reply, problem)
      : sendProblem(shop, reply, problem);
  });

  const style = styleSheet();
  app.get('/style.css', (_request, reply) => reply.type('text/css; charset=utf-8').send(style));
  app.get('/favicon.svg', (_request, reply) => reply.type('image/svg+xml').send(favicon));
  for (const path of ['/health', '/api/health'])
    app.get(path, async (_request, reply) => {
      const health = await healthOf(shop);
      const { code, headers } = healthReply(health);
      return reply.code(code).headers(headers).send(health);
    });

  await app.register(async (scope) => {
    scope.removeContentTypeParser(['application/json', 'text/plain']);
    await scope.register(formbody);
    await scope.register(cookie);
    await scope.register(csrf, { cookieOpts: { path: '/', httpOnly: true, sameSite: 'strict' } });
    for (const routes of [homePage, orderPages, orderPage, userPages, productPages, reportPages])
      routes(scope, shop);
  });
  await app.register(
    async (scope) => {
      scope.removeContentTypeParser('text/plain');
      scope.setErrorHandler(answer(true));
      api(scope, shop);
    },
    { prefix: '/api' },
  );
  return app;
}

const unexpected: Problem = {
  status: 500,
  code: 'UNEXPECTED',
  message: 'The shop made a mistake; what it was stands in the terminal in which the shop runs.',
};
