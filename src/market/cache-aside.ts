import type { LabContext } from '../lab/context.ts';

/** How a value is kept. */
export interface CacheAsideOptions {
  /** Time to live of what was loaded, ms. */
  ttlMs: number;
  /** Time to live of "there is nothing" (`load` resolved to null), ms; `ttlMs` unless told, 0 keeps none. */
  missingTtlMs?: number;
  /** Each time to live is shortened by a random share up to this, so that keys made together do not end together. 0.1 unless told. */
  jitter?: number;
  /** How long a reader waits for the load of another before it loads itself, ms. 5000 unless told. */
  waitMs?: number;
}

/** What lab 06 implements and the cache service needs: loading through the cache. */
export interface CacheAside {
  /**
   * The value of `key`: from Redis where it is there, else from `load`, and then kept. Any number of concurrent
   * readers of one missing key, in one process or in several, cause one load. Values are plain JSON; an empty list, 0,
   * '' and false are values, null is "there is nothing".
   *
   * A `load` that fails is not kept: whoever waited for it gets its error, and the next reader loads again. Where
   * Redis does not answer, the value comes from `load` and nothing is thrown for Redis.
   */
  getOrLoad<T>(
    ctx: Pick<LabContext, 'redis' | 'now'>,
    key: string,
    load: () => Promise<T | null>,
    options: CacheAsideOptions,
  ): Promise<T | null>;
}
