import type { LabContext } from '../lab/context.ts';
import type { Order } from './order.ts';

/** What lab 02 implements and the shop needs: reading orders from Redis. */
export interface ReadOrders {
  /** The order of the hash `order:<id>`, or null where there is none. */
  getOrderById(ctx: Pick<LabContext, 'redis'>, id: number): Promise<Order | null>;

  /** Keys of all orders, by one KEYS, ascending by id. Other keys that begin with `order:` are not orders. */
  listOrderKeys(ctx: Pick<LabContext, 'redis'>): Promise<string[]>;

  /** The same by SCAN, each key once, without ever holding the server up. `count` is a hint per call, 1000 unless told. */
  scanOrderKeys(ctx: Pick<LabContext, 'redis'>, options?: { count?: number }): Promise<string[]>;

  /** The newest orders, highest id first: at most `limit` (a whole number, 0 gives none). */
  getOrdersFromRedis(ctx: Pick<LabContext, 'redis'>, options: { limit: number }): Promise<Order[]>;
}
