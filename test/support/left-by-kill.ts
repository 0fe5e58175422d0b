import type { Redis } from 'ioredis';
import type { Taps } from '../../src/grade/environment.ts';

/** All keys of Redis at one moment: name, time to live (ms, 0 for none) and value of each, one after the other. */
export type RedisState = Buffer[];

const take = `local all = {}
for _, key in ipairs(redis.call('KEYS', '*')) do
  local ttl = redis.call('PTTL', key)
  all[#all + 1] = key
  all[#all + 1] = tostring(ttl < 0 and 0 or math.max(1, ttl))
  all[#all + 1] = redis.call('DUMP', key)
end
return all`;

const restore = `redis.call('FLUSHDB')
for i = 1, #ARGV, 3 do redis.call('RESTORE', ARGV[i], ARGV[i + 1], ARGV[i + 2]) end`;

export const stateOf = async (redis: Redis) => (await redis.callBuffer('EVAL', take, 0)) as RedisState;

/** Makes Redis what it was at that moment. */
export async function putBack(redis: Redis, state: RedisState): Promise<void> {
  await redis.eval(restore, 0, ...state);
}

/**
 * What Redis holds once the process that makes `call` is killed at its `at`-th Redis command: that one is done, and what
 * was sent behind it is not. No process dies for it, as a start costs more than all the rest: it stands still there for
 * as long as this looks, and then goes on.
 *
 * @example await leftByKill({ tap, redis }, 3, () => lab.syncAllOrdersToRedis())
 */
export async function leftByKill(
  { tap, redis }: { tap: Taps; redis: Redis },
  at: number,
  call: () => Promise<unknown>,
): Promise<RedisState> {
  const done = tap.redis.stallAt(at);
  const next = tap.redis.stallAt(at + 1, { executed: false });
  const running = call().catch(() => undefined);
  await Promise.race([done.happened, running]);
  const left = await stateOf(redis);
  done.release();
  next.release();
  await running;
  return left;
}
