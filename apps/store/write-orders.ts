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

async function place({ mysql, level, orders }: ShopContext, wanted: NewOrder): Promise<Changed<Order>> {
  let turn: { id: number; end(): void } | undefined;
  try {
    const beforeCommit = async (id: number) => {
      turn?.end();
      turn = { id, end: await level.takeTurn(id) };
    };
    const order = await addOrder(mysql, wanted, { beforeCommit });
    return { value: order, inRedis: await level.write(order.id, (redis) => orders.put(redis, order)) };
  } catch (error) {
    if (error instanceof CommitUnknown && turn) level.lost(turn.id, lostSentence(turn.id));
    throw error;
  } finally {
    turn?.end();
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

async function remove({ mysql, level, orders }: ShopContext, id: number): Promise<Changed<number>> {
  // Looked for before the turn: an order that can be seen has been committed, so its turn has begun.
  if (!(await findOrder(mysql, id))) throw new Refusal('UNKNOWN_ORDER', `There is no order ${id}.`);
  const end = await level.takeTurn(id);
  try {
    await deleteOrder(mysql, id);
    return { value: id, inRedis: await level.write(id, (redis) => orders.remove(redis, id)) };
  } catch (error) {
    if (error instanceof CommitUnknown) level.lost(id, lostSentence(id));
    throw error;
  } finally {
    end();
  }
}

const lostSentence = (id: number): string => `MySQL went away while order ${id} was changed.`;
