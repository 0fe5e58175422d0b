import type { Order } from '../../src/contracts/order.ts';
import { deadline } from '../shared/deadline.ts';
import { CommitUnknown } from '../shared/mysql-errors.ts';
import { Refusal } from '../shared/refusal.ts';
import { addOrder, type NewOrder } from './commands/add-order.ts';
import { deleteOrder } from './commands/delete-order.ts';
import { needs } from './labs/shop-labs.ts';
import { unknownOutcome } from './problem-of.ts';
import { findOrder } from './queries/list-orders.ts';
import type { ShopContext } from './shop-context.ts';

/** How a change went. */
export interface Changed<T> {
  value: T;
  /** Whether Redis has it too; where not, the sync brings it. */
  inRedis: boolean;
}

/** Milliseconds that a change may take before the client is told that nobody knows. */
const patience = 20_000;

/**
 * Records an order: MySQL first, in a transaction, then Redis.
 *
 * @throws LabNotSolved (nothing is changed then), Refusal, MysqlAway
 * @example await placeOrder(shop, { userId: 1, items: [{ productId: 3, quantity: 2 }] })
 */
export async function placeOrder(shop: ShopContext, order: NewOrder): Promise<Changed<Order>> {
  const stub = shop.labs.missing(needs.addOrders);
  if (stub) throw stub;
  return deadline(place(shop, order), patience, unknownOutcome);
}

async function place({ mysql, sync, orders }: ShopContext, wanted: NewOrder): Promise<Changed<Order>> {
  let lock: { id: number; release(): void } | undefined;
  try {
    const beforeCommit = async (id: number) => {
      lock?.release();
      lock = { id, release: await sync.lockOrder(id) };
    };
    const order = await addOrder(mysql, wanted, { beforeCommit });
    return { value: order, inRedis: await sync.write(order.id, (redis) => orders.put(redis, order)) };
  } catch (error) {
    if (error instanceof CommitUnknown && lock) sync.lost(lock.id, lostSentence(lock.id));
    throw error;
  } finally {
    lock?.release();
  }
}

/**
 * Deletes an order: MySQL first, then Redis, which hands the order as it was to lab 05.
 *
 * @throws LabNotSolved (nothing is changed then), Refusal UNKNOWN_ORDER, MysqlAway
 */
export async function removeOrder(shop: ShopContext, id: number): Promise<Changed<number>> {
  const stub = shop.labs.missing(needs.deleteOrders);
  if (stub) throw stub;
  return deadline(remove(shop, id), patience, unknownOutcome);
}

async function remove({ mysql, sync, orders }: ShopContext, id: number): Promise<Changed<number>> {
  // Looked for before it is locked: an order that can be seen has been committed, so its lock was taken first by whoever added it.
  if (!(await findOrder(mysql, id))) throw new Refusal('UNKNOWN_ORDER', `There is no order ${id}.`);
  const release = await sync.lockOrder(id);
  try {
    await deleteOrder(mysql, id);
    return { value: id, inRedis: await sync.write(id, (redis) => orders.remove(redis, id)) };
  } catch (error) {
    if (error instanceof CommitUnknown) sync.lost(id, lostSentence(id));
    throw error;
  } finally {
    release();
  }
}

const lostSentence = (id: number): string => `MySQL went away while order ${id} was changed.`;
