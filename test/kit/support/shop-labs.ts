// needs: answers
import type { Redis } from 'ioredis';
import type { Pool } from 'mysql2/promise';
import { loadLabs } from '../../../apps/load-labs.ts';
import type { LoadedLab } from '../../../apps/shared/loaded-lab.ts';
import { type LabFunction, labOf, type ShopLabs, shopLabIds } from '../../../apps/store/labs/shop-labs.ts';
import { ordersAfter } from '../../../apps/store/queries/list-orders.ts';
import { findSubmission } from '../../../kit/judge/submission.ts';
import { catalog } from '../../../src/catalog.ts';
import type { Order } from '../../../src/contracts/order.ts';
import { fromCents, toCents } from '../../../src/worlds/store/money.ts';

/** Small, right implementations of what labs 01 to 05 ask for, so that tests of the shop depend on no answer. */
export const simpleLabs: ShopLabs = {
  async startStoreManager({ mysql, redis }, { listen }) {
    let orders: number | null = null;
    try {
      orders = await simpleLabs.syncAllOrdersToRedis({ mysql, redis });
    } catch {}
    await listen();
    return { attempts: 1, orders, warning: null };
  },

  async syncAllOrdersToRedis({ mysql, redis }) {
    let after: number | null = Number((await redis.get('sync:cursor')) ?? 0);
    while (after !== null) {
      const page: Awaited<ReturnType<typeof ordersAfter>> = await ordersAfter(mysql, { after, limit: 100 });
      for (const order of page.rows) await put(redis, order);
      if (page.rows.length > 0) await redis.set('sync:cursor', page.rows.at(-1)!.id);
      after = page.next;
    }
    return (await orderIds(redis)).length;
  },

  async getOrderById({ redis }, id) {
    const hash = await redis.hgetall(`order:${id}`);
    return hash.id ? orderOf(hash) : null;
  },

  async getOrdersFromRedis({ redis }, { limit }) {
    const ids = (await orderIds(redis)).sort((a, b) => b - a).slice(0, limit);
    const found = await Promise.all(ids.map((id) => simpleLabs.getOrderById({ redis }, id)));
    return found.filter((order) => order !== null);
  },

  addOrderToRedis: async ({ redis }, order) => void (await put(redis, order)),

  async deleteOrderFromRedis({ redis }, id, { onDeleted } = {}) {
    const order = await simpleLabs.getOrderById({ redis }, id);
    if ((await redis.del(`order:${id}`)) === 0) return false;
    if (order) await onDeleted?.(order);
    return true;
  },

  async recordSale({ redis }, order) {
    if ((await redis.sadd('sales:counted', order.id)) === 0) return;
    for (const item of order.items) await redis.zincrby('products:sold', item.quantity, item.productId);
  },

  async revertSale({ redis }, order) {
    if ((await redis.srem('sales:counted', order.id)) === 0) return;
    for (const item of order.items) await redis.zincrby('products:sold', -item.quantity, item.productId);
  },

  async rebuildSales({ mysql, redis }) {
    await redis.del('sales:counted', 'products:sold', 'products:names');
    for (const order of await everyOrder(mysql)) await simpleLabs.recordSale({ redis }, order);
    const [products] = await mysql.query('SELECT id, name FROM products');
    for (const { id, name } of products as { id: number; name: string }[])
      await redis.hset('products:names', id, name);
  },

  async getHighestSpendingUsers({ redis }, { limit = 10 } = {}) {
    const cents = new Map<number, number>();
    for (const order of await simpleLabs.getOrdersFromRedis({ redis }, { limit: 1e6 }))
      cents.set(order.userId, (cents.get(order.userId) ?? 0) + toCents(order.totalAmount));
    const sorted = [...cents].sort(([a, x], [b, y]) => y - x || a - b).slice(0, limit);
    return sorted.map(([userId, spent]) => ({ userId, spent: fromCents(spent) }));
  },

  async getBestSellers({ redis }, { limit = 10 } = {}) {
    const flat = await redis.call('ZRANGE', 'products:sold', 0, -1, 'WITHSCORES');
    const pairs = (flat as unknown[]).flat() as string[];
    const sold = pairs.flatMap((id, i) =>
      i % 2 === 0 ? [{ productId: Number(id), sold: Number(pairs[i + 1]) }] : [],
    );
    sold.sort((a, b) => b.sold - a.sold || a.productId - b.productId);
    const names = await redis.hgetall('products:names');
    return sold
      .filter((row) => row.sold > 0)
      .slice(0, limit)
      .map((row) => ({ ...row, name: names[row.productId] ?? '' }));
  },
};

/** Which functions a test's shop runs on. */
export interface TestLabs {
  /** Those of the worked answers, in place of the simple ones. */
  worked?: boolean;
  stubs?: LabFunction[];
  replace?: Partial<Record<LabFunction, unknown>>;
}

/** The labs as the shop loads them: a stub for each function named in `stubs`, those of `replace`, and the rest. */
export async function loadedLabs({
  worked = false,
  stubs = [],
  replace = {},
}: TestLabs): Promise<LoadedLab[]> {
  const answers = worked ? await loadLabs(findSubmission('answers'), shopLabIds) : [];
  return shopLabIds.map((id, i) => {
    const names = (Object.keys(labOf) as LabFunction[]).filter((name) => labOf[name] === id);
    const own = worked ? answers[i]!.exports : simpleLabs;
    const exports = Object.fromEntries(
      names.map((name) => [
        name,
        stubs.includes(name) ? stub(name) : (replace[name] ?? (own as ShopLabs)[name]),
      ]),
    );
    const question = catalog.find((lab) => lab.id === id)?.question ?? `The question of ${id}?`;
    return { id, title: id, question, file: `labs/${id}.ts`, exports };
  });
}

/** Whether every lab of the shop has a worked answer in this checkout. */
export const hasWorkedAnswers = shopLabIds.every((id) => catalog.some((lab) => lab.id === id));

const stub = (name: string) => async () => {
  throw new Error(`TODO: write ${name}`);
};

async function put(redis: Redis, order: Order): Promise<void> {
  const hash: Record<string, string | number> = { id: order.id, user_id: order.userId };
  hash.total_amount = order.totalAmount;
  hash.items_count = order.items.length;
  if (order.createdAt) hash.created_at = order.createdAt.toISOString();
  for (const [i, item] of order.items.entries()) {
    hash[`item_${i}_product_id`] = item.productId;
    hash[`item_${i}_quantity`] = item.quantity;
  }
  await redis.multi().del(`order:${order.id}`).hset(`order:${order.id}`, hash).exec();
}

function orderOf(hash: Record<string, string>): Order {
  const items = Array.from({ length: Number(hash.items_count) }, (_, i) => ({
    productId: Number(hash[`item_${i}_product_id`]),
    quantity: Number(hash[`item_${i}_quantity`]),
  }));
  return {
    id: Number(hash.id),
    userId: Number(hash.user_id),
    totalAmount: hash.total_amount!,
    items,
    ...(hash.created_at && { createdAt: new Date(hash.created_at) }),
  };
}

async function orderIds(redis: Redis): Promise<number[]> {
  const ids = new Set<number>();
  for await (const keys of redis.scanStream({ match: 'order:*', count: 1000 }) as AsyncIterable<string[]>)
    for (const key of keys) if (/^order:\d+$/.test(key)) ids.add(Number(key.slice(6)));
  return [...ids];
}

async function everyOrder(mysql: Pool): Promise<Order[]> {
  return (await ordersAfter(mysql, { after: 0, limit: 1e6 })).rows;
}
