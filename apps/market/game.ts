import type { Redis } from 'ioredis';
import type { Pool } from 'mysql2/promise';
import type { CacheService } from '../../src/cache/cache-service.ts';
import type { Invalidation } from '../../src/contracts/invalidation.ts';
import type { Leaderboard } from '../../src/contracts/leaderboard.ts';
import type { WriteBehind } from '../../src/contracts/write-behind.ts';
import type { WriteThrough } from '../../src/contracts/write-through.ts';

/** What every route works with. */
export interface Game {
  mysql: Pool;
  cache: CacheService;
  /** The cache service's client, for the functions of labs 07 and 08. Every command is bounded in time. */
  redis: Redis;
  /** What the chosen labs implement beyond the cache service's own. Those of 07 and 08 say what they lack. */
  labs: WriteThrough &
    Omit<WriteBehind, 'flushChanges'> & {
      invalidateSale?: Invalidation['invalidateSale'] | undefined;
      leaderboard: Partial<Leaderboard>;
    };
  /** ms since 1970 */
  now(): number;
  say(sentence: string): void;
}
