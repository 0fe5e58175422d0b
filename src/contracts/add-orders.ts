import type { LabContext } from '../lab/context.ts';
import type { Order } from './order.ts';

/** What lab 03 implements and the shop needs: writing one order to Redis. */
export interface AddOrders {
  /**
   * One HSET a field, each awaited: kept to be measured against the other, never used by the shop.
   *
   * @throws what the other does.
   */
  addOrderToRedisFieldByField(ctx: Pick<LabContext, 'redis'>, order: Order): Promise<void>;

  /**
   * Makes the hash `order:<id>` hold this order and nothing else, for every reader at once, in one round trip. Where
   * the index `orders:index` exists, the id may be added to it; where it does not, it is not made.
   *
   * @throws TypeError, before anything is written, where a value is no id, quantity, amount or date; an error of Redis
   *   as it comes.
   * @example
   * await addOrderToRedis({ redis }, { id: 1, userId: 1, totalAmount: '1999.99', items: [{ productId: 1, quantity: 1 }] });
   */
  addOrderToRedis(ctx: Pick<LabContext, 'redis'>, order: Order): Promise<void>;
}
