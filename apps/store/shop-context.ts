import type { Pool } from 'mysql2/promise';
import type { ChosenLabs } from './labs/choose-labs.ts';
import type { OrdersInRedis } from './sync/orders-in-redis.ts';
import type { RedisSync } from './sync/sync-status.ts';

/** What every route of the shop works with. */
export interface ShopContext {
  mysql: Pool;
  sync: RedisSync;
  labs: ChosenLabs;
  orders: OrdersInRedis;
  /** Which servers and labs these are, in a sentence for the foot of a page. */
  about: string;
}
