// Another right way: who waits hears of the end of a load by PUBLISH, on one subscriber for the whole process.
import { EventEmitter, once } from 'node:events';
import type { Redis } from 'ioredis';
import type { CacheAsideOptions } from '../../../src/contracts/cache-aside.ts';
import type { LabContext } from '../../../src/lab/context.ts';

const CHANNEL = 'lab06:ended';
const ended = new EventEmitter();
ended.setMaxListeners(0);
let subscriber: Promise<Redis> | undefined;

/** Subscribes once; a subscriber that failed is made anew by the next who waits. */
function listen(redis: Redis): Promise<Redis> {
  subscriber ??= (async () => {
    const own = redis.duplicate({ maxRetriesPerRequest: 1 });
    own.on('error', () => {});
    own.on('message', (_, key: string) => ended.emit(key));
    own.on('end', () => { subscriber = undefined; });
    try {
      await own.subscribe(CHANNEL);
      return own;
    } catch (error) {
      own.disconnect();
      subscriber = undefined;
      throw error;
    }
  })();
  return subscriber;
}

const script = {
  end: `if redis.call('GET', KEYS[1]) == ARGV[1] then
    redis.call('DEL', KEYS[1])
    if #ARGV > 3 then redis.call('SET', KEYS[2], ARGV[3], 'PX', ARGV[4]) end
    redis.call('PUBLISH', ARGV[2], KEYS[2])
  end`,
};

function* tokens(): Generator<string, never> {
  for (let n = 1; ; n++) yield `${process.pid}.${performance.timeOrigin}.${n}`;
}
const fresh = tokens();

interface Running { settled: Promise<{ value?: unknown; error?: unknown; lost?: true }> }
const running = new Map<string, Running>();

export async function getOrLoad<T>(
  ctx: Pick<LabContext, 'redis' | 'now'>,
  key: string,
  load: () => Promise<T | null>,
  options: CacheAsideOptions,
): Promise<T | null> {
  for (;;) {
    const one = running.get(key);
    if (!one) break;
    const end = await one.settled;
    if ('error' in end) throw end.error;
    if (!end.lost) return end.value as T | null;
  }
  let settle: (end: { value?: unknown; error?: unknown; lost?: true }) => void = () => {};
  const me: Running = { settled: new Promise((resolve) => { settle = resolve; }) };
  const end = (how: { value?: unknown; error?: unknown; lost?: true }) => {
    if (running.get(key) === me) running.delete(key);
    settle(how);
  };
  running.set(key, me);
  try {
    const value = await perform(ctx.redis, key, load, options, () => end({ lost: true }));
    end({ value });
    return value;
  } catch (error) {
    end({ error });
    throw error;
  }
}

async function perform<T>(
  redis: Redis,
  key: string,
  load: () => Promise<T | null>,
  options: CacheAsideOptions,
  lost: () => void,
): Promise<T | null> {
  const { ttlMs, missingTtlMs = ttlMs, jitter = 0.1, waitMs = 5000 } = options;
  const lease = `lab06:{${key}}`;
  const token = fresh.next().value;
  let owner = false;
  try {
    for (;;) {
      const text = await redis.get(key);
      if (text !== null) {
        try {
          return JSON.parse(text) as T;
        } catch { /* not JSON: a miss */ }
      }
      // The lease, and once more what stands there.
      const [[refused, took], [, again], [, left]] = (await redis.pipeline()
        .set(lease, token, 'PX', waitMs, 'NX').get(key).pttl(lease).exec()) as [Error | null, unknown][] as never;
      if (refused) throw refused;
      if (took === 'OK') {
        owner = true;
        if (again === null || again === text) break;
        await redis.eval(script.end, 2, lease, key, token, CHANNEL);
        owner = false;
        continue;
      }
      await listen(redis);
      const stop = new AbortController();
      const heard = once(ended, key, { signal: stop.signal }).catch(() => {});
      // It may have ended before we listened.
      if ((await redis.exists(lease)) === 1) {
        let timer: NodeJS.Timeout | undefined;
        await Promise.race([heard, new Promise((r) => { timer = setTimeout(r, Math.max(1, Math.min(Number(left) + 1, 250))); })]);
        clearTimeout(timer);
      }
      stop.abort();
    }
  } catch {
    owner = false;
  }
  const timer = setTimeout(lost, waitMs);
  let kept: [string, number] | [] = [];
  try {
    const value = (await load()) ?? null;
    const ms = value === null ? missingTtlMs : ttlMs;
    if (ms > 0) kept = [JSON.stringify(value), Math.max(1, Math.ceil(ms * (1 - Math.random() * jitter)))];
    return value;
  } finally {
    clearTimeout(timer);
    if (owner) await redis.eval(script.end, 2, lease, key, token, CHANNEL, ...kept).catch(() => {});
  }
}
