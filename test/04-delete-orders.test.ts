import type { Redis } from 'ioredis';
import { shown } from '../kit/judge/explain.ts';
import type { Draw } from '../kit/judge/seed.ts';
import { fieldOf } from '../kit/judge/shapes.ts';
import { checksOf } from '../src/checks.ts';
import type { DeleteOrders } from '../src/contracts/delete-orders.ts';
import type { Order } from '../src/contracts/order.ts';
import { hashOfOrder } from '../src/worlds/store/order-hash.ts';
import { atEachWait } from './support/at-each-wait.ts';
import { redisGoesAway } from './support/redis-goes-away.ts';

const check = checksOf<DeleteOrders>('04-delete-orders');

function anOrder(draw: Draw, { id = draw.int(100, 900_000), items = draw.int(1, 4) } = {}): Order {
  return {
    id,
    userId: draw.int(1, 500),
    totalAmount: `${draw.int(1, 9_999)}.${draw.int(10, 99)}`,
    items: Array.from({ length: items }, () => ({ productId: draw.int(1, 90), quantity: draw.int(1, 30) })),
    createdAt: new Date(Date.UTC(2026, 0, draw.int(1, 28), draw.int(0, 23), 30, 15, draw.int(0, 999))),
  };
}

/** `n` orders with ids of their own. */
const someOrders = (draw: Draw, n: number): Order[] =>
  Array.from({ length: n }, (_, i) => anOrder(draw, { id: 1_000 * (i + 1) + draw.int(0, 999) }));

async function plant(redis: Redis, ...orders: Order[]): Promise<void> {
  await Promise.all(orders.map((order) => redis.hset(`order:${order.id}`, hashOfOrder(order))));
}

/** Collects what `onDeleted` is told: orders, where the student's code does right. */
function listener() {
  const told: unknown[] = [];
  const onDeleted = async (order: unknown) => {
    told.push(order);
  };
  return { told, onDeleted };
}

type Told = Pick<ReturnType<typeof listener>, 'onDeleted'>;

/** The ids of what was told, ascending where they are numbers. */
function idsOf(told: readonly unknown[]): unknown[] {
  const ids = told.map((order) => fieldOf(order, 'id'));
  const isNumber = (id: unknown): id is number => typeof id === 'number';
  return ids.every(isNumber) ? ids.sort((a, b) => a - b) : ids;
}

/** The name of the error that a call threw, or what it resolved to. Other trouble than a throw goes on. */
const outcomeOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    (value) => `resolved to ${shown(value)}`,
    (error: Error) => {
      if ((error as { trouble?: string }).trouble !== 'throw') throw error;
      return error.name;
    },
  );

check(
  '04.one.whole',
  'deleteOrderFromRedis() deletes the whole order and resolves to true',
  2,
  async ({ lab, redis, draw, expect }) => {
    const order = anOrder(draw, { items: draw.int(3, 6) });
    const other = anOrder(draw, { id: order.id + 1 });
    await plant(redis, order, other);
    const deleted = await lab.deleteOrderFromRedis(order.id);
    expect(
      await redis.hgetall(`order:${order.id}`),
      'Fields of the order are still there: DEL takes the key with all its fields, HDEL only the fields that you name',
    ).toEqual({});
    expect(deleted, 'The order was there and is gone: that is true').toBe(true);
    expect(await redis.hgetall(`order:${other.id}`), 'Another order must stay as it was').toEqual(
      hashOfOrder(other),
    );
  },
);

check(
  '04.one.missing',
  'deleteOrderFromRedis() resolves to false where there is no such order',
  1,
  async ({ lab, redis, draw, expect }) => {
    const order = anOrder(draw);
    await plant(redis, order);
    const said = [
      await lab.deleteOrderFromRedis(order.id + 1),
      await lab.deleteOrderFromRedis(order.id),
      await lab.deleteOrderFromRedis(order.id),
    ];
    expect(
      said,
      'Asked for an order that is not there, for one that is, and for it again: DEL says how many keys it deleted',
    ).toEqual([false, true, false]);
  },
);

check(
  '04.one.others',
  'deleteOrderFromRedis() and deleteOrdersFromRedis() touch no other key',
  2,
  async ({ lab, redis, draw, expect }) => {
    const id = draw.int(1, 9);
    const [first, second] = [anOrder(draw, { id }), anOrder(draw, { id: id + 10 })];
    const stay = [`${id}0`, `${id}00`, `${second.id}1`].map((n) => anOrder(draw, { id: Number(n) }));
    await plant(redis, first, second, ...stay);
    const keys = [`order:${id}:lock`, `order:${second.id}:items`, `orders:${id}`, `${id}`, 'product_sold:1'];
    await Promise.all(keys.map((key) => redis.set(key, 'mine')));
    const ids = [first.id, second.id, ...stay.map((order) => order.id)];
    await redis.zadd('orders:index', ...ids.flatMap((n) => [n, `${n}`]));
    await lab.deleteOrderFromRedis(first.id);
    await lab.deleteOrdersFromRedis([second.id]);
    const left = await redis.exists(`order:${first.id}`, `order:${second.id}`);
    expect(left, 'The two orders that were to be deleted are still there').toBe(0);
    for (const order of stay) {
      const hash = await redis.hgetall(`order:${order.id}`);
      expect(
        hash,
        `Order ${order.id} was not to be deleted: a pattern like order:${id}* takes too much`,
      ).toEqual(hashOfOrder(order));
    }
    expect(await redis.mget(keys), `Other keys must stay: ${keys.join(', ')}`).toEqual(
      keys.map(() => 'mine'),
    );
    const index = new Set(await redis.zrange('orders:index', '0', '-1'));
    const lost = stay.filter((order) => !index.has(`${order.id}`)).map((order) => order.id);
    expect(lost, 'orders:index lost orders that were not deleted').toEqual([]);
  },
);

check(
  '04.one.down',
  'deleteOrderFromRedis() and deleteOrdersFromRedis() throw when Redis does not answer',
  1,
  async ({ lab, redis, tap, draw, expect }) => {
    const id = draw.int(1, 500);
    await plant(redis, anOrder(draw, { id }));
    expect(await lab.deleteOrderFromRedis(id), 'Redis was up, and the order was there').toBe(true);
    await redisGoesAway(tap);
    const [one, many] = await Promise.all([
      outcomeOf(lab.deleteOrderFromRedis(id)),
      outcomeOf(lab.deleteOrdersFromRedis([id, id + 1])),
    ]);
    const sentence =
      'Redis was down. "It was not there" would be a guess: let the error through, and look at the error of every reply of a pipeline';
    expect(one, sentence).not.toMatch(/^resolved/);
    expect(many, sentence).not.toMatch(/^resolved/);
  },
);

check(
  '04.field.one',
  'deleteOrderField() deletes that field alone and says whether it was there',
  2,
  async ({ lab, redis, draw, expect }) => {
    const order = anOrder(draw);
    const field = draw.pick(['note', 'coupon', 'gift_wrap', 'item_note']);
    await plant(redis, order);
    await redis.hset(`order:${order.id}`, field, 'x');
    const said = [
      await lab.deleteOrderField(order.id, field),
      await lab.deleteOrderField(order.id, field),
      await lab.deleteOrderField(order.id, 'created_at'),
      await lab.deleteOrderField(order.id + 1, 'created_at'),
    ];
    const { created_at: _, ...rest } = hashOfOrder(order);
    expect(
      await redis.hgetall(`order:${order.id}`),
      `Only ${field} and created_at were to go: HDEL, not DEL`,
    ).toEqual(rest);
    expect(
      said,
      `${field}, ${field} again, created_at, and created_at of an order that is not there: HDEL says how many fields it deleted`,
    ).toEqual([true, false, true, false]);
  },
);

check(
  '04.field.needed',
  'deleteOrderField() refuses a field that an order cannot do without',
  2,
  async ({ lab, redis, draw, expect }) => {
    const order = anOrder(draw, { items: 12 });
    await plant(redis, order);
    const i = draw.int(0, 9);
    const fields = ['id', 'user_id', 'total_amount', 'items_count'];
    fields.push(`item_${i}_product_id`, `item_${i}_quantity`, 'item_11_product_id', 'item_10_quantity');
    for (const field of fields) {
      expect(
        await outcomeOf(lab.deleteOrderField(order.id, field)),
        `Without ${field} nobody can read this order any more: throw an Error whose name is OrderFieldNeeded`,
      ).toBe('OrderFieldNeeded');
    }
    expect(await redis.hgetall(`order:${order.id}`), 'A refused field must stay').toEqual(hashOfOrder(order));
  },
);

check(
  '04.field.race',
  'deleteOrderField() says true to only one of several callers at once',
  2,
  async ({ lab, redis, tap, draw, expect }) => {
    const order = anOrder(draw);
    await plant(redis, order);
    await lab.deleteOrderField(order.id, 'warm_up');
    tap.redis.latencyMs = 20;
    const said = await Promise.all(
      Array.from({ length: 6 }, () => lab.deleteOrderField(order.id, 'created_at')),
    );
    expect(
      said.filter((one) => one === true).length,
      'Six callers deleted created_at at once, and one of them did it: a look with HEXISTS before HDEL is out of date when HDEL comes',
    ).toBe(1);
  },
);

check(
  '04.many.count',
  'deleteOrdersFromRedis() deletes the orders and counts those that were there',
  2,
  async ({ lab, redis, draw, expect }) => {
    const orders = someOrders(draw, draw.int(6, 20));
    await plant(redis, ...orders);
    const [stays, ...go] = orders;
    const ids = go.map(({ id }) => id);
    const missing = [7, 8, 9].slice(0, draw.int(1, 3));
    const said = await lab.deleteOrdersFromRedis([...missing, ...ids]);
    const left = await redis.keys('order:*');
    expect(left, 'All the orders asked for must be gone, and no other').toEqual([`order:${stays!.id}`]);
    expect(
      said,
      `${missing.length} of the ids were not there: add up what DEL says, not the length of the list`,
    ).toBe(ids.length);
  },
);

check(
  '04.many.twice',
  'deleteOrdersFromRedis() counts an id given twice once, and tells of it once',
  2,
  async ({ lab, redis, draw, expect }) => {
    const orders = someOrders(draw, 3);
    await plant(redis, ...orders);
    const [a, b, c] = orders.map(({ id }) => id) as [number, number, number];
    const { told, onDeleted } = listener();
    const said = await lab.deleteOrdersFromRedis([a, b, a, c, a], { onDeleted });
    expect(said, 'Three orders were there, one of them was named three times').toBe(3);
    expect(idsOf(told), 'An order named twice is deleted once, so onDeleted is called once for it').toEqual(
      [a, b, c].sort((x, y) => x - y),
    );
  },
);

check(
  '04.many.trip',
  'deleteOrdersFromRedis() takes one round trip, with and without onDeleted',
  3,
  async ({ lab, redis, tap, draw, expect }) => {
    for (const [n, options] of [
      [52, undefined],
      [22, listener()],
    ] as const) {
      const orders = Array.from({ length: n }, (_, i) => anOrder(draw, { id: 1_000 + i, items: 1 }));
      // The first call connects, and a script may be loaded; what is measured comes after.
      await plant(redis, ...orders);
      await lab.deleteOrdersFromRedis([orders[0]!.id], options);
      tap.redis.holdMs = 5;
      tap.meter.reset();
      const ids = orders.slice(1).map(({ id }) => id);
      const said = await lab.deleteOrdersFromRedis(ids, options);
      const { trips } = tap.meter;
      tap.redis.holdMs = 0;
      expect(said, 'All of them were there').toBe(ids.length);
      const how = options ? 'with onDeleted ' : '';
      const sentence = `${ids.length} orders ${how}took ${trips} trips. Send everything in one pipeline, MULTI or script, and wait once`;
      expect(trips <= 1, sentence).toBe(true);
    }
  },
);

check(
  '04.many.empty',
  'deleteOrdersFromRedis() resolves to 0 for no ids, and sends nothing',
  1,
  async ({ lab, tap, expect }) => {
    await lab.deleteOrdersFromRedis([1]);
    tap.meter.reset();
    const { told, onDeleted } = listener();
    const said = [await lab.deleteOrdersFromRedis([]), await lab.deleteOrdersFromRedis([], { onDeleted })];
    expect(said, 'Nothing to delete is not an error: DEL without a key is one').toEqual([0, 0]);
    expect(told, 'Nothing was deleted, so nobody is told').toEqual([]);
    expect(tap.meter.commands, 'There was nothing to ask of Redis').toBe(0);
  },
);

check(
  '04.told.order',
  'onDeleted is told of the order as it was',
  2,
  async ({ lab, redis, draw, expect }) => {
    const [dated, many] = someOrders(draw, 2) as [Order, Order];
    const { createdAt: _, ...undated } = anOrder(draw, { id: 50 });
    const bare: Order = { ...anOrder(draw, { id: 60, items: 0 }) };
    await plant(redis, dated, many, undated, bare);
    const { told, onDeleted } = listener();
    await lab.deleteOrderFromRedis(dated.id, { onDeleted });
    await lab.deleteOrdersFromRedis([undated.id, many.id, bare.id], { onDeleted });
    const wanted = [dated, undated, many, bare];
    for (const order of wanted) {
      const got = told.find((one) => fieldOf(one, 'id') === order.id);
      const sentence =
        'onDeleted gets the order as it was: numbers as numbers, money as text, createdAt a Date, left out where there is none';
      expect(got, sentence).toEqual(order);
    }
    expect(told.length, 'Each order is told once').toBe(wanted.length);
  },
);

check(
  '04.told.items',
  'onDeleted is told of the items in the order of their numbers',
  1,
  async ({ lab, redis, draw, expect }) => {
    const order = anOrder(draw, { items: draw.int(12, 25) });
    await plant(redis, order);
    const { told, onDeleted } = listener();
    await lab.deleteOrderFromRedis(order.id, { onDeleted });
    expect(
      fieldOf(told[0], 'items'),
      'item_10 comes after item_9, not after item_1: count up to items_count, do not sort names as text',
    ).toEqual(order.items);
  },
);

check('04.told.money', 'onDeleted is told of the exact amount', 1, async ({ lab, redis, draw, expect }) => {
  const cents = draw.int(1, 9);
  const amounts = [`${draw.int(10_000_000, 99_999_999)}99999999.0${cents}`, `${draw.int(1, 90)}.${cents}0`];
  const orders = amounts.map((totalAmount, i) => ({ ...anOrder(draw, { id: 70 + i }), totalAmount }));
  await plant(redis, ...orders);
  const { told, onDeleted } = listener();
  await lab.deleteOrdersFromRedis(
    orders.map(({ id }) => id),
    { onDeleted },
  );
  const got = orders.map(({ id }) => {
    const one = told.find((order) => fieldOf(order, 'id') === id);
    return fieldOf(one, 'totalAmount');
  });
  expect(got, 'Money must be the very text that was in Redis: a float loses cents and zeros').toEqual(
    amounts,
  );
});

check(
  '04.told.really',
  'onDeleted is not called for an order that was not there',
  2,
  async ({ lab, redis, draw, expect }) => {
    const order = anOrder(draw);
    await plant(redis, order);
    const { told, onDeleted } = listener();
    await lab.deleteOrderFromRedis(order.id + 1, { onDeleted });
    await lab.deleteOrdersFromRedis([order.id + 2, order.id + 3], { onDeleted });
    expect(told, 'These orders were not in Redis: nothing was deleted, and nothing is to be told').toEqual(
      [],
    );
    await lab.deleteOrderFromRedis(order.id, { onDeleted });
    expect(told.length, 'This one was there: onDeleted is told of it').toBe(1);
  },
);

check(
  '04.told.after',
  'onDeleted runs after all are gone, and is awaited',
  2,
  async ({ lab, redis, draw, expect }) => {
    const orders = someOrders(draw, 4);
    await plant(redis, ...orders);
    const seen: string[][] = [];
    let finished = 0;
    const onDeleted = async () => {
      seen.push(await redis.keys('order:*'));
      await redis.ping();
      finished++;
    };
    const ids = orders.map(({ id }) => id);
    await lab.deleteOrdersFromRedis(ids, { onDeleted });
    const done = finished;
    await plant(redis, orders[0]!);
    await lab.deleteOrderFromRedis(ids[0]!, { onDeleted });
    expect(seen.flat(), 'When onDeleted was called some of the orders were still in Redis').toEqual([]);
    expect([done, finished], 'The call resolved before onDeleted had done its work: await it').toEqual([
      4, 5,
    ]);
  },
);

check(
  '04.told.fails',
  'An error of onDeleted reaches the caller, after the other orders were told',
  2,
  async ({ lab, redis, draw, expect }) => {
    const orders = someOrders(draw, 5);
    await plant(redis, ...orders);
    const bad = orders[draw.int(0, 3)]!.id;
    const told: unknown[] = [];
    const onDeleted = async (order: unknown) => {
      told.push(order);
      if (fieldOf(order, 'id') === bad)
        throw Object.assign(new Error('the counter is away'), { name: 'CounterAway' });
    };
    const ids = orders.map(({ id }) => id);
    const outcome = await outcomeOf(lab.deleteOrdersFromRedis(ids, { onDeleted }));
    expect(outcome, 'onDeleted failed for one order, and the caller must hear of it').toBe('CounterAway');
    expect(
      idsOf(told),
      'All five orders are gone, so all five must be told, also after one of the calls failed',
    ).toEqual(ids);
  },
);

check(
  '04.race.calls',
  'Of several deletions at once one says true, and onDeleted is called once',
  3,
  async ({ lab, redis, tap, draw, expect }) => {
    const order = anOrder(draw);
    await lab.deleteOrderFromRedis(order.id);
    const ways = {
      deleteOrderFromRedis: (options: Told) => lab.deleteOrderFromRedis(order.id, options),
      deleteOrdersFromRedis: (options: Told) => lab.deleteOrdersFromRedis([order.id], options),
    };
    for (const [name, way] of Object.entries(ways)) {
      await plant(redis, order);
      const { told, onDeleted } = listener();
      tap.redis.latencyMs = 20;
      const said = await Promise.all(Array.from({ length: 6 }, () => way({ onDeleted })));
      tap.redis.latencyMs = 0;
      const sentence = `Six calls of ${name} deleted one order at once. Exactly one of them did it: what DEL says decides, not an EXISTS or HGETALL before it`;
      expect(said.filter((one) => one === true || one === 1).length, sentence).toBe(1);
      expect(idsOf(told), sentence).toEqual([order.id]);
    }
  },
);

check(
  '04.race.clients',
  'onDeleted is not called where another application deleted the order first',
  3,
  async ({ lab, redis, tap, draw, expect }) => {
    const order = anOrder(draw);
    const plantIt = () => plant(redis, order);
    const ways = {
      deleteOrderFromRedis: (options: Told) => lab.deleteOrderFromRedis(order.id, options),
      deleteOrdersFromRedis: (options: Told) => lab.deleteOrdersFromRedis([order.id], options),
    };
    await lab.deleteOrderFromRedis(order.id);
    for (const [name, way] of Object.entries(ways)) {
      const { told, onDeleted } = listener();
      const call = () => way({ onDeleted });
      const step = () => redis.del(`order:${order.id}`);
      const rounds = atEachWait({ tap, redis }, { prepare: plantIt, call, step });
      for await (const { commands, value, stepped } of rounds) {
        const where = `Another application deleted the order after the first ${commands === 1 ? 'command' : `${commands} commands`} of ${name}`;
        expect(
          told.splice(0).length + stepped,
          `${where}: exactly one of the two deleted it, and only that one tells`,
        ).toBe(1);
        const one = `${where}, and ${name} resolved to ${shown(value)}: exactly one of the two may say that it did`;
        expect([true, 1, false, 0], one).toContain(value);
        expect(Number(value) + stepped, one).toBe(1);
      }
    }
  },
);

check(
  '04.race.change',
  'onDeleted is told of the order as it was when it went, not of an older one',
  2,
  async ({ lab, redis, tap, draw, expect }) => {
    const order = anOrder(draw, { items: 2 });
    await lab.deleteOrderFromRedis(order.id);
    const { told, onDeleted } = listener();
    const quantity = draw.int(100, 900);
    const rounds = atEachWait(
      { tap, redis },
      {
        prepare: () => redis.del(`order:${order.id}`).then(() => plant(redis, order)),
        call: () => lab.deleteOrderFromRedis(order.id, { onDeleted }),
        step: () => redis.hset(`order:${order.id}`, 'item_0_quantity', `${quantity}`),
      },
    );
    for await (const { stepped: isNew } of rounds) {
      // HSET says 1 where the field was not there: then the order had gone before it was changed.
      const wanted = isNew === 1 ? order.items[0]!.quantity : quantity;
      const [item] = [fieldOf(told.at(-1), 'items')].flat();
      const got = fieldOf(item, 'quantity');
      const sentence =
        'Another application changed a quantity while the order was being deleted, and onDeleted was told of the old one: read and delete in one step (MULTI, a script)';
      expect(got, sentence).toBe(wanted);
    }
  },
);
