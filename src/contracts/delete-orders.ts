import type { LabContext } from '../lab/context.ts';
import type { Order } from './order.ts';

/** Told of an order that is gone, as it was. */
export interface OnDeleted {
  /** Called once for each order really deleted, also where two delete it at once; after it is gone from Redis. */
  onDeleted?: (order: Order) => Promise<void>;
}

/** What lab 04 implements and the shop needs: deleting orders from Redis. */
export interface DeleteOrders {
  /** Deletes `order:<id>`. @returns whether it was there. */
  deleteOrderFromRedis(ctx: Pick<LabContext, 'redis'>, id: number, options?: OnDeleted): Promise<boolean>;

  /**
   * Deletes one field of `order:<id>` that an order can do without: `created_at`, or one that a reader does not know.
   *
   * @returns whether the field was there.
   * @throws OrderFieldNeeded (by its `name`) for `id`, `user_id`, `total_amount`, `items_count` and the fields of items.
   */
  deleteOrderField(ctx: Pick<LabContext, 'redis'>, id: number, field: string): Promise<boolean>;

  /**
   * Deletes many in one round trip, before the callbacks. No id, no command.
   *
   * @returns how many were there.
   */
  deleteOrdersFromRedis(ctx: Pick<LabContext, 'redis'>, ids: number[], options?: OnDeleted): Promise<number>;
}
