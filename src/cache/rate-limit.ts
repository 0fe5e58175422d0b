import type { Redis } from 'ioredis';
import { domains } from './domains.ts';
import type { CallOptions, RedisCalls } from './redis-calls.ts';

export interface RateLimit {
  /** So many requests, */
  maxRequests: number;
  /** in so many seconds. */
  windowSeconds: number;
}

/** What a request is told. */
export interface RateVerdict {
  allowed: boolean;
  limit: number;
  /** Requests left in this window. */
  remaining: number;
  /** Seconds until the window ends, rounded up: `Retry-After` where it is refused. */
  resetSeconds: number;
}

/**
 * Counts, and lets the count end with its window, in one step: INCR and EXPIRE apart leave a count that never ends
 * where the process dies between them, and its user is blocked for ever. A count without an end, from whoever, gets
 * one. Refused requests do not make the window longer.
 */
const countScript = `
local count = redis.call('INCR', KEYS[1])
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
  left = tonumber(ARGV[1])
end
return { count, left }`;

/**
 * A fixed window: it begins with the first request and lets `maxRequests` through until it ends.
 *
 * @example await new RateLimiter(calls).check('user_7', { maxRequests: 60, windowSeconds: 60 })
 * // { allowed: true, limit: 60, remaining: 59, resetSeconds: 60 }
 */
export class RateLimiter {
  #calls: RedisCalls;

  constructor(calls: RedisCalls) {
    this.#calls = calls;
  }

  /** Counts a request, in one round trip. Where Redis fails it is allowed, unless the call is strict. */
  async check(identifier: string, limit: RateLimit & CallOptions): Promise<RateVerdict> {
    const { maxRequests, windowSeconds } = checkedLimit(limit);
    const key = domains.rate.key(identifier);
    const count = async (redis: Redis): Promise<RateVerdict> => {
      const reply = await redis.eval(countScript, 1, key, windowSeconds * 1000);
      const [requests, left] = reply as [number, number];
      return {
        allowed: requests <= maxRequests,
        limit: maxRequests,
        remaining: Math.max(0, maxRequests - requests),
        resetSeconds: Math.ceil(left / 1000),
      };
    };
    return this.#calls.ask(`rate limit ${key}`, count, {
      strict: limit.strict,
      otherwise: { allowed: true, limit: maxRequests, remaining: maxRequests, resetSeconds: windowSeconds },
    });
  }

  /** How many requests are left in the window, without counting one; all of them where Redis fails. */
  async remaining(identifier: string, limit: Pick<RateLimit, 'maxRequests'> & CallOptions): Promise<number> {
    const { maxRequests } = checkedLimit({ ...limit, windowSeconds: 1 });
    const key = domains.rate.key(identifier);
    const left = async (redis: Redis) => Math.max(0, maxRequests - Number((await redis.get(key)) ?? 0));
    return this.#calls.ask(`GET ${key}`, left, { strict: limit.strict, otherwise: maxRequests });
  }
}

/** @throws RangeError where a limit is no limit */
function checkedLimit(limit: RateLimit): RateLimit {
  for (const value of [limit.maxRequests, limit.windowSeconds])
    if (!Number.isSafeInteger(value) || value < 1)
      throw new RangeError(
        `A rate limit is whole numbers from 1 upwards: ${limit.maxRequests} requests in ${limit.windowSeconds} s is none.`,
      );
  return limit;
}
