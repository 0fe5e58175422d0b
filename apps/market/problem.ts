import { CacheUnavailable } from '../../src/cache/redis-calls.ts';
import { LabFailed, LabNotSolved, nextCommand } from '../shared/lab-error.ts';
import { CommitUnknown, isMysqlAway } from '../shared/mysql-errors.ts';
import { GameRefusal, type GameRefusalCode } from './commands/refusal.ts';

/** What a program is told of something that went wrong. */
export interface Problem {
  status: number;
  /** 'LISTING_GONE' */
  code: string;
  message: string;
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

const statusOf: Record<GameRefusalCode, number> = {
  UNKNOWN_LISTING: 404,
  UNKNOWN_RESOURCE: 422,
  UNKNOWN_RECIPE: 422,
  UNKNOWN_PLAYER: 404,
  LISTING_GONE: 409,
  OWN_LISTING: 409,
  NOT_ENOUGH_COINS: 409,
  NOT_ENOUGH_STOCK: 409,
  INVENTORY_FULL: 409,
  LEVEL_TOO_LOW: 403,
};

const away = { status: 503, retryAfter: 5 };

/** What to tell of an error; undefined for one that nobody expected. */
export function problemOf(error: unknown): Problem | undefined {
  if (error instanceof RequestProblem) return error.problem;
  if (error instanceof LabNotSolved || error instanceof LabFailed) {
    const { id, question } = error.lab;
    const code = error instanceof LabFailed ? 'LAB_FAILED' : 'LAB_NOT_SOLVED';
    return { status: 501, code, message: error.message, lab: { id, question, next: nextCommand(error) } };
  }
  if (error instanceof GameRefusal) {
    const { code, message } = error;
    return { status: statusOf[code], code, message };
  }
  if (error instanceof CacheUnavailable)
    return {
      ...away,
      code: error.code,
      message: 'Redis does not answer, and this needs it. Try again in a moment.',
    };
  if (error instanceof CommitUnknown) {
    const message = 'MySQL went away in the middle: it may have happened or not. Look before you try again.';
    return { ...away, code: 'OUTCOME_UNKNOWN', message };
  }
  if (isMysqlAway(error))
    return {
      ...away,
      code: 'MYSQL_AWAY',
      message: 'MySQL does not answer. Nothing was changed; try again in a moment.',
    };
  const { code, statusCode, message, validation } = error as Partial<Record<string, unknown>>;
  if (validation) return { status: 400, code: 'INVALID_INPUT', message: `${message}.` };
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500)
    return { status: statusCode, code: String(code ?? 'BAD_REQUEST'), message: String(message) };
  return undefined;
}
