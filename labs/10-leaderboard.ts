import type { LabContext } from '../src/lab/context.ts';
import type { Step } from '../src/lab/steps.ts';
import type { Earning, Leaderboard, LeaderboardRow, RefreshOptions } from '../src/market/leaderboard.ts';

export async function loadLeaderboard(
  { mysql }: Pick<LabContext, 'mysql'>,
  { limit }: { limit: number },
): Promise<LeaderboardRow[]> {
  throw new Error('TODO: write loadLeaderboard in labs/10-leaderboard.ts');
}

export async function refreshLeaderboard(
  { redis, mysql }: Pick<LabContext, 'redis' | 'mysql'>,
  { limit, ttlMs, lockMs = 30_000 }: RefreshOptions,
): Promise<boolean> {
  throw new Error('TODO: write refreshLeaderboard in labs/10-leaderboard.ts');
}

export async function getLeaderboard(
  { redis }: Pick<LabContext, 'redis'>,
  { limit }: { limit: number },
): Promise<LeaderboardRow[] | null> {
  throw new Error('TODO: write getLeaderboard in labs/10-leaderboard.ts');
}

export async function recordEarning(
  { redis }: Pick<LabContext, 'redis'>,
  { saleId, playerId, login, earned }: Earning,
): Promise<void> {
  throw new Error('TODO: write recordEarning in labs/10-leaderboard.ts');
}

export async function getLiveLeaderboard(
  { redis }: Pick<LabContext, 'redis'>,
  { limit }: { limit: number },
): Promise<LeaderboardRow[]> {
  throw new Error('TODO: write getLiveLeaderboard in labs/10-leaderboard.ts');
}

export async function rebuildLiveLeaderboard({
  redis,
  mysql,
  now,
}: Pick<LabContext, 'redis' | 'mysql' | 'now'>): Promise<number> {
  throw new Error('TODO: write rebuildLiveLeaderboard in labs/10-leaderboard.ts');
}

export const steps: Step<Leaderboard>[] = [];
