import { secondsOf, type TimeToLive } from './cache-config.ts';
import type { CacheParts } from './cache-parts.ts';
import type { DomainEntry } from './domains.ts';
import { loadThrough } from './load-through.ts';
import { millisecondsOf, type PlainValues } from './plain-values.ts';

/** What is kept, and where: a domain, or a key of the caller's own. The functions get the load's arguments. */
export interface CachedOptions<Args extends unknown[]> extends DomainEntry<Args, never[]> {
  ttl: TimeToLive;
}

/** A value, and where it came from. */
export interface Sourced<T> {
  source: 'cache' | 'database';
  value: T | null;
}

/** A load that goes through the cache: called as the load would be. */
export type CachedLoad<T, Args extends unknown[]> = (...args: Args) => Promise<Sourced<T>>;

/** See `CacheService.cached`. */
export function cachedLoad<T, Args extends unknown[]>(
  { parts, plain }: { parts: CacheParts; plain: PlainValues },
  options: CachedOptions<Args>,
  load: (...args: Args) => Promise<T | null>,
): CachedLoad<T, Args> {
  const { calls, counters, invalidator, labs, config, now } = parts;
  const ttl = secondsOf(options.ttl, config);
  const ttlMs = millisecondsOf(ttl);
  const { domain = 'other' } = options;
  return async (...args) => {
    const key = options.key(...args);
    const tags = options.tags?.(...args) ?? [];
    if (!config.enabled) {
      counters.miss(domain);
      return { source: 'database', value: await load(...args) };
    }
    const mayRead = await invalidator.mayRead(key, tags);
    if (!mayRead) {
      counters.miss(domain);
      return { source: 'database', value: await invalidator.flights.share(key, tags, () => load(...args)) };
    }
    // Without a fence lab 06 reads and keeps the key itself.
    const itself = labs.getOrLoad !== undefined && (tags.length === 0 || !labs.invalidation);
    if (!itself) {
      const found = await plain.read<T>(key, { domain, tags, strict: false });
      if (found) return { source: 'cache', value: found.value };
    }
    const { value, loaded } = await loadThrough(() => load(...args), {
      calls,
      labs,
      flights: invalidator.flights,
      key,
      tags,
      ttlMs,
      now,
      readPlainly: () => plain.peek<T>(key, { tags, strict: false }),
      keepPlainly: (value) => plain.set(key, value, { ttl, strict: false }),
    });
    if (itself) counters[loaded ? 'miss' : 'hit'](domain);
    return { source: loaded ? 'database' : 'cache', value };
  };
}
