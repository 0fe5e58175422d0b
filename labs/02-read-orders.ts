/**
 * Lab 02: reading orders. Fill in the four functions, then run `./lab check 02`.
 *
 * An order is a hash `order:<id>`, with an optional date:
 *
 *     id                 1
 *     user_id            1
 *     total_amount       1999.99                     exact, as text
 *     items_count        1
 *     created_at         2026-01-15T12:00:00.000Z    ISO 8601, UTC; not every order has one
 *     item_0_product_id  1
 *     item_0_quantity    5
 *
 * Everything in it is text. Your functions give back an `Order`: ids and quantities are numbers, the date is a `Date`,
 * and the amount stays the very text that it was. Fields of other names may be there too: they are none of yours.
 *
 * An error of Redis is the caller's to handle, in all four functions: a Redis that cannot be reached, or that refuses a
 * command, must never look like an order that is not there or like an empty shop.
 */
import type { Order } from '../src/contracts/order.ts';
import type { ReadOrders } from '../src/contracts/read-orders.ts';
import type { LabContext } from '../src/lab/context.ts';
import type { Step } from '../src/lab/steps.ts';
import '../src/lab/as-command.ts'; // `npx tsx labs/02-read-orders.ts` plays this lab

/**
 * Reads one order by HGETALL, in one round trip.
 *
 *     await getOrderById({ redis }, 1)
 *     // { id: 1, userId: 1, totalAmount: '1999.99', items: [{ productId: 1, quantity: 5 }] }
 *
 * The items are those whose fields are there, in the order of their numbers (item 10 comes after item 9). Where the
 * hash has no `created_at`, the order has no `createdAt`.
 *
 * Resolves to null where there is no such order. A half-written order is none either: `id`, `user_id`,
 * `total_amount` or `items_count` is missing, an item has only one of its two fields, or there are fewer items than
 * `items_count` says. More items than it says are fine: the report wrote `items_count` 0 beside items, and the fields
 * are the truth.
 *
 *     items_count 3, items 0 and 1                         null: item 2 is still to come
 *     items_count 0, items 0 and 1                         both items
 *     items_count 0, item 0, and only the quantity of 1    null: half of item 1 is missing
 *     items_count 0, no item                               an order with `items: []`
 */
export async function getOrderById({ redis }: Pick<LabContext, 'redis'>, id: number): Promise<Order | null> {
  throw new Error('TODO: write getOrderById in labs/02-read-orders.ts');
}

/**
 * Lists the keys of all orders by one KEYS, ascending by id: `['order:1', 'order:2', 'order:10']`.
 *
 * An order's key is `order:` and the digits of its id, nothing else. `order:count`, `order:1:lock`, `order:1e3` or
 * `order:-5` belong to somebody else, whatever type they have.
 */
export async function listOrderKeys({ redis }: Pick<LabContext, 'redis'>): Promise<string[]> {
  throw new Error('TODO: write listOrderKeys in labs/02-read-orders.ts');
}

/**
 * Lists the same keys in the same order by SCAN, which never holds the server up for long.
 *
 * `count` is the COUNT of each call, about how many keys one call looks at. SCAN may give a key twice; the result has
 * each key once.
 */
export async function scanOrderKeys(
  { redis }: Pick<LabContext, 'redis'>,
  { count = 1000 }: { count?: number } = {},
): Promise<string[]> {
  throw new Error('TODO: write scanOrderKeys in labs/02-read-orders.ts');
}

/**
 * Reads the newest orders, the one with the highest id first: at most `limit`, all of them where there are fewer, none
 * for a limit of 0. Half-written orders are left out, and ids of the index without an order; there may then be fewer than
 * `limit`. Each order comes once, also where SCAN gives its key twice.
 *
 * The server has other clients: no KEYS, no round trip for each order, and no orders read that are not asked for. Your
 * sync may keep the sorted set `orders:index` (member: id, score: id). Where it exists it is complete, and you may
 * read the newest ids there, no more than you need; where it does not exist, SCAN.
 *
 * Throws a RangeError where `limit` is not a whole number of at least 0 (-1, 2.5, NaN). Where Redis answers only one of
 * many HGETALL with an error, that error is the caller's too.
 */
export async function getOrdersFromRedis(
  { redis }: Pick<LabContext, 'redis'>,
  { limit }: { limit: number },
): Promise<Order[]> {
  throw new Error('TODO: write getOrdersFromRedis in labs/02-read-orders.ts');
}

/** The story that `./lab 02` plays in the terminal, on the live servers. */
export const steps: Step<ReadOrders>[] = [
  {
    title: 'A hash, as Redis gives it',
    text: 'Redis holds a copy of the orders (where it does not, it gets one now). This is order 1. What type has each value that comes back?',
    async run({ lab: { mysql, redis }, table }) {
      if ((await redis.exists('order:1', 'orders:index')) === 0) await copyOrders({ mysql, redis });
      const hash = await redis.hgetall('order:1');
      table(Object.entries(hash).map(([field, value]) => ({ field, value, type: typeof value })));
    },
  },
  {
    title: 'What is not there',
    text: 'The report called hgetall(order_id), without the prefix. What does Redis say of the key 1? An error, null, or something else?',
    async run({ lab: { redis }, yours, say }) {
      say(`HGETALL 1 gives ${JSON.stringify(await redis.hgetall('1'))}: no error, and nothing in it.`);
      say(`getOrderById(1) gives ${JSON.stringify(await yours.getOrderById({ redis }, 1))}`);
      say(`getOrderById(4) gives ${JSON.stringify(await yours.getOrderById({ redis }, 4))}`);
    },
  },
  {
    title: 'KEYS and SCAN on the wire',
    text: 'Both find the same keys. How many trips does each need? Which of them would you send to a server with a million keys and other clients?',
    async run({ lab: { redis }, yours, wire, say }) {
      await redis.set('order:count', 3);
      try {
        const byKeys = await wire((lab) => yours.listOrderKeys(lab));
        const byScan = await wire((lab) => yours.scanOrderKeys(lab, { count: 5 }));
        say(`KEYS found ${byKeys.length} orders, SCAN ${byScan.length}. Neither should list order:count.`);
      } finally {
        await redis.del('order:count');
      }
    },
  },
  {
    title: 'The newest orders',
    text: 'Your getOrdersFromRedis reads the three newest. How many trips? One for each order would be too many.',
    async run({ yours, wire, table }) {
      const newest = await wire((lab) => yours.getOrdersFromRedis(lab, { limit: 3 }));
      table(
        newest.map(({ id, userId, totalAmount, items }) => ({
          id,
          userId,
          totalAmount,
          items: items.length,
        })),
      );
    },
  },
  {
    title: 'A limit that is none',
    text: 'A page asks for ?limit=ten. What should your function say to NaN, before it asks Redis anything?',
    async run({ lab, yours, say }) {
      const answer = await yours.getOrdersFromRedis(lab, { limit: Number('ten') }).then(
        (orders) => `${orders.length} orders: nobody will find this mistake.`,
        ({ name, message }: Error) => {
          if (message.startsWith('TODO')) throw new Error(message);
          return `${name}: ${message}`;
        },
      );
      say(answer);
    },
  },
];

/** What lab 01 does, without its care: enough to have something to read. */
async function copyOrders({ mysql, redis }: Pick<LabContext, 'mysql' | 'redis'>): Promise<void> {
  const [orders] = await mysql.query('SELECT id, user_id, total_amount FROM orders ORDER BY id LIMIT 1000');
  const pipeline = redis.pipeline();
  for (const order of orders as { id: number }[]) {
    const [items] = await mysql.query(
      'SELECT product_id, quantity FROM order_items WHERE order_id = ? ORDER BY id',
      [order.id],
    );
    const rows = items as Record<string, number>[];
    const fields = rows.flatMap((row, i) => Object.entries(row).map(([name, n]) => [`item_${i}_${name}`, n]));
    pipeline.hset(`order:${order.id}`, {
      ...order,
      items_count: rows.length,
      ...Object.fromEntries(fields),
    });
  }
  await pipeline.exec();
}
