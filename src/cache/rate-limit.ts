import type { Redis } from 'ioredis';

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
 * A fixed window: it begins with the first request and lets `maxRequests` through until it ends. One round trip.
 *
 * @throws Redis's error
 * @example await countRequest(redis, 'rate:user_7', { maxRequests: 60, windowSeconds: 60 })
 * // { allowed: true, limit: 60, remaining: 59, resetSeconds: 60 }
 */
export async function countRequest(redis: Redis, key: string, limit: RateLimit): Promise<RateVerdict> {
  const { maxRequests, windowSeconds } = checkedLimit(limit);
  const reply = await redis.eval(countScript, 1, key, windowSeconds * 1000);
  const [count, left] = reply as [number, number];
  return {
    allowed: count <= maxRequests,
    limit: maxRequests,
    remaining: Math.max(0, maxRequests - count),
    resetSeconds: Math.ceil(left / 1000),
  };
}

/** How many requests are left in the window, without counting one. */
export async function remainingRequests(
  redis: Redis,
  key: string,
  { maxRequests }: Pick<RateLimit, 'maxRequests'>,
): Promise<number> {
  return Math.max(0, maxRequests - Number((await redis.get(key)) ?? 0));
}

/** @throws RangeError where a limit is no limit */
export function checkedLimit(limit: RateLimit): RateLimit {
  for (const value of [limit.maxRequests, limit.windowSeconds])
    if (!Number.isSafeInteger(value) || value < 1)
      throw new RangeError(
        `A rate limit is whole numbers from 1 upwards: ${limit.maxRequests} requests in ${limit.windowSeconds} s is none.`,
      );
  return limit;
}
