import type { Pool } from 'mysql2/promise';
import type { ChosenLabs } from './labs/choose-labs.ts';
import type { OrdersInRedis } from './level/orders-in-redis.ts';
import type { RedisLevel } from './level/standing.ts';

/** What every route of the shop works with. */
export interface ShopContext {
  mysql: Pool;
  level: RedisLevel;
  labs: ChosenLabs;
  orders: OrdersInRedis;
  /** Which servers and labs these are, in a sentence for the foot of a page. */
  about: string;
}
