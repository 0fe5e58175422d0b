import type { LabContext } from '../lab/context.ts';
import type { Order } from './order.ts';

/** What lab 02 implements and the shop needs: reading orders from Redis. An error of Redis is the caller's, everywhere. */
export interface ReadOrders {
  /**
   * The order of the hash `order:<id>`, in one round trip; null where there is none, or only a half-written one: a
   * field of the order is missing, half of an item, or an item that `items_count` speaks of.
   *
   * @example await getOrderById({ redis }, 1)
   * // { id: 1, userId: 1, totalAmount: '1999.99', items: [{ productId: 1, quantity: 1 }] }
   */
  getOrderById(ctx: Pick<LabContext, 'redis'>, id: number): Promise<Order | null>;

  /** Keys of all orders, by one KEYS, ascending by id. Other keys that begin with `order:` are not orders. */
  listOrderKeys(ctx: Pick<LabContext, 'redis'>): Promise<string[]>;

  /** The same by SCAN, each key once, without ever holding the server up. `count` is a hint per call, default 1000. */
  scanOrderKeys(ctx: Pick<LabContext, 'redis'>, options?: { count?: number }): Promise<string[]>;

  /**
   * The newest orders, highest id first: at most `limit` (0 gives none). Half-written ones are left out. It reads
   * only what it returns, in a few round trips, never by KEYS.
   *
   * @throws RangeError where `limit` is no whole number of at least 0; an error of Redis as it comes.
   */
  getOrdersFromRedis(ctx: Pick<LabContext, 'redis'>, options: { limit: number }): Promise<Order[]>;
}
