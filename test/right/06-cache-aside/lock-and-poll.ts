// Another right way: flights in a Map, a lock with a token, readers that poll; only the holder of the lock keeps a value.
import { setTimeout as pause } from 'node:timers/promises';
import type { Redis } from 'ioredis';

const flights = new Map<string, Promise<any>>();
/** What a flight brings to those who joined it, once it takes too long. */
const LOST = Symbol('lost');

export function getOrLoad(
  { redis }: { redis: Redis },
  key: string,
  load: () => Promise<any>,
  options: any,
): Promise<any> {
  const there = flights.get(key);
  if (there) return there.then((got) => (got === LOST ? again(there) : got));
  const flight = fetchValue(redis, key, load, options).finally(() => leave(key, shared));
  const shared = Promise.race([flight, pause(options.waitMs ?? 5000, LOST, { ref: false })]);
  shared.catch(() => {}); // nobody may have joined
  flights.set(key, shared);
  return flight;

  function again(lost: Promise<any>): Promise<any> {
    leave(key, lost);
    return getOrLoad({ redis }, key, load, options);
  }
}

function leave(key: string, flight: Promise<any>): void {
  if (flights.get(key) === flight) flights.delete(key);
}

function parsed(text: string | null): { value: any } | undefined {
  try {
    return text === null ? undefined : { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

async function fetchValue(redis: Redis, key: string, load: () => Promise<any>, options: any): Promise<any> {
  const lock = `lock:${key}`;
  const token = `${process.pid} ${Math.random()}`;
  const waitMs = options.waitMs ?? 5000;
  let mine = false;
  try {
    let hit = parsed(await redis.get(key));
    while (!hit && !mine) {
      mine = (await redis.set(lock, token, 'PX', waitMs, 'NX')) === 'OK';
      hit = parsed(await redis.get(key));
      if (!hit && !mine) await pause(10);
    }
    if (hit) {
      if (mine) await release(redis, lock, token);
      return hit.value;
    }
  } catch {
    // Redis does not answer
  }
  let value: any;
  try {
    value = (await load()) ?? null;
  } catch (error) {
    if (mine) await release(redis, lock, token).catch(() => {});
    throw error;
  }
  const longest = value === null ? (options.missingTtlMs ?? options.ttlMs) : options.ttlMs;
  const ttl = Math.ceil(longest * (1 - (options.jitter ?? 0.1) * Math.random()));
  try {
    await redis.eval(KEEP, 2, key, lock, token, JSON.stringify(value), ttl);
  } catch {
    // not kept
  }
  return value;
}

const KEEP = `
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return end
if ARGV[3] ~= '0' then redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) end
redis.call('DEL', KEYS[2])`;

async function release(redis: Redis, lock: string, token: string): Promise<void> {
  const script = "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end";
  await redis.eval(script, 1, lock, token);
}
