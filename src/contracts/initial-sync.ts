import type { LabContext } from '../lab/context.ts';

/** How a start of the store manager went. */
export interface StartReport {
  /** Attempts until MySQL answered, 1 where it answered at once; null where it never did. */
  attempts: number | null;
  /** Orders available in Redis after the sync; null where the sync failed. */
  orders: number | null;
  /** Why the sync failed, in a sentence; null where it did not. */
  warning: string | null;
}

/** How long to wait for MySQL. */
export interface WaitOptions {
  /** Attempts before giving up, default 30. */
  retries?: number;
  /** Milliseconds between two attempts, default 2000. */
  delayMs?: number;
}

/** What lab 01 implements and the store manager needs: the start, in order. */
export interface InitialSync {
  /**
   * Asks MySQL (`SELECT 1`) until it answers, `delayMs` apart; no pause before the first attempt or after the last.
   *
   * @returns the attempts used, 1 where it answered at once.
   * @throws MysqlUnavailable (by its `name`) when `retries` attempts failed.
   */
  waitForMysql(ctx: Pick<LabContext, 'mysql'>, options?: WaitOptions): Promise<number>;

  /**
   * Copies to Redis the orders that are not there yet: a hash `order:<id>` each, with `id`, `user_id`,
   * `total_amount` (exact: `'1999.99'`), `items_count`, `item_0_product_id`, `item_0_quantity`, ... Reads by pages,
   * writes by pipelines, and keeps its marker in Redis, moved only over what is surely there.
   *
   * @returns the number of orders available in Redis, those included that were cancelled in MySQL and stayed.
   * @throws the error of MySQL or of Redis; what was not written comes with the next sync.
   * @example await syncAllOrdersToRedis({ mysql, redis }) // 10
   */
  syncAllOrdersToRedis(ctx: Pick<LabContext, 'mysql' | 'redis'>): Promise<number>;

  /**
   * Starts the store manager: waits for MySQL, syncs once, then calls `listen` once, which starts the HTTP server.
   * A failing sync warns, and the server starts all the same.
   */
  startStoreManager(
    ctx: Pick<LabContext, 'mysql' | 'redis'>,
    options: WaitOptions & {
      /** Starts the HTTP server; resolves once it accepts requests. */
      listen(): Promise<void>;
    },
  ): Promise<StartReport>;
}
