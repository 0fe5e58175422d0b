/**
 * Lab 04: deleting orders. Fill in the three functions, then run `./lab check 04`.
 *
 * An order that is cancelled leaves MySQL, and it has to leave Redis too. Somebody may want to know: a counter of sold
 * products must go down again. So a deletion tells who asks, once, what it was that went.
 *
 * In all three functions an error of Redis, which is away or refuses a command, is the caller's: it is never a `false`
 * or a 0. No other key changes or is left behind: not `order:10`, not `order:1:lock`, no `deleted:1`. A connection that
 * you open yourself you close again.
 */
import type { DeleteOrders, OnDeleted } from '../src/contracts/delete-orders.ts';
import type { LabContext } from '../src/lab/context.ts';
import type { Step } from '../src/lab/steps.ts';
import '../src/lab/as-command.ts'; // `npx tsx labs/04-delete-orders.ts` plays this lab

/**
 * Deletes the hash `order:<id>`, the whole of it, and resolves to whether it was there.
 *
 * `onDeleted(order)` is called only where this call really deleted the order, with the order as it was at that moment:
 *
 *     { id: 8, userId: 1, totalAmount: '4596.99',        money stays text
 *       items: [{ productId: 8, quantity: 2 }, ...],     item_0, item_1, ... item_10 in the order of their numbers
 *       createdAt: new Date('2026-01-15T12:00:00.000Z') } left out where the hash has no created_at
 *
 * Reading and deleting are one step: whatever two applications do at once, each order is told once, and none as it
 * was before somebody's last change. The callback runs after the order is gone, and is awaited. Its error is the
 * caller's.
 *
 * Where a sorted set `orders:index` is kept (member and score: the id), take the order out of it as well.
 */
export async function deleteOrderFromRedis(
  { redis }: Pick<LabContext, 'redis'>,
  id: number,
  { onDeleted }: OnDeleted = {},
): Promise<boolean> {
  throw new Error('TODO: write deleteOrderFromRedis in labs/04-delete-orders.ts');
}

/**
 * Deletes one field of `order:<id>`, such as `created_at`, and resolves to whether it was there.
 *
 * An order cannot do without `id`, `user_id`, `total_amount`, `items_count` and the two fields of each item
 * (`item_0_product_id`, `item_0_quantity`, ...): asked to delete one of these, it throws an Error whose `name` is
 * 'OrderFieldNeeded', and nothing changes. Any other field may go: `created_at`, `note`, `item_note`, `old_id`, `ID`. Of
 * two callers at once only one hears `true`.
 */
export async function deleteOrderField(
  { redis }: Pick<LabContext, 'redis'>,
  id: number,
  field: string,
): Promise<boolean> {
  throw new Error('TODO: write deleteOrderField in labs/04-delete-orders.ts');
}

/**
 * Deletes many orders in one round trip, and resolves to how many were there; an id given twice counts once. Only the
 * first call may take two trips, where it runs a script that Redis does not know yet (EVALSHA, then EVAL).
 *
 * `onDeleted(order)` is told of each as above, after all of them are gone. When it fails for one order it is still
 * called for the others, and once these are done its error is thrown, as it came. For no ids the function resolves to 0
 * and sends nothing.
 */
export async function deleteOrdersFromRedis(
  { redis }: Pick<LabContext, 'redis'>,
  ids: number[],
  { onDeleted }: OnDeleted = {},
): Promise<number> {
  throw new Error('TODO: write deleteOrdersFromRedis in labs/04-delete-orders.ts');
}

/** An order of the script's own, far beyond those of the store. */
const DEMO = 9_000_001;
const demo = (id: number) => ({
  id,
  user_id: 1,
  total_amount: '19.90',
  items_count: 1,
  item_0_product_id: 4,
  item_0_quantity: 2,
  created_at: '2026-01-15T12:00:00.000Z',
});

/** The story that `./lab 04` plays in the terminal, on the live servers. */
export const steps: Step<DeleteOrders>[] = [
  {
    title: 'HDEL takes a field, DEL takes the key',
    text: 'A hash with two fields. HDEL takes one, then the other. Predict: what does EXISTS say after each?',
    async run({ lab: { redis }, table }) {
      await redis.hset('demo:hash', { left: 1, right: 2 });
      const rows = [];
      for (const field of ['left', 'right', 'right']) {
        const gone = await redis.hdel('demo:hash', field);
        rows.push({
          command: `HDEL demo:hash ${field}`,
          reply: gone,
          EXISTS: await redis.exists('demo:hash'),
        });
      }
      table(rows);
    },
  },
  {
    title: 'Delete one order, twice',
    text: 'Now yours. The second deletion finds nothing. What should it return? And how often is onDeleted called?',
    async run({ lab, yours, say, table }) {
      await lab.redis.hset(`order:${DEMO}`, demo(DEMO));
      try {
        const told: unknown[] = [];
        const onDeleted = async (order: object) => {
          told.push(order);
        };
        const first = await yours.deleteOrderFromRedis(lab, DEMO, { onDeleted });
        const second = await yours.deleteOrderFromRedis(lab, DEMO, { onDeleted });
        say(`The first said ${first}, the second ${second}. Told ${told.length} time(s):`);
        table(told as object[]);
      } finally {
        await lab.redis.del(`order:${DEMO}`);
      }
    },
  },
  {
    title: 'A field that an order can do without, and one that it cannot',
    text: 'An order without created_at is an order of unknown age. What is an order without items_count?',
    async run({ lab, yours, say }) {
      await lab.redis.hset(`order:${DEMO}`, demo(DEMO));
      try {
        say(`created_at: ${await yours.deleteOrderField(lab, DEMO, 'created_at')}`);
        const refused = await yours.deleteOrderField(lab, DEMO, 'items_count').catch((error: Error) => {
          if (error.message.startsWith('TODO')) throw error;
          return error.name;
        });
        say(`items_count: ${refused}`);
      } finally {
        await lab.redis.del(`order:${DEMO}`);
      }
    },
  },
  {
    title: 'Many, on the wire',
    text: 'Five orders, one of them asked for twice, one that is not there. Predict: how many trips, which number?',
    async run({ lab, yours, wire, say }) {
      const ids = [1, 2, 3, 4, 5].map((n) => DEMO + n);
      for (const id of ids) await lab.redis.hset(`order:${id}`, demo(id));
      try {
        const asked = [...ids, ids[0]!, DEMO + 99];
        const deleted = await wire((tapped) => yours.deleteOrdersFromRedis(tapped, asked));
        say(`${asked.length} ids given, ${deleted} orders deleted.`);
      } finally {
        await lab.redis.del(...ids.map((id) => `order:${id}`));
      }
    },
  },
  {
    title: 'Two at once',
    text: 'Eight calls delete the same order at the same moment. How many should say true? How often is onDeleted called?',
    async run({ lab, yours, say }) {
      await lab.redis.hset(`order:${DEMO}`, demo(DEMO));
      try {
        let told = 0;
        const onDeleted = async () => {
          told++;
        };
        const calls = Array.from({ length: 8 }, () => yours.deleteOrderFromRedis(lab, DEMO, { onDeleted }));
        const said = await Promise.all(calls);
        say(`${said.filter(Boolean).length} of 8 said true, and onDeleted was called ${told} time(s).`);
        say(
          'More than one? Then a counter that onDeleted takes down is taken down twice for one order: read and delete in one step.',
        );
      } finally {
        await lab.redis.del(`order:${DEMO}`);
      }
    },
  },
];
