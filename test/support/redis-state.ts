import type { Redis } from 'ioredis';

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
