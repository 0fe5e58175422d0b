import type { Redis } from 'ioredis';
import { CacheCounters, type Domain } from './cache-counters.ts';
import { Invalidator } from './invalidator.ts';
import type { CacheLabs } from './market-labs.ts';
import { type CallOptions, RedisCalls } from './redis-calls.ts';

export interface SetOptions extends CallOptions {
  /** Time to live in seconds; kept until it is deleted unless told. */
  ttl?: number;
  /** Only where the key is not there. */
  nx?: boolean;
  /** Only where the key is there. */
  xx?: boolean;
}

export interface GenericCacheOptions {
  /** A client that is the service's own: `close()` ends it. */
  redis: Redis;
  labs?: CacheLabs;
  timeoutMs: number;
  log(sentence: string): void;
  /** Every call throws CacheUnavailable where Redis fails. */
  strict?: boolean;
}

/** A value that was there, an empty list and null included. */
export interface Found<T> {
  value: T;
}

/**
 * Values as JSON under keys that the caller names. Where Redis fails, a read is a miss and a write is refused: counted,
 * logged, never thrown, unless the call is `strict`.
 */
export class GenericCache {
  protected readonly calls: RedisCalls;
  protected readonly counters = new CacheCounters();
  protected readonly invalidator: Invalidator;
  protected readonly labs: CacheLabs;

  constructor({ redis, labs = {}, timeoutMs, log, strict }: GenericCacheOptions) {
    this.labs = labs;
    this.calls = new RedisCalls({ redis, timeoutMs, log, strict });
    this.invalidator = new Invalidator(this.calls, labs);
    redis.on('ready', this.#payOwed);
  }

  /**
   * Keeps a value. @returns whether it was written: not where `nx` or `xx` forbids it, nor where Redis failed.
   *
   * @example await cache.set('greeting', { text: 'hello' }, { ttl: 60, nx: true }) // true
   */
  async set(key: string, value: unknown, options: SetOptions = {}): Promise<boolean> {
    const { ttl, nx = false, xx = false, strict } = options;
    const name = keyOf(key);
    const json = jsonOf(name, value);
    if (nx && xx) throw new TypeError(`set of ${name}: nx and xx exclude one another.`);
    const args: (string | number)[] = [];
    if (ttl !== undefined) args.push('PX', millisecondsOf(ttl));
    if (nx || xx) args.push(nx ? 'NX' : 'XX');
    const reply = await this.calls.ask(`SET ${name}`, (redis) => redis.call('SET', name, json, ...args), {
      strict,
      otherwise: 'refused',
    });
    if (reply === 'OK' || reply === 'refused') this.counters.wrote(reply === 'OK');
    return reply === 'OK';
  }

  /** The value, or null where there is none. An empty list, 0, '' and false are values: compare with null. */
  async get<T = unknown>(key: string, options: CallOptions = {}): Promise<T | null> {
    return (await this.find<T>(key, options))?.value ?? null;
  }

  /** As `get`, and tells a null that was kept (`{ value: null }`) from nothing (null). */
  find<T = unknown>(key: string, options: CallOptions = {}): Promise<Found<T> | null> {
    return this.read<T>(keyOf(key), { ...options, domain: 'other' });
  }

  /** @returns how many of the keys were there and are gone. */
  async delete(...keys: string[]): Promise<number> {
    if (keys.length === 0) return 0;
    return this.invalidator.invalidate({ keys: keys.map(keyOf), tags: [] });
  }

  async exists(key: string, options: CallOptions = {}): Promise<boolean> {
    const name = keyOf(key);
    if (!(await this.invalidator.mayRead(name, []))) return false;
    const ask = this.calls.ask(`EXISTS ${name}`, (redis) => redis.exists(name), { ...options, otherwise: 0 });
    return (await ask) === 1;
  }

  /** Lets a key live for `seconds` from now. @returns whether it was there. */
  async expire(key: string, seconds: number, options: CallOptions = {}): Promise<boolean> {
    const name = keyOf(key);
    const ms = millisecondsOf(seconds);
    if (!(await this.invalidator.mayRead(name, []))) return false;
    const ask = this.calls.ask(`PEXPIRE ${name}`, (redis) => redis.pexpire(name, ms), {
      ...options,
      otherwise: 0,
    });
    return (await ask) === 1;
  }

  /**
   * Adds to a whole number, from 0 where there is none. @returns the sum, or null where Redis failed or the key holds
   * no number.
   */
  async increment(key: string, by = 1, options: CallOptions = {}): Promise<number | null> {
    const name = keyOf(key);
    if (!Number.isSafeInteger(by)) throw new TypeError(`increment of ${name}: ${by} is not a whole number.`);
    const mayCount = await this.invalidator.mayRead(name, []);
    const count = (redis: Redis) =>
      // From a number whose deletion is owed nobody may count on.
      mayCount
        ? redis.incrby(name, by)
        : Promise.reject(new Error('Connection is lost: a deletion is owed.'));
    const sum = await this.calls.ask(`INCRBY ${name}`, count, { ...options, otherwise: null });
    this.counters.wrote(sum !== null);
    return sum;
  }

  decrement(key: string, by = 1, options: CallOptions = {}): Promise<number | null> {
    return this.increment(key, -by, options);
  }

  /** Whether it is worth asking Redis: the connection stands, and calls are not paused after failures. */
  get reachable(): boolean {
    return this.calls.reachable;
  }

  /** Ends the client; what is called afterwards is a miss or is refused. */
  async close(): Promise<void> {
    const { redis } = this.calls;
    redis.off('ready', this.#payOwed);
    await this.calls.ask('QUIT', () => redis.quit(), { otherwise: null, strict: false }).catch(() => {});
    redis.disconnect();
  }

  /** A read that is counted in its domain. What is not JSON is a miss too: somebody else wrote it. */
  protected async read<T>(
    key: string,
    { domain, tags = [], ...options }: CallOptions & { domain: Domain; tags?: readonly string[] },
  ): Promise<Found<T> | null> {
    const found = await this.peek<T>(key, { ...options, tags });
    if (found) this.counters.hit(domain);
    else this.counters.miss(domain);
    return found;
  }

  /** A read that is not counted. */
  protected async peek<T>(
    key: string,
    { tags, ...options }: CallOptions & { tags: readonly string[] },
  ): Promise<Found<T> | null> {
    if (!(await this.invalidator.mayRead(key, tags))) return null;
    const text = await this.calls.ask(`GET ${key}`, (redis) => redis.get(key), {
      ...options,
      otherwise: null,
    });
    if (text === null) return null;
    try {
      return { value: JSON.parse(text) as T };
    } catch (error) {
      this.calls.failed(`GET ${key}`, error);
      return null;
    }
  }

  #payOwed = (): void => {
    if (this.invalidator.owed.size > 0) void this.invalidator.payOwed();
  };
}

function keyOf(key: string): string {
  if (typeof key === 'string' && key !== '') return key;
  throw new TypeError(`A key is a text that is not empty, not ${JSON.stringify(key) ?? String(key)}.`);
}

/** @throws TypeError where JSON cannot hold the value: nothing was sent then. */
export function jsonOf(key: string, value: unknown): string {
  const json = JSON.stringify(value);
  if (json !== undefined) return json;
  throw new TypeError(`set of ${key}: JSON cannot hold ${typeof value}. Delete the key, or keep null.`);
}

/** @example millisecondsOf(1.5) // 1500 */
export function millisecondsOf(seconds: number): number {
  const ms = Math.round(seconds * 1000);
  if (Number.isSafeInteger(ms) && ms > 0) return ms;
  throw new RangeError(`A time to live is a number of seconds above 0, not ${seconds}.`);
}
