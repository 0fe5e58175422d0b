import type { Redis } from 'ioredis';
import { isTodo } from '../../kit/base/is-todo.ts';
import type { Domain } from './cache-counters.ts';
import { loadThrough } from './cached.ts';
import { GenericCache, type GenericCacheOptions, jsonOf, millisecondsOf } from './generic-cache.ts';
import type { Stale } from './owed-deletions.ts';
import type { CallOptions } from './redis-calls.ts';
import { isTrouble } from './redis-trouble.ts';

/** What `cached` keeps, and where. The functions get the arguments of the load. */
export interface CachedOptions<Args extends unknown[]> {
  key(...args: Args): string;
  /** Time to live, seconds. */
  ttl: number;
  /** By which it is invalidated. */
  tags?(...args: Args): readonly string[];
  /** Where its reads are counted, 'other' unless told. */
  domain?: Domain;
}

/** A value, and where it came from. */
export interface Sourced<T> {
  source: 'cache' | 'database';
  value: T | null;
}

/** Where a value belongs. */
export interface Kept {
  domain: Domain;
  tags: readonly string[];
}

export interface TaggedCacheOptions extends GenericCacheOptions {
  /** `Date.now` unless told. */
  now?(): number;
}

/** Values that belong to a domain and go by their tags; and loads that go through the cache. */
export class TaggedCache extends GenericCache {
  #now: () => number;

  constructor({ now = Date.now, ...options }: TaggedCacheOptions) {
    super(options);
    this.#now = now;
  }

  /**
   * A load that goes through the cache, once for any number of concurrent readers: call it as you would call `load`.
   *
   * @example
   * const listings = cache.cached({ key: (id: number) => keys.listings({ resourceId: id }), ttl: 60 }, loadListings);
   * await listings(10); // { source: 'database', value: [...] }, and 'cache' the next time
   */
  cached<T, Args extends unknown[]>(
    options: CachedOptions<Args>,
    load: (...args: Args) => Promise<T | null>,
  ): (...args: Args) => Promise<Sourced<T>> {
    const ttlMs = millisecondsOf(options.ttl);
    const { domain = 'other' } = options;
    const { calls, labs } = this;
    return async (...args) => {
      const key = options.key(...args);
      const tags = options.tags?.(...args) ?? [];
      const mayRead = await this.invalidator.mayRead(key, tags);
      if (!mayRead) {
        this.counters.miss(domain);
        return { source: 'database', value: await load(...args) };
      }
      // Without a fence lab 06 reads and keeps the key itself.
      const itself = labs.getOrLoad !== undefined && (tags.length === 0 || !labs.invalidation);
      if (!itself) {
        const found = await this.read<T>(key, { domain, tags, strict: false });
        if (found) return { source: 'cache', value: found.value };
      }
      const { value, loaded } = await loadThrough(() => load(...args), {
        calls,
        labs,
        key,
        tags,
        ttlMs,
        now: this.#now,
        readPlainly: () => this.peek<T>(key, { tags, strict: false }),
        keepPlainly: (value) => this.set(key, value, { ttl: options.ttl, strict: false }),
      });
      if (itself) this.counters[loaded ? 'miss' : 'hit'](domain);
      return { source: loaded ? 'database' : 'cache', value };
    };
  }

  /**
   * Runs a lab's function that asks Redis, in bounded time. @returns whether it went well. Where it did not, it is
   * counted and told, unless it is a stub, and the caller does its work in another way.
   *
   * @throws CacheUnavailable where it is strict and Redis failed, rather than the lab
   */
  async byLab(
    name: string,
    run: (redis: Redis) => Promise<unknown>,
    { strict = false }: CallOptions = {},
  ): Promise<boolean> {
    const { calls } = this;
    const timeoutMs = calls.timeoutMs * 10;
    const done = async (redis: Redis) =>
      run(redis).then(
        () => true,
        (error) => {
          if (isTodo(error)) return false;
          throw error;
        },
      );
    try {
      return await calls.ask(name, done, { otherwise: false, strict, timeoutMs });
    } catch (error) {
      if (isTrouble((error as Error).cause)) throw error;
      return false;
    }
  }

  protected async getOf<T>(key: string, kept: Kept, { strict }: CallOptions = {}): Promise<T | null> {
    return (await this.read<T>(key, { ...kept, strict }))?.value ?? null;
  }

  /** Deletes, and counts what went. */
  protected async invalidate(stale: Stale, options?: CallOptions): Promise<number> {
    const deleted = await this.invalidator.invalidate(stale, options);
    this.counters.invalidated += deleted;
    return deleted;
  }

  /**
   * Keeps under tags (lab 09), or plainly where there is no such lab. @returns whether it is kept: not where Redis
   * failed, nor where a tag was invalidated meanwhile.
   */
  protected async keep(
    key: string,
    value: unknown,
    { ttl, strict, tags }: Kept & CallOptions & { ttl: number },
  ): Promise<boolean> {
    const { invalidation } = this.labs;
    jsonOf(key, value);
    if (!invalidation || tags.length === 0) return this.set(key, value, { ttl, strict });
    const what = `keepTagged of ${key}`;
    const entry = { key, value, tags: [...tags], ttlMs: millisecondsOf(ttl) };
    const kept = await this.calls.ask(
      what,
      async (redis) => {
        try {
          const generation = await invalidation.readGeneration({ redis }, [...tags]);
          return await invalidation.keepTagged({ redis }, entry, generation);
        } catch (error) {
          if (isTrouble(error)) throw error;
          this.calls.failed(what, error);
          return 'plainly' as const;
        }
      },
      { strict, otherwise: 'refused' as const, timeoutMs: this.calls.timeoutMs * 2 },
    );
    if (kept === 'plainly') return this.set(key, value, { ttl, strict });
    this.counters.wrote(kept !== 'refused');
    return kept === true;
  }
}
