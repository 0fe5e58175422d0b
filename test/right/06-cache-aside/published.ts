// Another right way: who waits is woken by a message and does not poll; the lock is taken and given back by scripts
// that Redis keeps (EVALSHA), and what comes late is dropped.
import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';

const under = new Map<string, Promise<any>>();
const NONE = Symbol('none');

const decode = (text: string | null): any => {
  if (text === null) return NONE;
  try {
    return JSON.parse(text);
  } catch {
    return NONE;
  }
};

function withScripts(redis: any): any {
  if (redis.keepMine) return redis;
  redis.defineCommand('takeOrLook', {
    numberOfKeys: 2,
    lua: `local text = redis.call('GET', KEYS[1])
      if text and text ~= ARGV[3] then return {'value', text} end
      if redis.call('SET', KEYS[2], ARGV[1], 'NX', 'PX', ARGV[2]) then return {'mine'} end
      return {'wait', redis.call('PTTL', KEYS[2])}`,
  });
  redis.defineCommand('keepMine', {
    numberOfKeys: 2,
    lua: `if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
      redis.call('DEL', KEYS[2])
      if tonumber(ARGV[3]) > 0 then redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) end
      redis.call('PUBLISH', KEYS[2], 'over')
      return 1`,
  });
  return redis;
}

/** Resolves when the load of another is over or its lock has ended; `look` is asked again once the ear is open. */
async function woken(redis: Redis, lock: string, look: () => Promise<any>): Promise<any> {
  const ear = redis.duplicate();
  ear.on('error', () => {});
  try {
    let timer: NodeJS.Timeout | undefined;
    const told = new Promise<void>((resolve) => ear.once('message', () => resolve()));
    await ear.subscribe(lock);
    const now = await look();
    if (now[0] !== 'wait') return now;
    const ended = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, Math.min(now[1] + 2, 100));
    });
    await Promise.race([told, ended]);
    clearTimeout(timer);
    return await look();
  } finally {
    ear.disconnect();
  }
}

async function work(plain: Redis, key: string, load: () => Promise<any>, options: any): Promise<any> {
  const redis = withScripts(plain);
  const { ttlMs, missingTtlMs = ttlMs, jitter = 0.1, waitMs = 5000 } = options;
  const lock = `loading:${key}`;
  const token = randomUUID();
  let mine = false;
  try {
    const first = await redis.get(key);
    if (decode(first) !== NONE) return decode(first);
    const look = () => redis.takeOrLook(key, lock, token, waitMs, first ?? '\0');
    let found = await look();
    while (found[0] === 'wait') found = await woken(redis, lock, look);
    if (found[0] === 'value' && decode(found[1]) !== NONE) return decode(found[1]);
    mine = found[0] === 'mine';
  } catch {}
  let text = 'null';
  let keepMs = 0;
  try {
    const value = await load();
    text = JSON.stringify(value ?? null);
    keepMs = Math.max(0, Math.round((value == null ? missingTtlMs : ttlMs) * (1 - Math.random() * jitter)));
  } finally {
    if (mine) await redis.keepMine(key, lock, token, text, keepMs).catch(() => {});
  }
  return JSON.parse(text);
}

export async function getOrLoad({ redis }: { redis: Redis }, key: string, load: () => Promise<any>, options: any) {
  const leave = (flight: Promise<any>) => under.get(key) === flight && under.delete(key);
  for (let there = under.get(key); there; there = under.get(key)) {
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise((resolve) => {
      timer = setTimeout(resolve, options.waitMs ?? 5000, NONE);
    });
    const got = await Promise.race([there, tooLong]).finally(() => clearTimeout(timer));
    if (got !== NONE) return got;
    leave(there);
  }
  const own = work(redis, key, load, options);
  under.set(key, own);
  try {
    return await own;
  } finally {
    leave(own);
  }
}
