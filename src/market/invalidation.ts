import type { LabContext } from '../lab/context.ts';

/** A sale on the market. */
export interface Sale {
  resourceId: number;
  buyerId: number;
  sellerId: number;
}

/** What lab 09 implements and the cache service needs: what is kept goes when what it was made of changes. */
export interface Invalidation {
  /**
   * Keeps a value (JSON) for `ttlMs` under its key and notes its tags. `generation` is what `readGeneration` gave
   * before the value was loaded: where a tag was invalidated since, nothing is kept.
   *
   * @returns whether it was kept.
   */
  keepTagged(
    ctx: Pick<LabContext, 'redis'>,
    entry: { key: string; value: unknown; tags: string[]; ttlMs: number },
    generation: string,
  ): Promise<boolean>;

  /** To be read before a load: what `keepTagged` compares. One round trip. */
  readGeneration(ctx: Pick<LabContext, 'redis'>, tags: string[]): Promise<string>;

  /**
   * Deletes everything that was kept under one of these tags, never by KEYS, and makes loads that began before it
   * worthless. @returns how many keys were deleted.
   */
  invalidateTags(ctx: Pick<LabContext, 'redis'>, tags: string[]): Promise<number>;

  /**
   * After a sale: the listings of its resource (and the list of all), both inventories and the leaderboard, in one
   * step, and tells every process that listens on `market:invalidated` (a JSON list of tags). The tags of a sale of
   * resource 10 by 1 to 7: `listings:10`, `listings:all`, `inventory:1`, `inventory:7`, `leaderboard`.
   *
   * @returns how many keys were deleted.
   */
  invalidateSale(ctx: Pick<LabContext, 'redis'>, sale: Sale): Promise<number>;

  /**
   * Calls `onInvalidated` with the tags of each message on `market:invalidated`, and with the key of each key that
   * expires (`notify-keyspace-events Ex`), until the function that it resolves to is called.
   */
  listen(
    ctx: Pick<LabContext, 'redis'>,
    onInvalidated: (event: { tags: string[] } | { expired: string }) => Promise<void>,
  ): Promise<() => Promise<void>>;
}
