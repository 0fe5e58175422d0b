import type { LabContext } from '../lab/context.ts';

/** One row of the leaderboard. */
export interface LeaderboardRow {
  playerId: number;
  login: string;
  /** Sum of the total prices of what the player sold, in the game's smallest coin. */
  earned: number;
  /** From 1; players with the same sum share a rank. */
  rank: number;
}

/** What lab 10 implements and the cache service needs: who earned most, without asking MySQL each time. */
export interface Leaderboard {
  /** The first `limit` from MySQL: the truth, and what each of the other ways must agree with. Ties by player id. */
  loadLeaderboard(ctx: Pick<LabContext, 'mysql'>, options: { limit: number }): Promise<LeaderboardRow[]>;

  /**
   * Loads and keeps it in Redis for `ttlMs`. Of any number of workers that call it at once, one loads; what readers
   * see meanwhile is the one before, never nothing and never a half.
   *
   * @returns whether this call was the one that loaded.
   */
  refreshLeaderboard(
    ctx: Pick<LabContext, 'redis' | 'mysql' | 'now'>,
    options: { limit: number; ttlMs: number },
  ): Promise<boolean>;

  /** What is kept; null where nothing is, or no longer. One round trip, never MySQL. */
  getLeaderboard(
    ctx: Pick<LabContext, 'redis'>,
    options: { limit: number },
  ): Promise<LeaderboardRow[] | null>;

  /** Adds a sale to the live leaderboard (a sorted set); the same `saleId` again changes nothing. */
  recordEarning(
    ctx: Pick<LabContext, 'redis'>,
    sale: { saleId: number; playerId: number; earned: number },
  ): Promise<void>;

  /** The first `limit` of the live leaderboard, ranks and logins included. */
  getLiveLeaderboard(ctx: Pick<LabContext, 'redis'>, options: { limit: number }): Promise<LeaderboardRow[]>;

  /** Makes the live leaderboard anew from MySQL; readers never see a half. @returns how many players it holds. */
  rebuildLiveLeaderboard(ctx: Pick<LabContext, 'redis' | 'mysql'>): Promise<number>;
}
