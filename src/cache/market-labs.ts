import type { CacheAside } from '../contracts/cache-aside.ts';
import type { Invalidation } from '../contracts/invalidation.ts';

/**
 * What of the labs the cache service runs on; each may be missing. Without lab 06 every reader that misses loads for
 * itself. Without lab 09 invalidation finds its keys by name or by SCAN, and a load that began before it may be kept
 * after it, until its time to live ends.
 */
export interface CacheLabs {
  /** Lab 06: one load for many readers. */
  getOrLoad?: CacheAside['getOrLoad'];
  /** Lab 09: values by tag, which no load from before an invalidation can bring back. */
  invalidation?: Pick<Invalidation, 'keepTagged' | 'readGeneration' | 'invalidateTags'>;
}
