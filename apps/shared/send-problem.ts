import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Problem } from './problem.ts';

/** Answers with a problem as JSON: `{ "error": { "code": ..., "message": ... } }`. */
export function sendJsonProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  const { status, retryAfter, ...error } = problem;
  if (retryAfter !== undefined) reply.header('retry-after', String(retryAfter));
  return reply.code(status).send({ error });
}

/** Of an address that leads nowhere. */
export const notFound = ({ method, url }: FastifyRequest): Problem => ({
  status: 404,
  code: 'NOT_FOUND',
  message: `There is nothing at ${method} ${url.slice(0, 200)}.`,
});
