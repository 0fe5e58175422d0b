// Another right way: each load takes a number, and a value is kept only where no load with a higher number was kept
// before. The lock says until when it holds by the clock of the context, and one look at Redis asks for everything.
import type { Redis } from 'ioredis';

// KEYS: value, state. ARGV: now, until. The state: number of the last load, until when it holds, the last one kept.
const ENTER = `
local text = redis.call('GET', KEYS[1])
local ends = tonumber(redis.call('HGET', KEYS[2], 'until') or 0)
if ends > tonumber(ARGV[1]) and not (text and pcall(cjson.decode, '[' .. text .. ']')) then
  return { 'wait', text or '' }
end
if text and text ~= ARGV[3] then return { 'value', text } end
redis.call('HSET', KEYS[2], 'until', ARGV[2])
local number = redis.call('HINCRBY', KEYS[2], 'number', 1)
redis.call('PEXPIRE', KEYS[2], 86400000)
return { 'load', text or '', number }`;

const LEAVE = `
if tonumber(redis.call('HGET', KEYS[2], 'number') or -1) == tonumber(ARGV[1]) then redis.call('HDEL', KEYS[2], 'until') end
local kept = tonumber(redis.call('HGET', KEYS[2], 'kept') or 0)
if ARGV[3] == '0' or kept > tonumber(ARGV[1]) or redis.call('EXISTS', KEYS[2]) == 0 then return end
if tonumber(redis.call('HGET', KEYS[2], 'number')) < tonumber(ARGV[1]) then return end
redis.call('HSET', KEYS[2], 'kept', ARGV[1])
redis.call('PEXPIRE', KEYS[2], 86400000)
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])`;

function value(text: string | null): [any] | undefined {
  try {
    return text === null ? undefined : [JSON.parse(text)];
  } catch {
    return undefined;
  }
}

const running = new Map<string, { value: Promise<[any]>; until: number }>();

async function once({ redis, now }: { redis: Redis; now(): number }, key: string, load: () => Promise<any>, options: any): Promise<[any]> {
  const state = `{${key}}:state`;
  const waitMs = options.waitMs ?? 5000;
  let number: number | undefined;
  try {
    const text = await redis.get(key);
    const hit = value(text);
    if (hit) return hit;
    for (;;) {
      const found = (await redis.eval(ENTER, 2, key, state, now(), now() + waitMs, text ?? '\0')) as [string, string, number];
      if (found[0] === 'load') {
        number = found[2];
        break;
      }
      const there = found[0] === 'value' ? value(found[1]) : undefined;
      if (there) return there;
      await new Promise((resolve) => setTimeout(resolve, 8));
    }
  } catch {
    number = undefined;
  }
  const leave = async (text: string, ms: number) => {
    if (number === undefined) return;
    try {
      await redis.eval(LEAVE, 2, key, state, number, text, Math.round(ms));
    } catch {}
  };
  const loaded = await load().catch(async (error) => {
    await leave('', 0);
    throw error;
  });
  const { ttlMs, missingTtlMs = ttlMs, jitter = 0.1 } = options;
  const found = loaded ?? null;
  await leave(JSON.stringify(found), (found === null ? missingTtlMs : ttlMs) * (1 - jitter * Math.random()));
  return [found];
}

export async function getOrLoad(ctx: { redis: Redis; now(): number }, key: string, load: () => Promise<any>, options: any) {
  let one = running.get(key);
  while (one && ctx.now() < one.until) {
    const pause = new Promise<undefined>((resolve) => setTimeout(resolve, 8));
    const got: [any] | undefined = await Promise.race([one.value, pause]);
    if (got) return got[0];
    one = running.get(key);
  }
  const mine = { value: once(ctx, key, load, options), until: ctx.now() + (options.waitMs ?? 5000) };
  running.set(key, mine);
  const gone = () => running.get(key) === mine && running.delete(key);
  mine.value.then(gone, gone);
  return (await mine.value)[0];
}
