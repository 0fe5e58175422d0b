import type { Redis } from 'ioredis';
import type { Pool } from 'mysql2/promise';

/**
 * What every lab function takes first. A function names the part it needs:
 * `addOrderToRedis({ redis }: Pick<LabContext, 'redis'>, order)`.
 */
export interface LabContext {
  /** An ioredis client of the store's Redis. */
  redis: Redis;
  /** A mysql2/promise pool on the store's schema. Decimals arrive as strings: `'1999.99'`. */
  mysql: Pool;
  /** The time in milliseconds since 1970. Ask it rather than `Date.now()`: a check moves it. */
  now(): number;
}
