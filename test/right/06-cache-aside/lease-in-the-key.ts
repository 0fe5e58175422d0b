// Another right way: the lock stands in the key itself, as a text that is no JSON: SET NX GET looks and takes in one.
import type { CacheAsideOptions } from '../../../src/contracts/cache-aside.ts';
import type { LabContext } from '../../../src/lab/context.ts';

/** Puts ARGV[2] in the place of ARGV[1], for ARGV[3] ms; nothing where that is ''. */
const SWAP = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
if ARGV[2] == '' then return redis.call('DEL', KEYS[1]) end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1`;

type Outcome<T> = { value: T | null } | { error: unknown } | 'lost';

class Loading<T> {
  private readonly listeners: ((outcome: Outcome<T>) => void)[] = [];
  private outcome?: Outcome<T>;
  /** Resolves for those who wait: the answer, the error, or that the load is lost. */
  wait(): Promise<Outcome<T>> {
    return new Promise((resolve) => {
      if (this.outcome) resolve(this.outcome);
      else this.listeners.push(resolve);
    });
  }
  settle(outcome: Outcome<T>): void {
    if (this.outcome) return;
    this.outcome = outcome;
    for (const listener of this.listeners) listener(outcome);
  }
}

const loadings = new Map<string, Loading<unknown>>();
let counter = 0;
const origin = `${process.pid}-${process.hrtime.bigint()}-${Math.random()}`;

export async function getOrLoad<T>(
  { redis }: Pick<LabContext, 'redis' | 'now'>,
  key: string,
  load: () => Promise<T | null>,
  options: CacheAsideOptions,
): Promise<T | null> {
  const other = loadings.get(key) as Loading<T> | undefined;
  if (other) {
    const outcome = await other.wait();
    if (outcome === 'lost') return getOrLoad({ redis, now: Date.now }, key, load, options);
    if ('error' in outcome) throw outcome.error;
    return outcome.value;
  }
  const mine = new Loading<T>();
  const leave = () => {
    if (loadings.get(key) === mine) loadings.delete(key);
  };
  loadings.set(key, mine as Loading<unknown>);
  try {
    const value = await read(redis, key, load, options, () => {
      leave();
      mine.settle('lost');
    });
    leave();
    mine.settle({ value });
    return value;
  } catch (error) {
    leave();
    mine.settle({ error });
    throw error;
  }
}

async function read<T>(
  redis: LabContext['redis'],
  key: string,
  load: () => Promise<T | null>,
  { ttlMs, missingTtlMs, jitter, waitMs = 5000 }: CacheAsideOptions,
  lost: () => void,
): Promise<T | null> {
  const lease = `loading ${origin} ${++counter}`;
  let mine = false;
  try {
    for (;;) {
      const text = await redis.set(key, lease, 'PX', waitMs, 'NX', 'GET');
      if (text === null) {
        mine = true;
        break;
      }
      if (!text.startsWith('loading ')) {
        try {
          return JSON.parse(text) as T;
        } catch {
          // The end of what somebody else wrote.
          if ((await redis.eval(SWAP, 1, key, text, lease, waitMs)) === 1) {
            mine = true;
            break;
          }
        }
      } else await new Promise((resolve) => setTimeout(resolve, 8));
    }
  } catch {
    // no Redis: load
  }
  const timer = setTimeout(lost, waitMs);
  const end = async (text: string, ms: number) => {
    clearTimeout(timer);
    if (mine) await redis.eval(SWAP, 1, key, lease, text, ms).catch(() => {});
  };
  try {
    const value = await load();
    const longest = value === null || value === undefined ? (missingTtlMs ?? ttlMs) : ttlMs;
    const ms = longest - Math.floor(Math.random() * longest * (jitter ?? 0.1));
    await (longest === 0 ? end('', 0) : end(JSON.stringify(value ?? null), ms));
    return value ?? null;
  } catch (error) {
    await end('', 0);
    throw error;
  }
}
