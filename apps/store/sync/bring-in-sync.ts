import type { Redis } from 'ioredis';
import type { Pool } from 'mysql2/promise';
import type { ChosenLabs } from '../labs/choose-labs.ts';
import { needs } from '../labs/shop-labs.ts';
import { differences } from './compare-orders.ts';
import type { OrdersInRedis } from './orders-in-redis.ts';
import type { LockKey } from './per-key-lock.ts';
import { repairIndex } from './repair-index.ts';

/** What a sync works with. */
export interface BringInSync {
  mysql: Pool;
  /** The pool that the labs' functions are given. */
  labMysql: Pool;
  labs: ChosenLabs;
  orders: OrdersInRedis;
  lockOrder: LockKey;
}

/**
 * Makes Redis hold what MySQL holds, whatever is there: lab 01's sync brings what its marker says is new; every order
 * is then compared, and copied or removed where it differs; lab 05 counts the sales anew.
 *
 * @throws LabNotSolved, LabFailed; Error where an order still differs after its repair
 */
export async function bringInSync(
  { mysql, labMysql, labs, orders, lockOrder }: BringInSync,
  redis: Redis,
): Promise<void> {
  const stub = labs.missing(needs.sync);
  if (stub) throw stub;
  await labs.call.syncAllOrdersToRedis({ mysql: labMysql, redis });
  const repaired = new Set<number>();
  for await (const id of differences({ mysql, redis })) {
    repaired.add(id);
    const release = await lockOrder(id);
    try {
      // Lab 05 counts all sales anew below, whatever it finds.
      await orders.copy(redis, id, { sales: false });
    } finally {
      release();
    }
  }
  if (repaired.size > 0) await lookAgain({ mysql, redis }, repaired);
  await repairIndex({ mysql, redis });
  if (!labs.missing(needs.sales)) await labs.call.rebuildSales({ mysql: labMysql, redis });
}

async function lookAgain(servers: { mysql: Pool; redis: Redis }, repaired: Set<number>): Promise<void> {
  for await (const id of differences(servers)) {
    // One that differs for the first time changed just now: whoever changed it has noted it.
    if (!repaired.has(id)) continue;
    throw new Error(`order:${id} differs from MySQL, also after addOrderToRedis or deleteOrderFromRedis.`);
  }
}
