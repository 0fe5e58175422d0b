import type { LabContext } from '../lab/context.ts';

/** How a value is kept, and how long readers wait for one another. */
export interface CacheAsideOptions {
  /** Time to live of what was loaded, ms: a whole number from 1. A hit does not change when it ends. */
  ttlMs: number;
  /**
   * Time to live of "there is nothing" (`load` resolved to null or undefined), ms; default `ttlMs`. 0 keeps none: then
   * one load serves the concurrent readers of one process, and other processes load for themselves, in turn.
   */
  missingTtlMs?: number;
  /**
   * Each time to live is shortened by a random share from 0 up to this, so that keys made together do not end together:
   * 0.5 lets 60 s become anything from 30 to 60 s. Default 0.1, 0 for none.
   */
  jitter?: number;
  /** How long a load may keep other readers waiting, ms; default 5000. A load that takes longer counts as lost. */
  waitMs?: number;
}

/** What lab 06 implements and the cache service needs: loading through the cache. */
export interface CacheAside {
  /**
   * The value of `key`: from Redis where it is there, in one round trip, else from `load`, and then kept as JSON text
   * under `key` itself. Values are plain JSON. An empty list, 0, '' and false are values like any other; null is
   * "there is nothing", kept as the text `null`. A text that is not JSON, which somebody else wrote, is a miss, and is
   * replaced.
   *
   * Any number of concurrent readers of one missing key, in one process or in several, cause one load; readers of
   * other keys do not wait for it.
   *
   * A `load` that fails keeps nothing. Who waited for it in the same process gets its error; of those who wait in
   * other processes one loads next, at once.
   *
   * A load that takes longer than `waitMs`, or whose process is gone, is lost: exactly one of those who wait, in its own
   * process or in another, loads next, and the others wait for that one. What a lost load still brings is its own caller's answer; it never
   * replaces what a later load kept. Whatever is written to Redis for all this expires by itself, wherever a process
   * is killed.
   *
   * Where Redis does not answer, or refuses, the value comes from `load` (one for the concurrent readers of one
   * process) and nothing is thrown for Redis.
   *
   * Connections that it opens are closed when the call is over, or are one for the whole process.
   *
   * @throws what `load` threw, and nothing else.
   * @example
   * const listings = await getOrLoad({ redis, now }, 'market:listings:active:10', () => listingsOf(10), { ttlMs: 60_000 });
   */
  getOrLoad<T>(
    ctx: Pick<LabContext, 'redis' | 'now'>,
    key: string,
    load: () => Promise<T | null>,
    options: CacheAsideOptions,
  ): Promise<T | null>;
}
