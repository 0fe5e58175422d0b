import type { LabContext } from '../lab/context.ts';

/** One row of the leaderboard. */
export interface LeaderboardRow {
  playerId: number;
  login: string;
  /** Sum of the total prices of what the player sold, in the game's smallest coin. */
  earned: number;
  /** From 1; players with the same sum share a rank, and the ranks after them are left out: 1, 2, 2, 4. */
  rank: number;
}

/** A sale as the live leaderboard is told of it, once it is committed in MySQL. */
export interface Earning {
  saleId: number;
  /** The seller. */
  playerId: number;
  login: string;
  /** Whole coins, 1 at least. */
  earned: number;
}

/** How to refresh. */
export interface RefreshOptions {
  limit: number;
  ttlMs: number;
  /** How long a worker that was killed while it loaded may keep others from loading, ms; default 30 s. */
  lockMs?: number;
}

/**
 * What lab 10 implements and the game needs: who earned most, without asking MySQL each time.
 *
 * Every leaderboard has the most earned first and players with equal sums by their id, 9 before 10. Players who earned
 * nothing are left out. Sums are exact up to Number.MAX_SAFE_INTEGER. A `limit` is a whole number from 1 to 1000, and
 * all else a RangeError before any command. Names of keys begin with `leaderboard:` and are otherwise the lab's own.
 */
export interface Leaderboard {
  /**
   * The first `limit` from MySQL: the truth, and what each of the other ways must agree with.
   *
   * @example await loadLeaderboard({ mysql }, { limit: 2 })
   * // [{ playerId: 4, login: 'dara', earned: 5000000000, rank: 1 }, { playerId: 1, login: 'ada', earned: 600, rank: 2 }]
   */
  loadLeaderboard(ctx: Pick<LabContext, 'mysql'>, options: { limit: number }): Promise<LeaderboardRow[]>;

  /**
   * Loads and keeps it in Redis for `ttlMs`, in place of the one before. Of any number of workers that call it at once
   * one loads, and the others resolve to false without waiting; a call after that loads anew. What readers see meanwhile
   * is the one before: never nothing, never a half. A load that fails is the caller's error, and leaves the one before.
   * A worker that comes back after `lockMs` keeps nothing: what it loaded may be older than what is there.
   *
   * @returns whether what this call loaded is kept.
   */
  refreshLeaderboard(
    ctx: Pick<LabContext, 'redis' | 'mysql' | 'now'>,
    options: RefreshOptions,
  ): Promise<boolean>;

  /**
   * The first `limit` of what is kept; null where nothing is, or no longer, or where it was kept for fewer rows than
   * `limit`. One round trip, never MySQL.
   */
  getLeaderboard(
    ctx: Pick<LabContext, 'redis'>,
    options: { limit: number },
  ): Promise<LeaderboardRow[] | null>;

  /**
   * Adds a sale to the live leaderboard in Redis, in one step. The same `saleId` again changes nothing, however late
   * and however many at once. One round trip.
   *
   * @throws RangeError for an id or a sum that is no whole number from 1 on; nothing was written.
   */
  recordEarning(ctx: Pick<LabContext, 'redis'>, sale: Earning): Promise<void>;

  /** The first `limit` of the live leaderboard, ranks and logins included. Two round trips at most. */
  getLiveLeaderboard(ctx: Pick<LabContext, 'redis'>, options: { limit: number }): Promise<LeaderboardRow[]>;

  /**
   * Makes the live leaderboard anew from MySQL; readers see the one before until the new one is whole. No sale is lost
   * or counted twice: neither one that is told meanwhile, nor one in MySQL that is told later.
   *
   * What is remembered of single sales must not grow for ever. A sale is committed within an hour of its `sold_at`, and
   * ids grow with `sold_at`: of those older than an hour by `now()`, the greatest id says it for all.
   *
   * @returns how many players it holds.
   */
  rebuildLiveLeaderboard(ctx: Pick<LabContext, 'redis' | 'mysql' | 'now'>): Promise<number>;
}
