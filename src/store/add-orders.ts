import type { LabContext } from '../lab/context.ts';
import type { Order } from './order.ts';

/** What lab 03 implements and the shop needs: writing one order to Redis. */
export interface AddOrders {
  /** One HSET a field, each awaited: kept to be measured against the other, never used by the shop. */
  addOrderToRedisFieldByField(ctx: Pick<LabContext, 'redis'>, order: Order): Promise<void>;

  /** Makes the hash `order:<id>` hold this order and nothing else, for every reader at once, in one round trip. */
  addOrderToRedis(ctx: Pick<LabContext, 'redis'>, order: Order): Promise<void>;
}
