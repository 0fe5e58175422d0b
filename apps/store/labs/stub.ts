import { isTodo } from '../../../kit/base/is-todo.ts';
import type { Order } from '../../../src/contracts/order.ts';
import { deadline } from '../../shared/deadline.ts';
import type { LabFunction } from './shop-labs.ts';

/** What a function meets that is not a stub: servers that refuse whatever is asked of them. */
const closed = new Proxy(
  {},
  {
    get() {
      throw new Error('There is no server here: the shop only looks whether this function is written.');
    },
  },
);
const ctx = { redis: closed, mysql: closed, now: () => Date.now() };
const order: Order = { id: 1, userId: 1, totalAmount: '0.10', items: [{ productId: 1, quantity: 1 }] };

const args: Partial<Record<LabFunction, unknown[]>> = {
  startStoreManager: [{ listen: async () => {}, retries: 1, delayMs: 0 }],
  getOrderById: [1],
  getOrdersFromRedis: [{ limit: 1 }],
  addOrderToRedis: [order],
  recordSale: [order],
  revertSale: [order],
  deleteOrderFromRedis: [1],
};

/**
 * Whether a lab's function is still its stub, which throws `TODO: ...` before it does anything. A written one reaches
 * for a server, is given none, and fails in its own way.
 */
export async function isStub(name: LabFunction, fn: (...args: unknown[]) => unknown): Promise<boolean> {
  const tried = (async () => fn(ctx, ...(args[name] ?? [])))().then(
    () => '',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  // A written start warns of the servers that it does not find, which would only confuse here.
  const { warn } = console;
  console.warn = () => {};
  const message = await deadline(tried, 500, () => new Error('still busy')).catch(() => '');
  console.warn = warn;
  return isTodo({ message });
}
