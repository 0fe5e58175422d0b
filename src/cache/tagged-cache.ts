import type { Redis } from 'ioredis';
import { isTodo } from '../../kit/base/is-todo.ts';
import type { CacheConfig } from './cache-config.ts';
import { loadThrough } from './cached.ts';
import type { DomainEntry } from './domains.ts';
import { GenericCache, type GenericCacheOptions, jsonOf, millisecondsOf } from './generic-cache.ts';
import type { Stale } from './owed-deletions.ts';
import type { CallOptions } from './redis-calls.ts';
import { isTrouble } from './redis-trouble.ts';

/** What `cached` keeps, and where: a domain, or a key of the caller's own. The functions get the load's arguments. */
export interface CachedOptions<Args extends unknown[]> extends DomainEntry<Args, never[]> {
  ttl: NonNullable<DomainEntry<Args>['ttl']>;
}

/** A value, and where it came from. */
export interface Sourced<T> {
  source: 'cache' | 'database';
  value: T | null;
}

export interface TaggedCacheOptions extends Omit<GenericCacheOptions, 'timeoutMs'> {
  config: CacheConfig;
  /** `Date.now` unless told. */
  now?(): number;
}

/** Values that belong to a domain and go by their tags; and loads that go through the cache. */
export class TaggedCache extends GenericCache {
  readonly config: CacheConfig;
  #now: () => number;

  constructor({ config, now = Date.now, ...options }: TaggedCacheOptions) {
    super({ ...options, timeoutMs: config.timeoutMs });
    this.config = config;
    this.#now = now;
  }

  /**
   * A load that goes through the cache, once for any number of concurrent readers: call it as you would call `load`.
   *
   * @example
   * const listings = cache.cached(domains.listings, (of) => loadListings(mysql, of));
   * await listings({ resourceId: 10 }); // { source: 'database', value: [...] }, and 'cache' the next time
   */
  cached<T, Args extends unknown[]>(
    options: CachedOptions<Args>,
    load: (...args: Args) => Promise<T | null>,
  ): (...args: Args) => Promise<Sourced<T>> {
    const ttl = this.#secondsOf(options.ttl);
    const ttlMs = millisecondsOf(ttl);
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
        keepPlainly: (value) => this.set(key, value, { ttl, strict: false }),
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

  /** The value of a domain, or null where there is none. */
  protected async getOf<T, Args extends unknown[]>(
    { key, tags, domain = 'other' }: CachedOptions<Args>,
    args: Args,
    { strict }: CallOptions = {},
  ): Promise<T | null> {
    const found = await this.read<T>(key(...args), { domain, tags: tags?.(...args), strict });
    return found?.value ?? null;
  }

  /** Deletes, and counts what went. */
  protected async invalidate(stale: Stale, options?: CallOptions): Promise<number> {
    const deleted = await this.invalidator.invalidate(stale, options);
    this.counters.invalidated += deleted;
    return deleted;
  }

  /**
   * Keeps a value of a domain under its tags (lab 09), or plainly where there is no such lab. @returns whether it is
   * kept: not where Redis failed, nor where a tag was invalidated meanwhile.
   */
  protected async keepOf<Args extends unknown[]>(
    entry: CachedOptions<Args>,
    args: Args,
    value: unknown,
    { strict }: CallOptions = {},
  ): Promise<boolean> {
    const { invalidation } = this.labs;
    const key = entry.key(...args);
    const tags = [...(entry.tags?.(...args) ?? [])];
    const ttl = this.#secondsOf(entry.ttl);
    jsonOf(key, value);
    if (!invalidation || tags.length === 0) return this.set(key, value, { ttl, strict });
    const what = `keepTagged of ${key}`;
    const kept = await this.calls.ask(
      what,
      async (redis) => {
        try {
          const generation = await invalidation.readGeneration({ redis }, tags);
          const tagged = { key, value, tags, ttlMs: millisecondsOf(ttl) };
          return await invalidation.keepTagged({ redis }, tagged, generation);
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

  #secondsOf(ttl: CachedOptions<never>['ttl']): number {
    return typeof ttl === 'number' ? ttl : this.config.ttl[ttl];
  }
}
