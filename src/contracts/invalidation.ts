import type { LabContext } from '../lab/context.ts';

/** A sale on the market. */
export interface Sale {
  resourceId: number;
  buyerId: number;
  sellerId: number;
}

/** A value to keep, the tags under which it is found again, and how long it may live. */
export interface TaggedEntry {
  /** `market:listings:active:10` */
  key: string;
  /** Kept as JSON. */
  value: unknown;
  /** What it was made of: `['listings:10', 'listings']`. */
  tags: string[];
  ttlMs: number;
}

/** What a listener is told. */
export type InvalidationEvent =
  /** These tags were invalidated, by whichever process. */
  | { tags: string[] }
  /** This key reached the end of its time to live. */
  | { expired: string }
  /** The connection was lost and is back: what was said meanwhile nobody will ever say again. */
  | { missed: true };

/** What lab 09 implements and the cache service needs: what is kept goes when what it was made of changes. */
export interface Invalidation {
  /**
   * To be read before a load, in one round trip: it says which generation of these tags the load will see. All who ask
   * get the same text, until one of the tags is invalidated or Redis loses what it knew of it; for half a minute at
   * least, as long as a load may take. No text ever comes back.
   *
   * @example await readGeneration(lab, ['listings:10', 'listings']) // '{"listings:10":"b3e1…","listings":"90c4…"}'
   */
  readGeneration(ctx: Pick<LabContext, 'redis'>, tags: string[]): Promise<string>;

  /**
   * Keeps a value (JSON) for `ttlMs` under its key and notes its tags. `generation` is what `readGeneration` gave for
   * these tags before the value was loaded: where one of them was invalidated since, or where nobody knows any more,
   * nothing is kept. Other tags do not matter.
   *
   * @returns whether it was kept.
   */
  keepTagged(ctx: Pick<LabContext, 'redis'>, entry: TaggedEntry, generation: string): Promise<boolean>;

  /**
   * Deletes everything that was kept under one of these tags in one step, without a look at the other keys of the
   * database, makes loads that began before it worthless, and tells every process that listens: also where nothing was
   * deleted, since somebody may have a copy. The message is the JSON list of the tags, on `market:invalidated`, and it
   * goes out in the same step. For no tags it does nothing, sends nothing, and resolves to 0.
   *
   * @returns how many keys of values were really deleted.
   */
  invalidateTags(ctx: Pick<LabContext, 'redis'>, tags: string[]): Promise<number>;

  /**
   * Invalidates what a sale changes, in one step: the listings of its resource, the list of all, both inventories and
   * the leaderboard. The tags of a sale of resource 10 by player 7 to player 1: `listings:10`, `listings:all`,
   * `inventory:1`, `inventory:7`, `leaderboard`.
   *
   * @returns how many keys of values were really deleted.
   */
  invalidateSale(ctx: Pick<LabContext, 'redis'>, sale: Sale): Promise<number>;

  /**
   * Listens on a connection of its own for as long as `during` runs. `during` is called once, as soon as nothing can be
   * missed any more; when it settles the listening ends, its connection closes, and nothing more is told.
   *
   * `onEvent` is told, one after the other, of the tags of each message on `market:invalidated`, of each key that
   * expires in the client's database, `redis.options.db` (Redis tells that with `notify-keyspace-events Ex`), and of a connection that was
   * lost, each time that it is back and nothing can be missed any more. A message that is not a JSON list of strings is ignored, and an error of `onEvent` ends
   * nothing.
   *
   * @throws what `during` throws.
   * @example await listen(lab, async (event) => console.log(event), () => untilStopped)
   */
  listen(
    ctx: Pick<LabContext, 'redis'>,
    onEvent: (event: InvalidationEvent) => Promise<void>,
    during: () => Promise<void>,
  ): Promise<void>;
}
