import type { Redis } from 'ioredis';
import type { Pool } from 'mysql2/promise';
import type { Order } from '../../../src/contracts/order.ts';
import { inTransaction } from '../../shared/in-transaction.ts';
import type { ChosenLabs } from '../labs/choose-labs.ts';
import { needs } from '../labs/shop-labs.ts';
import { findOrder } from '../queries/list-orders.ts';

/** Writes orders to Redis by the functions of the labs. */
export interface OrdersInRedis {
  /** Labs 03 and 05: the hash, then the sale. */
  put(redis: Redis, order: Order, options?: CountSales): Promise<void>;
  /** Lab 04, which hands the order as it was to lab 05. */
  remove(redis: Redis, id: number, options?: CountSales): Promise<void>;
  /** Whichever of the two MySQL asks for now. The order's row stays locked meanwhile, also against other processes. */
  copy(redis: Redis, id: number, options?: CountSales): Promise<void>;
}

/** Whether lab 05 is told; default true, and never while it is a stub. */
export interface CountSales {
  sales?: boolean;
}

/** @example await ordersInRedis(mysql, labs).copy(redis, 101) */
export function ordersInRedis(mysql: Pool, { call, missing }: ChosenLabs): OrdersInRedis {
  const counts = ({ sales = true }: CountSales) => sales && !missing(needs.sales);
  const put = async (redis: Redis, order: Order, options: CountSales = {}) => {
    await call.addOrderToRedis({ redis }, order);
    if (counts(options)) await call.recordSale({ redis }, order);
  };
  const remove = async (redis: Redis, id: number, options: CountSales = {}) => {
    const revert = { onDeleted: (order: Order) => call.revertSale({ redis }, order) };
    await call.deleteOrderFromRedis({ redis }, id, counts(options) ? revert : {});
  };
  return {
    put,
    remove,
    copy: (redis, id, options) =>
      inTransaction(mysql, async (connection) => {
        const order = await findOrder(connection, id, { lock: true });
        await (order ? put(redis, order, options) : remove(redis, id, options));
      }),
  };
}
