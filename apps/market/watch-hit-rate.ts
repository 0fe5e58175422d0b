import type { CacheStats } from '../../src/cache/cache-stats.ts';

/** Fewer reads than this say little of a hit rate. */
const LEAST_READS = 100;
/** Below this, of 100 reads, the document wants somebody to look. */
const LOW = 50;

/** What is compared between two looks. */
type Counted = Pick<CacheStats, 'hits' | 'misses' | 'domains'>;

/**
 * Looks at the hit rate since the look before, and says where it is low, once a look. The sentence names the part that misses
 * most: its time to live, its invalidations or its keys are what to look at.
 *
 * @returns the look, to be called once an interval.
 * @example
 * const look = watchHitRate(() => cache.reads, console.warn);
 * look(); // 'The cache was asked 400 times and had the answer 120 times (30.00 %), least often in listings (12.50 %). ...'
 */
export function watchHitRate(reads: () => Counted, say: (sentence: string) => void): () => void {
  let before = reads();
  return () => {
    const now = reads();
    const [hits, misses] = [now.hits - before.hits, now.misses - before.misses];
    const parts = Object.entries(now.domains)
      .filter(([domain]) => domain !== 'sessions')
      .map(([domain, counted]) => {
        const earlier = before.domains[domain as keyof Counted['domains']];
        return {
          domain,
          hits: counted.hits - (earlier?.hits ?? 0),
          misses: counted.misses - (earlier?.misses ?? 0),
        };
      });
    before = now;
    if (hits + misses < LEAST_READS || percent(hits, misses) >= LOW) return;
    const worst = parts.reduce((one, other) => (other.misses > one.misses ? other : one));
    say(
      `The cache was asked ${hits + misses} times and had the answer ${hits} times (${percent(hits, misses).toFixed(2)} %); ` +
        `most often it lacked ${worst.domain} (${percent(worst.hits, worst.misses).toFixed(2)} %). ` +
        'Look at their time to live, at what invalidates them, and whether anybody reads one twice: ./lab 13.',
    );
  };
}

const percent = (hits: number, misses: number): number => (100 * hits) / Math.max(1, hits + misses);
