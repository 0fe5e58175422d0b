/**
 * Lab 01: the initial sync. Fill in the three functions, then run `./lab check 01`.
 *
 * The store keeps its orders in MySQL and reads them from Redis. When the application starts, Redis may be empty, or
 * hold what the last run left. Your code brings it level, once, before the first request is served.
 */
import type { InitialSync, StartReport, WaitOptions } from '../src/contracts/initial-sync.ts';
import type { LabContext } from '../src/lab/context.ts';
import type { Step } from '../src/lab/steps.ts';
import '../src/lab/as-command.ts'; // `npx tsx labs/01-initial-sync.ts` plays this lab

/**
 * Asks MySQL (`SELECT 1`) until it answers.
 *
 * Resolves to the number of attempts it took: 1 where MySQL answered at once. Waits `delayMs` milliseconds between
 * two attempts, always as long, and neither before the first nor after the last. When `retries` attempts have failed it
 * throws an Error whose `name` is 'MysqlUnavailable'. A connection that it takes from the pool it gives back.
 */
export async function waitForMysql(
  { mysql }: Pick<LabContext, 'mysql'>,
  { retries = 30, delayMs = 2000 }: WaitOptions = {},
): Promise<number> {
  throw new Error('TODO: write waitForMysql in labs/01-initial-sync.ts');
}

/**
 * Copies to Redis every order that is not there yet, and resolves to the number of orders available in Redis.
 *
 * Order 1 becomes the hash `order:1`:
 *
 *     id                 1
 *     user_id            1
 *     total_amount       1999.99      exactly the text that MySQL sends: money never becomes a number
 *     items_count        2
 *     item_0_product_id  1            the items in the order of order_items.id
 *     item_0_quantity    5
 *     item_1_product_id  2
 *     item_1_quantity    3
 *
 * An order stays: its hash has no time to live. Other keys of Redis are not yours to count or to touch, `order:1:lock`
 * and `order:count` neither: an order's key is `order:` and the digits of its id. Keep your marker (how far the sync got)
 * in Redis too, under a key that does not begin with `order:`. The next start transfers only what is new, and finishes
 * what a crash has left half done. There may be a million orders: read and write them in batches, never all at once.
 *
 * What counts is what Redis holds: where it has 10 orders, 2 of them are cancelled in MySQL, and 2 new ones come, the
 * next sync brings the 2 and resolves to 12, or to 10 where it takes the cancelled ones away.
 *
 * An error of MySQL or of Redis is the caller's: it is neither the end of the orders nor an order without items, and what
 * was not written then comes with the next sync. Connections that the sync takes or opens it gives back, also where it
 * fails.
 */
export async function syncAllOrdersToRedis({
  mysql,
  redis,
}: Pick<LabContext, 'mysql' | 'redis'>): Promise<number> {
  throw new Error('TODO: write syncAllOrdersToRedis in labs/01-initial-sync.ts');
}

/**
 * Starts the store manager: waits for MySQL, syncs once, then calls `listen()` once, which starts the HTTP server.
 *
 * When MySQL stays away or the sync fails, it warns with `console.warn` and starts the server all the same: pages
 * from MySQL are better than no pages. When `listen()` fails, nobody can be served: that error is the caller's.
 *
 *     { attempts: 1, orders: 10, warning: null }             all went well
 *     { attempts: 1, orders: null, warning: 'Redis: ...' }   MySQL answered, and the sync failed
 *     { attempts: null, orders: null, warning: '...' }       MySQL stayed away for all of `retries` attempts
 */
export async function startStoreManager(
  { mysql, redis }: Pick<LabContext, 'mysql' | 'redis'>,
  { listen, ...wait }: WaitOptions & { listen(): Promise<void> },
): Promise<StartReport> {
  throw new Error('TODO: write startStoreManager in labs/01-initial-sync.ts');
}

/** The story that `./lab 01` plays in the terminal, on the live servers. */
export const steps: Step<InitialSync>[] = [
  {
    title: 'Two servers, one truth',
    text: 'MySQL holds the orders for good. Redis holds a copy that is quick to read. Before the sync: how many orders does each of them know?',
    async run({ lab: { mysql, redis }, table }) {
      const [rows] = await mysql.query('SELECT COUNT(*) AS orders FROM orders');
      const keys = await redis.keys('order:*');
      table([
        { server: 'MySQL', orders: (rows as { orders: number }[])[0]?.orders },
        { server: 'Redis', orders: keys.length },
      ]);
    },
  },
  {
    title: 'Is MySQL there?',
    text: 'An application often starts before its database. The report tried 30 times, 2 seconds apart. How many attempts does it take now, with MySQL up?',
    async run({ lab, yours, say }) {
      say(`waitForMysql used ${await yours.waitForMysql(lab, { retries: 3, delayMs: 100 })} attempt(s).`);
    },
  },
  {
    title: 'The sync, on the wire',
    text: 'Now your sync runs. Predict before you look: how many trips to MySQL, how many to Redis? One trip for each order would be far too many.',
    async run({ yours, wire, say }) {
      const orders = await wire((lab) => yours.syncAllOrdersToRedis(lab));
      say(`${orders} orders are available in Redis.`);
    },
  },
  {
    title: 'What arrived',
    text: 'Order 1 as Redis keeps it. Compare the amount with MySQL, to the cent.',
    async run({ lab: { mysql, redis }, table, say }) {
      const hash = await redis.hgetall('order:1');
      if (Object.keys(hash).length === 0)
        return say('There is no order:1 in Redis yet: the sync has not brought it.');
      table(Object.entries(hash).map(([field, value]) => ({ field, value })));
      const [rows] = await mysql.query('SELECT total_amount FROM orders WHERE id = 1');
      say(`MySQL says ${(rows as { total_amount: string }[])[0]?.total_amount}.`);
    },
  },
  {
    title: 'A second start',
    text: 'Run the sync again: nothing is new. What should cross the network this time?',
    async run({ yours, wire, say }) {
      const orders = await wire((lab) => yours.syncAllOrdersToRedis(lab));
      say(
        `Still ${orders} orders. If the second wire view is as long as the first, your marker does not work yet.`,
      );
    },
  },
];
