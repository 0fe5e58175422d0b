import type { LabContext } from '../lab/context.ts';
import type { Order } from './order.ts';

/** What a user has spent in all. */
export interface Spender {
  userId: number;
  /** Exact: `'10396.96'`. */
  spent: string;
}

/** How often a product was sold. */
export interface BestSeller {
  productId: number;
  /** Sum of the quantities. */
  sold: number;
}

/** What lab 05 implements and the shop needs: the reports. */
export interface BestSellers {
  /** Counts the items of an order as sold, once, however often it is called for this order; all of it or nothing. */
  recordSale(ctx: Pick<LabContext, 'redis'>, order: Order): Promise<void>;

  /** Takes back what `recordSale` counted for this order, once; nothing where it was not counted. */
  revertSale(ctx: Pick<LabContext, 'redis'>, order: Order): Promise<void>;

  /** From the order hashes: most spent first, ties by the smaller user id. `limit` is 10 by default. */
  getHighestSpendingUsers(ctx: Pick<LabContext, 'redis'>, options?: { limit?: number }): Promise<Spender[]>;

  /** From the order hashes: most sold first, ties by the smaller product id; products never sold are left out. */
  getBestSellersFromOrders(
    ctx: Pick<LabContext, 'redis'>,
    options?: { limit?: number },
  ): Promise<BestSeller[]>;

  /** The same from the counters `product_sold:<id>`. */
  getBestSellersFromCounters(
    ctx: Pick<LabContext, 'redis'>,
    options?: { limit?: number },
  ): Promise<BestSeller[]>;

  /** The same from a sorted set, with the products' names (`'#7'` where none is known), in one round trip. */
  getBestSellers(
    ctx: Pick<LabContext, 'redis'>,
    options?: { limit?: number },
  ): Promise<(BestSeller & { name: string })[]>;

  /**
   * Makes counters, sorted set, names and what `recordSale` remembers anew from MySQL: exact, whatever was there.
   * A reader sees the old report or the new one. No sale may be recorded meanwhile.
   */
  rebuildSales(ctx: Pick<LabContext, 'mysql' | 'redis'>): Promise<void>;
}
