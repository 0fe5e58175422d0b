/**
 * Lab 03: writing orders. Fill in the two functions, then run `./lab check 03`.
 *
 * Both write the same hash. Of the order
 *
 *     { id: 7, userId: 2, totalAmount: '1999.90', items: [{ productId: 1, quantity: 5 }],
 *       createdAt: new Date('2026-01-15T12:00:00Z') }
 *
 * comes the hash `order:7`:
 *
 *     id                 7
 *     user_id            2
 *     total_amount       1999.90                     the very text that was given
 *     items_count        1                           0 for an order without items
 *     created_at         2026-01-15T12:00:00.000Z    only where the order has a date
 *     item_0_product_id  1
 *     item_0_quantity    5
 *
 * Both refuse what is not an order with a TypeError (its `name` is 'TypeError', its message is up to you), before
 * anything is written:
 *
 * - ids (`id`, `userId`, `productId`) and quantities are whole numbers from 1 to Number.MAX_SAFE_INTEGER: undefined,
 *   null, NaN, 0, -1, 1.5, 2 ** 53, 1e21 and the text '7' are none;
 * - the amount is text of the digits 0 to 9 with at most one point between them, `'0.10'`, `'0'` or `'1999'`, of any
 *   length. A number is none: it has lost its zeros already. Nor is '12,50' or '１２.５０' (digits of another script),
 *   '-1', '1e5', '0x10', ' 5', '.5', '5.', '1.2.3', or digits with a line break before, between or after them;
 * - `items` is an array of such items, which may be empty: undefined, '' and { length: 0 } are none;
 * - `createdAt` is a valid Date or undefined: null, 0, '', the text '2026-01-15' and new Date('no date') are none.
 *
 * Both write to `order:<id>` alone: no other key changes or is left behind, save for what addOrderToRedis may do to the
 * index, and a connection that you open yourself you close again. An error of Redis, which is away or refuses a command,
 * is the caller's: it never looks like a success.
 */
import type { AddOrders } from '../src/contracts/add-orders.ts';
import type { Order } from '../src/contracts/order.ts';
import type { LabContext } from '../src/lab/context.ts';
import type { Step } from '../src/lab/steps.ts';
import '../src/lab/as-command.ts'; // `npx tsx labs/03-hset-mapping.ts` plays this lab

/**
 * Writes the order as the report first did: one HSET for each field, each awaited. It is here to be measured: an order
 * with one item and no date takes six round trips. Fields that are there already get the new values; what else the hash
 * holds does not matter here.
 */
export async function addOrderToRedisFieldByField(
  { redis }: Pick<LabContext, 'redis'>,
  order: Order,
): Promise<void> {
  throw new Error('TODO: write addOrderToRedisFieldByField in labs/03-hset-mapping.ts');
}

/**
 * Makes the hash `order:<id>` hold this order and nothing else, in one round trip. Only the first call may
 * take two, where it runs a script that Redis does not know yet (EVALSHA, then EVAL).
 *
 * The order may be there already, with more items, with a date, or with fields that nobody here knows: what the new one
 * lacks must go, as `item_1_*` of an order that has lost an item, or `note`. Everything happens in one step. Whoever
 * reads sees the order as it was or as it is now, never without it, never half of each; also where this process is
 * killed at any moment.
 *
 * Your sync may keep the sorted set `orders:index` (member: id, score: id). Where it exists it is complete: then you
 * may add the id, in the same step. Where it does not exist, leave it so: an index of one order would hide all others.
 */
export async function addOrderToRedis({ redis }: Pick<LabContext, 'redis'>, order: Order): Promise<void> {
  throw new Error('TODO: write addOrderToRedis in labs/03-hset-mapping.ts');
}

/** The key of the story: no order of the store has this id. */
const ID = 900_000_001;
const laptop: Order = { id: ID, userId: 1, totalAmount: '1999.99', items: [{ productId: 1, quantity: 1 }] };

/** The story that `./lab 03` plays in the terminal, on the live servers. */
export const steps: Step<AddOrders>[] = [
  {
    title: 'Field by field',
    text: 'One order with one item, written as the report first did. How many round trips?',
    async run({ yours, wire }) {
      await wire((lab) => yours.addOrderToRedisFieldByField(lab, laptop));
    },
  },
  {
    title: 'In one step',
    text: 'The same order through addOrderToRedis. How many now, and how many commands?',
    async run({ yours, wire }) {
      await wire((lab) => yours.addOrderToRedis(lab, laptop));
    },
  },
  {
    title: 'An order that lost an item',
    text: 'Two items are written, then the customer takes one back and the order is written again. Which fields does the hash have in the end? A plain HSET would leave four for items.',
    async run({ lab, yours, table }) {
      await yours.addOrderToRedis(lab, {
        ...laptop,
        totalAmount: '2029.98',
        items: [...laptop.items, { productId: 3, quantity: 1 }],
      });
      await yours.addOrderToRedis(lab, laptop);
      const hash = await lab.redis.hgetall(`order:${ID}`);
      table(Object.entries(hash).map(([field, value]) => ({ field, value })));
    },
  },
  {
    title: 'What is not an order',
    text: 'Somebody computes a quantity and gets NaN. Redis would store the text "NaN". What does your function say?',
    async run({ lab, yours, say }) {
      const order = { ...laptop, items: [{ productId: 1, quantity: Number.NaN }] };
      const answer = await yours.addOrderToRedis(lab, order).then(
        () => 'Nothing: "NaN" is in the store now.',
        ({ name, message }: Error) => {
          if (message.startsWith('TODO')) throw new Error(message);
          return `${name}: ${message}`;
        },
      );
      say(answer);
    },
  },
  {
    title: 'Clearing up',
    text: 'The order of the story goes away again.',
    async run({ lab: { redis }, say }) {
      await Promise.all([redis.del(`order:${ID}`), redis.zrem('orders:index', ID)]);
      say(`order:${ID} is gone.`);
    },
  },
];
