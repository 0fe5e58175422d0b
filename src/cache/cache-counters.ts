/** What the service keeps, by what it is for. */
export type Domain =
  | 'environment'
  | 'listings'
  | 'leaderboard'
  | 'inventory'
  | 'recipes'
  | 'sessions'
  | 'other';

/** Reads of one domain. */
export interface Reads {
  hits: number;
  misses: number;
  /** Of 100 reads, how many were hits, with two decimals; null where nothing was read. */
  hitRate: number | null;
}

/** Counts what this service did, since it began. */
export class CacheCounters {
  /** Values written. */
  writes = 0;
  /** Values that could not be written because Redis failed. */
  refusedWrites = 0;
  /** Keys deleted by an invalidation. */
  invalidated = 0;
  #reads = new Map<Domain, { hits: number; misses: number }>();

  hit(domain: Domain): void {
    this.#of(domain).hits++;
  }

  miss(domain: Domain): void {
    this.#of(domain).misses++;
  }

  wrote(done: boolean): void {
    if (done) this.writes++;
    else this.refusedWrites++;
  }

  /** All reads together, but sessions: Redis is where they live, so that a look-up is no hit of a cache. */
  get reads(): Reads {
    let [hits, misses] = [0, 0];
    for (const [domain, counted] of this.#reads) {
      if (domain === 'sessions') continue;
      hits += counted.hits;
      misses += counted.misses;
    }
    return readsOf(hits, misses);
  }

  get domains(): Partial<Record<Domain, Reads>> {
    return Object.fromEntries(
      [...this.#reads].map(([domain, { hits, misses }]) => [domain, readsOf(hits, misses)]),
    );
  }

  #of(domain: Domain): { hits: number; misses: number } {
    let counted = this.#reads.get(domain);
    if (!counted) {
      counted = { hits: 0, misses: 0 };
      this.#reads.set(domain, counted);
    }
    return counted;
  }
}

/** @example readsOf(2, 1) // { hits: 2, misses: 1, hitRate: 66.67 } */
export function readsOf(hits: number, misses: number): Reads {
  const all = hits + misses;
  return { hits, misses, hitRate: all === 0 ? null : Math.round((hits / all) * 10_000) / 100 };
}
