import type { FastifyInstance } from 'fastify';
import { RequestProblem } from './problem.ts';

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i;

/**
 * Refuses requests that were sent to another name than this machine's own, where the app listens on this machine alone.
 * A page of another site could otherwise let its own name point here, and read and write as if it were the app's
 * (DNS rebinding). Where the app listens on a network, its names are not known, and all are taken.
 *
 * @param listensOn the address that the app listens on: `127.0.0.1`.
 */
export function ownHostOnly(app: FastifyInstance, listensOn: string): void {
  if (!isLoopback(listensOn)) return;
  app.addHook('onRequest', async (request) => {
    if (isLoopback(request.hostname)) return;
    throw new RequestProblem({
      status: 421,
      code: 'OTHER_HOST',
      message: `This is not ${request.hostname.slice(0, 100)}: ask for localhost or 127.0.0.1.`,
    });
  });
}

const isLoopback = (host: string): boolean => host === '::1' || loopback.test(host);
