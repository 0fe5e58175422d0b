import type { Pool } from 'mysql2/promise';
import type { CacheService } from '../cache-service.ts';
import type { Invalidation } from '../invalidation.ts';
import type { Leaderboard } from '../leaderboard.ts';

/** What every route works with. */
export interface Game {
  mysql: Pool;
  cache: CacheService;
  /** What the chosen labs implement beyond the cache service's own. */
  labs: {
    invalidateSale?: Invalidation['invalidateSale'];
    leaderboard?: Pick<Leaderboard, 'getLeaderboard' | 'refreshLeaderboard'>;
  };
  /** ms since 1970 */
  now(): number;
  say(sentence: string): void;
}
