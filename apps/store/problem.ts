import { LabFailed, LabNotSolved, nextCommand } from '../shared/lab-error.ts';
import { CommitUnknown, isMysqlAway } from '../shared/mysql-errors.ts';
import { Refusal, type RefusalCode } from './commands/refusal.ts';

/** Seconds after which a client should try again while MySQL is away. */
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

const statusOf: Record<RefusalCode, number> = {
  EMAIL_TAKEN: 409,
  SKU_TAKEN: 409,
  UNKNOWN_USER: 422,
  UNKNOWN_PRODUCT: 422,
  UNKNOWN_ORDER: 404,
  ORDER_TOO_LARGE: 422,
};

/** What Fastify refuses before a route sees it, by its code. */
const refused: Record<string, Omit<Problem, 'code'>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: { status: 413, message: 'The request is too large: 64 KiB at most.' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: { status: 415, message: 'Send this as application/json.' },
  FST_ERR_CTP_EMPTY_JSON_BODY: { status: 400, message: 'The body is empty: send JSON.' },
  FST_CSRF_MISSING_SECRET: {
    status: 403,
    message: 'This form came without the cookie of its page. Allow cookies, go back and load the page again.',
  },
  FST_CSRF_INVALID_TOKEN: {
    status: 403,
    message: 'This form is not one that the shop gave you, or is too old. Go back and load the page again.',
  },
};

/**
 * What to tell of an error; undefined for one that nobody expected.
 *
 * @example problemOf(new Refusal('UNKNOWN_USER', 'There is no user 99.')) // { status: 422, code: 'UNKNOWN_USER', ... }
 */
export function problemOf(error: unknown): Problem | undefined {
  if (error instanceof RequestProblem) return error.problem;
  if (error instanceof Refusal)
    return { status: statusOf[error.code], code: error.code, message: error.message };
  if (error instanceof LabNotSolved || error instanceof LabFailed) {
    const { id, question } = error.lab;
    const code = error instanceof LabFailed ? 'LAB_FAILED' : 'LAB_NOT_SOLVED';
    return { status: 501, code, message: error.message, lab: { id, question, next: nextCommand(error) } };
  }
  if (error instanceof CommitUnknown) return unknownOutcome().problem;
  if (isMysqlAway(error)) return new MysqlAway().problem;
  const { code, statusCode, message } = error as { code?: string; statusCode?: number; message?: string };
  if (code && refused[code]) return { code, ...refused[code] };
  if (statusCode && statusCode >= 400 && statusCode < 500)
    return {
      status: statusCode,
      code: code ?? 'BAD_REQUEST',
      message: message ?? 'The request is malformed.',
    };
  return undefined;
}

/** MySQL went away in the middle of a change. */
export function unknownOutcome(): MysqlAway {
  return new MysqlAway(
    'MySQL went away in the middle of this change, so it may have happened or not. Look at the list before you try again.',
  );
}
