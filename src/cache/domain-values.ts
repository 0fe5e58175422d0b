import type { Redis } from 'ioredis';
import { secondsOf } from './cache-config.ts';
import type { CacheParts } from './cache-parts.ts';
import type { CachedOptions } from './cached.ts';
import { jsonOf } from './json-of.ts';
import { callLabInTime } from './lab-call.ts';
import { millisecondsOf, type PlainValues } from './plain-values.ts';
import type { CallOptions } from './redis-calls.ts';
import type { Stale } from './stale.ts';

/** Values that belong to a domain: counted there, kept under its tags for its time, and invalidated with it. */
export class DomainValues {
  #parts: CacheParts;
  #plain: PlainValues;

  constructor(parts: CacheParts, plain: PlainValues) {
    this.#parts = parts;
    this.#plain = plain;
  }

  /**
   * The value of a domain, or null where there is none.
   *
   * @example const items: InventoryItem[] | null = await values.get(domains.inventory, [7]);
   */
  async get<T, Args extends unknown[]>(
    { key, tags, domain = 'other' }: CachedOptions<Args>,
    args: Args,
    { strict }: CallOptions = {},
  ): Promise<T | null> {
    const found = await this.#plain.read<T>(key(...args), { domain, tags: tags?.(...args), strict });
    return found?.value ?? null;
  }

  /**
   * Keeps a value of a domain under its tags (lab 09), or plainly where there is no such lab. @returns whether it is
   * kept: not where Redis failed, nor where a tag was invalidated meanwhile.
   *
   * @example await values.set(domains.inventory, [7], items) // true
   */
  async set<Args extends unknown[]>(
    entry: CachedOptions<Args>,
    args: Args,
    value: unknown,
    { strict }: CallOptions = {},
  ): Promise<boolean> {
    const { calls, labs, counters, config } = this.#parts;
    const { invalidation } = labs;
    const key = entry.key(...args);
    const tags = [...(entry.tags?.(...args) ?? [])];
    const ttl = secondsOf(entry.ttl, config);
    jsonOf(key, value);
    if (!invalidation || tags.length === 0) return this.#plain.set(key, value, { ttl, strict });
    const keepTagged = async (redis: Redis) => {
      const generation = await invalidation.readGeneration({ redis }, tags);
      return invalidation.keepTagged({ redis }, { key, value, tags, ttlMs: millisecondsOf(ttl) }, generation);
    };
    const outcome = await callLabInTime(calls, `keepTagged of ${key}`, keepTagged, {
      strict,
      timeoutMs: calls.timeoutMs * 2,
    });
    if (outcome === 'code failed') return this.#plain.set(key, value, { ttl, strict });
    const reached = outcome !== 'Redis failed';
    counters.wrote(reached);
    return reached && outcome.value === true;
  }

  /** Gives a value its whole time to live again. @returns whether it was there */
  async refresh<Args extends unknown[]>(
    { key, ttl }: CachedOptions<Args>,
    args: Args,
    options?: CallOptions,
  ): Promise<boolean> {
    return this.#plain.expire(key(...args), secondsOf(ttl, this.#parts.config), options);
  }

  /** Deletes what is stale. @returns how many keys went */
  async invalidate(stale: Stale, options?: CallOptions): Promise<number> {
    const { invalidator, counters } = this.#parts;
    const deleted = await invalidator.invalidate(stale, options);
    counters.invalidated += deleted;
    return deleted;
  }
}
