/**
 * Lab 05: best sellers. Fill in the seven functions, then run `./lab check 05`.
 *
 * Who spends most, and what sells best? The orders in Redis know it, if one reads them all. Counters know it at once,
 * if they are right. Making them right, and keeping them so, is this lab.
 *
 * Where sales are kept in Redis:
 *
 *     product_sold:<id>   a counter: how many of this product were sold
 *     products:sold       a sorted set: member the product's id, score how many were sold
 *     products:names      a hash: a product's id and its name
 *
 * and whatever you need to remember which orders are counted, under keys that begin with `sales:`.
 *
 * - `limit` is how many rows a report has at most: 10 by default, none with `limit: 0`.
 * - An error of Redis or MySQL is the caller's: it never looks like a report of nothing, or like a success.
 * - Who opens a connection of its own, or takes one from the pool, ends it or gives it back, also where something fails.
 */
import type { BestSeller, BestSellers, Spender } from '../src/contracts/best-sellers.ts';
import type { Order } from '../src/contracts/order.ts';
import type { LabContext } from '../src/lab/context.ts';
import type { Step } from '../src/lab/steps.ts';
import '../src/lab/as-command.ts'; // `npx tsx labs/05-best-sellers.ts` plays this lab

/**
 * Counts the items of `order` as sold: each product's counter, and its score in the sorted set.
 *
 * Once for each order id: an order that is delivered twice, also by two applications at once, counts once. All of it
 * or nothing: a process that is killed at any moment, and then does it again, leaves exact numbers. A product may
 * stand in an order twice.
 */
export async function recordSale({ redis }: Pick<LabContext, 'redis'>, order: Order): Promise<void> {
  throw new Error('TODO: write recordSale in labs/05-best-sellers.ts');
}

/**
 * Takes back what `recordSale` counted for the order with this id, once; nothing where it was not counted. What was
 * counted decides, also where the order has changed since. It is as exact as `recordSale`.
 *
 * Whether `recordSale` counts an order again that was taken back is yours to choose: no check asks for it.
 */
export async function revertSale({ redis }: Pick<LabContext, 'redis'>, order: Order): Promise<void> {
  throw new Error('TODO: write revertSale in labs/05-best-sellers.ts');
}

/**
 * The users who spent most, from the hashes `order:<id>`: `[{ userId: 6, spent: '99999999.99' }, ...]`.
 *
 * Most spent first; of two who spent the same, the smaller id first. Sums are exact to the cent however large they
 * are: count whole cents as `bigint`. An amount has two places, one or none, as lab 03 takes it: '12.50', '12.5', '12'.
 * The sum has two: '12.50' and '12' are '24.50'.
 *
 * An order's key is `order:` and the digits of its id. `order:900:draft`, `order:draft` or `orders:index` belong to
 * somebody else, whatever type they have. The hashes are whole: `items_count` says how many items have fields.
 *
 * There may be a million: read them in batches, with at most 1,000 commands on their way at once (what SCAN gives beyond
 * its COUNT may come on top), and expect that an order is deleted meanwhile. SCAN may give a key twice: an order counts
 * once.
 */
export async function getHighestSpendingUsers(
  { redis }: Pick<LabContext, 'redis'>,
  { limit = 10 }: { limit?: number } = {},
): Promise<Spender[]> {
  throw new Error('TODO: write getHighestSpendingUsers in labs/05-best-sellers.ts');
}

/**
 * The products that sold best, from the hashes `order:<id>`: `[{ productId: 4, sold: 15 }, ...]`.
 *
 * Most sold first; of two that sold the same, the smaller id first. Products never sold are left out. It reads the orders
 * as `getHighestSpendingUsers` does.
 */
export async function getBestSellersFromOrders(
  { redis }: Pick<LabContext, 'redis'>,
  { limit = 10 }: { limit?: number } = {},
): Promise<BestSeller[]> {
  throw new Error('TODO: write getBestSellersFromOrders in labs/05-best-sellers.ts');
}

/**
 * The same from the counters `product_sold:<id>`, without one round trip for each of them. Keys like `product_sold:all` or
 * `product_sold:600:week` are no counters.
 */
export async function getBestSellersFromCounters(
  { redis }: Pick<LabContext, 'redis'>,
  { limit = 10 }: { limit?: number } = {},
): Promise<BestSeller[]> {
  throw new Error('TODO: write getBestSellersFromCounters in labs/05-best-sellers.ts');
}

/**
 * The same from the sorted set, with names, in one round trip: `[{ productId: 4, sold: 15, name: 'USB-C cable' }]`.
 * A product whose name is not in `products:names` is called by its number: '#4'.
 */
export async function getBestSellers(
  { redis }: Pick<LabContext, 'redis'>,
  { limit = 10 }: { limit?: number } = {},
): Promise<(BestSeller & { name: string })[]> {
  throw new Error('TODO: write getBestSellers in labs/05-best-sellers.ts');
}

/**
 * Makes counters, sorted set, names and what you remember of orders anew from MySQL: exact, whatever was there before.
 *
 * Afterwards `recordSale` of an order that MySQL has counts nothing, and `revertSale` takes it back. An order that MySQL
 * does not have is not counted any more: order 8 is recorded, then cancelled in MySQL; after the next rebuild `revertSale`
 * of it takes nothing back, and `recordSale` counts it. What a killed rebuild has left changes nothing of this.
 *
 * Whoever reads meanwhile, or after a crash in the middle, sees the old report or the new one, never half of one, names
 * included. No sale is recorded meanwhile: it runs at the start, before the server listens. MySQL may hold a million
 * orders: read and write in batches.
 */
export async function rebuildSales({ mysql, redis }: Pick<LabContext, 'mysql' | 'redis'>): Promise<void> {
  throw new Error('TODO: write rebuildSales in labs/05-best-sellers.ts');
}

/** Where Redis holds no orders yet: copies the first thousand of MySQL, as lab 01 does. */
async function bringOrders({ mysql, redis }: LabContext): Promise<void> {
  if ((await redis.exists('order:1', 'orders:index')) > 0) return;
  const [orders] = await mysql.query('SELECT id, user_id, total_amount FROM orders ORDER BY id LIMIT 1000');
  const [items] = await mysql.query(
    'SELECT order_id, product_id, quantity FROM order_items ORDER BY id LIMIT 20000',
  );
  const pipeline = redis.pipeline();
  for (const order of orders as { id: number }[]) {
    const own = (items as Record<string, number>[]).filter((item) => item.order_id === order.id);
    pipeline.hset(`order:${order.id}`, { ...order, items_count: own.length });
    for (const [i, { product_id = 0, quantity = 0 }] of own.entries())
      pipeline.hset(`order:${order.id}`, {
        [`item_${i}_product_id`]: product_id,
        [`item_${i}_quantity`]: quantity,
      });
  }
  await pipeline.exec();
}

/** An order of the script's own, of a product that no store has. */
const PRODUCT = 900_001;
const demo = (id: number, quantity: number): Order => ({
  id,
  userId: 1,
  totalAmount: '19.90',
  items: [{ productId: PRODUCT, quantity }],
});

/** The story that `./lab 05` plays in the terminal, on the live servers. */
export const steps: Step<BestSellers>[] = [
  {
    title: 'Start from the truth',
    text: 'MySQL knows every sale. Your rebuildSales brings the numbers to Redis. Predict: how many trips for a store of 100 orders?',
    async run({ yours, wire }) {
      await wire((lab) => yours.rebuildSales(lab));
    },
  },
  {
    title: 'Three ways, one report',
    text: 'From the orders, from the counters, from the sorted set. Which of them should cost most? Do they agree?',
    async run({ lab, yours, table, say }) {
      await bringOrders(lab);
      say('From the order hashes:');
      table(await yours.getBestSellersFromOrders(lab, { limit: 3 }));
      say('From the counters:');
      table(await yours.getBestSellersFromCounters(lab, { limit: 3 }));
      say('From the sorted set:');
      table(await yours.getBestSellers(lab, { limit: 3 }));
    },
  },
  {
    title: 'The best sellers, on the wire',
    text: 'One round trip, with names. And with a million orders?',
    async run({ yours, wire }) {
      await wire((lab) => yours.getBestSellers(lab, { limit: 5 }));
    },
  },
  {
    title: 'Delivered twice, cancelled twice',
    text: 'An order of 5 is recorded three times, one of 2 once, and the first is cancelled twice. What should the counter say after each?',
    async run({ lab, yours, table }) {
      const [five, two] = [demo(9_000_005, 5), demo(9_000_002, 2)];
      const rows: object[] = [];
      const note = async (what: string) =>
        rows.push({ what, counter: (await lab.redis.get(`product_sold:${PRODUCT}`)) ?? 'none' });
      try {
        for (let i = 0; i < 3; i++) await yours.recordSale(lab, five);
        await note('5 sold, delivered three times');
        await yours.recordSale(lab, two);
        await note('2 sold');
        for (let i = 0; i < 2; i++) await yours.revertSale(lab, five);
        await note('the 5 cancelled, delivered twice');
      } finally {
        for (const order of [five, two]) await yours.revertSale(lab, order);
      }
      await note('everything cancelled');
      table(rows);
    },
  },
  {
    title: 'Who spends most',
    text: 'Sums of money, exact to the cent. What would a float have made of 0.10 + 0.20?',
    async run({ lab, yours, table }) {
      await bringOrders(lab);
      table(await yours.getHighestSpendingUsers(lab, { limit: 5 }));
    },
  },
];
