import { CacheUnavailable } from '../../src/cache/redis-calls.ts';
import { isFull } from '../../src/cache/redis-trouble.ts';
import { LabFailed, LabNotSolved, nextCommand } from './lab-error.ts';
import { CommitUnknown, isMysqlAway } from './mysql-errors.ts';
import { Refusal } from './refusal.ts';

/** Seconds after which a client should try again while a server is away. */
export const retryAfterSeconds = 5;

/** What a person or a program is told of something that went wrong. */
export interface Problem {
  status: number;
  /** For programs: `'UNKNOWN_PRODUCT'`. */
  code: string;
  /** For people: what is wrong, and what to do. */
  message: string;
  /** Which input, where it is one: `'items[0].quantity'`. */
  field?: string;
  /** Seconds after which to try again. */
  retryAfter?: number;
  /** The lab to solve. */
  lab?: { id: string; question: string; next: string };
}

/** A request that cannot be served, for a reason that the client should know. */
export class RequestProblem extends Error {
  override name = 'RequestProblem';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** MySQL cannot answer now. */
export class MysqlAway extends RequestProblem {
  override name = 'MysqlAway';

  constructor(message = 'MySQL does not answer. Nothing was changed; try again in a moment.') {
    super({ status: 503, code: 'MYSQL_AWAY', message, retryAfter: retryAfterSeconds });
  }
}

/** What an application says in its own words. */
export interface OwnWords {
  /** MySQL went away in the middle of a change. */
  outcomeUnknown: Problem;
  /** What Fastify refuses before a route sees it, by its code; default Fastify's own words. */
  refused?: Readonly<Record<string, Omit<Problem, 'code'>>>;
}

/**
 * Makes the function that says what to tell of an error; undefined for one that nobody expected.
 *
 * @example
 * const problemOf = problemTeller({ outcomeUnknown });
 * problemOf(new Refusal('UNKNOWN_USER', 'There is no user 99.')); // { status: 422, code: 'UNKNOWN_USER', ... }
 */
export function problemTeller({ outcomeUnknown, refused = {} }: OwnWords) {
  return (error: unknown): Problem | undefined => {
    if (error instanceof RequestProblem) return error.problem;
    if (error instanceof Refusal) {
      const { status, code, message } = error;
      return { status, code, message };
    }
    if (error instanceof LabNotSolved || error instanceof LabFailed) return labProblem(error);
    if (error instanceof CacheUnavailable) return isFull(error) ? cacheFull : cacheAway;
    if (error instanceof CommitUnknown) return outcomeUnknown;
    if (isMysqlAway(error)) return new MysqlAway().problem;
    return fastifyProblem(error, refused);
  };
}

function labProblem(error: LabNotSolved | LabFailed): Problem {
  const { id, question } = error.lab;
  const code = error instanceof LabFailed ? 'LAB_FAILED' : 'LAB_NOT_SOLVED';
  return { status: 501, code, message: error.message, lab: { id, question, next: nextCommand(error) } };
}

const cacheAway: Problem = {
  status: 503,
  code: 'CACHE_UNAVAILABLE',
  message: 'Redis does not answer, and this needs it. Try again in a moment.',
  retryAfter: retryAfterSeconds,
};

/** Redis answers, and has no room for a write. */
export const cacheFull: Problem = {
  status: 503,
  code: 'CACHE_FULL',
  message:
    'Redis is full: it answers, and takes no more writes. Nothing was changed; whoever runs it gives it more room.',
  retryAfter: retryAfterSeconds,
};

function fastifyProblem(error: unknown, refused: NonNullable<OwnWords['refused']>): Problem | undefined {
  const { code, statusCode, message, validation } = error as {
    code?: string;
    statusCode?: number;
    message?: string;
    validation?: unknown;
  };
  if (code && refused[code]) return { code, ...refused[code] };
  if (validation) return { status: 400, code: 'INVALID_INPUT', message: `${message}.` };
  if (!statusCode || statusCode < 400 || statusCode >= 500) return undefined;
  return {
    status: statusCode,
    code: code ?? 'BAD_REQUEST',
    message: message ?? 'The request is malformed.',
  };
}
