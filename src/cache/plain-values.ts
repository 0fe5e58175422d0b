import type { Redis } from 'ioredis';
import type { Domain } from './cache-counters.ts';
import type { CacheParts } from './cache-parts.ts';
import { jsonOf } from './json-of.ts';
import { ReadsAtOnce } from './reads-at-once.ts';
import type { CallOptions } from './redis-calls.ts';

export interface SetOptions extends CallOptions {
  /** Time to live, seconds; default for ever. */
  ttl?: number;
  /** Only where the key is not there. */
  nx?: boolean;
  /** Only where the key is there. */
  xx?: boolean;
}

/** A value that was there, an empty list and null included. */
export interface Found<T> {
  value: T;
}

/**
 * Values as JSON under keys that the caller names. Where Redis fails, a read is a miss and a write is refused: counted,
 * logged, never thrown, unless the call is `strict`.
 */
export class PlainValues {
  #parts: CacheParts;
  #reads = new ReadsAtOnce();

  constructor(parts: CacheParts) {
    this.#parts = parts;
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
    const reply = await this.#parts.calls.ask(
      `SET ${name}`,
      (redis) => redis.call('SET', name, json, ...args),
      {
        strict,
        otherwise: 'refused',
      },
    );
    if (reply === 'OK' || reply === 'refused') this.#parts.counters.wrote(reply === 'OK');
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
    return this.#parts.invalidator.invalidate({ keys: keys.map(keyOf), tags: [] });
  }

  /**
   * How many of the keys are there, as EXISTS counts: one that is named twice counts twice. 0 where Redis fails.
   *
   * @example await cache.exists('greeting', 'farewell', 'nothing') // 2
   */
  async exists(...keys: string[]): Promise<number> {
    const { calls, invalidator } = this.#parts;
    const names = keys.map(keyOf);
    const readable: string[] = [];
    for (const name of names) if (await invalidator.mayRead(name, [])) readable.push(name);
    if (readable.length === 0) return 0;
    const what = `EXISTS ${readable.length === 1 ? readable[0] : `of ${readable.length} keys`}`;
    return calls.ask(what, (redis) => redis.exists(...readable), { otherwise: 0 });
  }

  /** Lets a key live for `seconds` from now. @returns whether it was there. */
  async expire(key: string, seconds: number, options: CallOptions = {}): Promise<boolean> {
    const name = keyOf(key);
    const ms = millisecondsOf(seconds);
    if (!(await this.#parts.invalidator.mayRead(name, []))) return false;
    const ask = this.#parts.calls.ask(`PEXPIRE ${name}`, (redis) => redis.pexpire(name, ms), {
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
    const mayCount = await this.#parts.invalidator.mayRead(name, []);
    const count = (redis: Redis) =>
      // Nobody may count on from a number whose deletion is pending.
      mayCount
        ? redis.incrby(name, by)
        : Promise.reject(new Error('Connection is lost: a deletion is pending.'));
    const sum = await this.#parts.calls.ask(`INCRBY ${name}`, count, { ...options, otherwise: null });
    this.#parts.counters.wrote(sum !== null);
    return sum;
  }

  /** A read that is counted in its domain. What is not JSON is a miss too: somebody else wrote it. */
  async read<T>(
    key: string,
    { domain, tags = [], ...options }: CallOptions & { domain: Domain; tags?: readonly string[] },
  ): Promise<Found<T> | null> {
    const found = await this.peek<T>(key, { ...options, tags });
    if (found) this.#parts.counters.hit(domain);
    else this.#parts.counters.miss(domain);
    return found;
  }

  /** A read that is not counted. */
  async peek<T>(
    key: string,
    { tags, ...options }: CallOptions & { tags: readonly string[] },
  ): Promise<Found<T> | null> {
    if (!(await this.#parts.invalidator.mayRead(key, tags))) return null;
    const text = await this.#parts.calls.ask(`GET ${key}`, (redis) => this.#reads.get(redis, key), {
      ...options,
      otherwise: null,
    });
    if (text === null) return null;
    try {
      return { value: JSON.parse(text) as T };
    } catch (error) {
      this.#parts.calls.failed(`GET ${key}`, error);
      return null;
    }
  }
}

function keyOf(key: string): string {
  if (typeof key === 'string' && key !== '') return key;
  throw new TypeError(`A key is a text that is not empty, not ${JSON.stringify(key) ?? String(key)}.`);
}

/** @example millisecondsOf(1.5) // 1500 */
export function millisecondsOf(seconds: number): number {
  const ms = Math.round(seconds * 1000);
  if (Number.isSafeInteger(ms) && ms > 0) return ms;
  throw new RangeError(`A time to live is a number of seconds above 0, not ${seconds}.`);
}
