import type { Redis } from 'ioredis';

/**
 * Keeps `ARGV[1]` more values beside the one under `KEYS[1]`, each under a key of its own, and notes each wherever that
 * one is noted: as a member, a field or a part of a name. Returns in how many places it found the first.
 */
const script = `
local key, places = KEYS[1], 0
local function with(text, name)
  local from, to = string.find(text, key, 1, true)
  return from and string.sub(text, 1, from - 1) .. name .. string.sub(text, to + 1)
end
local function ends(text) return string.sub(text, -#key) == key end
local value, ttl = redis.call('GET', key), redis.call('PTTL', key)
local names = {}
for i = 1, tonumber(ARGV[1]) do
  names[i] = key .. '-' .. i
  redis.call('SET', names[i], value, 'PX', ttl)
end
for i = 2, #KEYS do
  local note = KEYS[i]
  local kind = redis.call('TYPE', note).ok
  local function each(found, add)
    for _, text in ipairs(found) do
      if ends(text) then
        places = places + 1
        for _, name in ipairs(names) do add(with(text, name), text) end
      end
    end
  end
  if ends(note) then
    for _, name in ipairs(names) do redis.call('COPY', note, with(note, name)) end
  elseif kind == 'set' then
    each(redis.call('SMEMBERS', note), function(text) redis.call('SADD', note, text) end)
  elseif kind == 'zset' then
    each(redis.call('ZRANGE', note, 0, -1), function(text, first)
      redis.call('ZADD', note, redis.call('ZSCORE', note, first), text)
    end)
  elseif kind == 'hash' then
    each(redis.call('HKEYS', note), function(text, first)
      redis.call('HSET', note, text, redis.call('HGET', note, first))
    end)
  elseif kind == 'list' then
    each(redis.call('LRANGE', note, 0, -1), function(text) redis.call('RPUSH', note, text) end)
  end
end
return places`;

/**
 * Has a tag remember `count` values more, beside one that was kept under `key`: as keeping each of them would cost more
 * than the check, Redis itself notes them in `notes`, where and how that one is noted.
 *
 * @returns the keys of all of them; undefined where the notes say nothing that could be copied.
 */
export async function plantTagged(
  redis: Redis,
  { key, notes, count }: { key: string; notes: readonly string[]; count: number },
): Promise<string[] | undefined> {
  const places = Number(await redis.eval(script, 1 + notes.length, key, ...notes, count));
  return places > 0 ? [key, ...Array.from({ length: count }, (_, i) => `${key}-${i + 1}`)] : undefined;
}
