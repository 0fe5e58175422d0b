import type { ExpectStatic } from '@vitest/expect';
import type { Redis } from 'ioredis';
import { countOf } from '../kit/base/count-of.ts';
import type { CheckFixtures } from '../kit/judge/definition.ts';
import { shown } from '../kit/judge/explain.ts';
import { withoutRights } from '../kit/judge/rights.ts';
import type { Draw } from '../kit/judge/seed.ts';
import { fieldOf } from '../kit/judge/shapes.ts';
import { checksOf } from '../src/checks.ts';
import type { DeleteOrders } from '../src/contracts/delete-orders.ts';
import type { Order } from '../src/contracts/order.ts';
import { hashOfOrder } from '../src/worlds/store/order-hash.ts';
import { newClients } from './support/new-clients.ts';
import { redisGoesAway } from './support/redis-goes-away.ts';
import { saying } from './support/saying.ts';
import { steppedIn } from './support/stepped-in.ts';
import { outcomeOf, thrown } from './support/throws.ts';
import { until } from './support/until.ts';

const check = checksOf<DeleteOrders>('04-delete-orders');

/** An order with drawn contents; no float changes its amount, which is for another check to find. */
function anOrder(draw: Draw, { id = draw.int(100, 900_000), items = draw.int(1, 4) } = {}): Order {
  return {
    id,
    userId: draw.int(1, 500),
    totalAmount: `${draw.int(1, 9_999)}.${draw.int(0, 9)}${draw.int(1, 9)}`,
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

/** The two functions that delete an order and tell of it; each resolves to whether it did, as its own kind of value. */
const waysOf = ({ lab }: Pick<CheckFixtures<DeleteOrders>, 'lab'>, id: number) =>
  Object.entries({
    deleteOrderFromRedis: (options?: Told) => lab.deleteOrderFromRedis(id, options),
    deleteOrdersFromRedis: (options?: Told) => lab.deleteOrdersFromRedis([id], options),
  });

type Fixtures = Pick<CheckFixtures<DeleteOrders>, 'lab' | 'redis' | 'undisturbed'> & { expect: ExpectStatic };

/**
 * That both functions delete an order and tell of it once, after it has gone, and neither where it is not there: where
 * they do not, a check of races and errors has nothing to say.
 */
async function deletedAndTold(
  { lab, redis, undisturbed, expect }: Fixtures,
  { order, without }: { order: Order; without: string },
): Promise<void> {
  const key = `order:${order.id}`;
  for (const [name, way] of waysOf({ lab }, order.id)) {
    const told: unknown[] = [];
    const there: number[] = [];
    const onDeleted = async (one: unknown) => {
      told.push(one);
      there.push(await redis.exists(key));
    };
    await plant(redis, order);
    await undisturbed({ see: '04.one.whole and 04.many.count', without }, async () => {
      const deleted = await way({ onDeleted });
      expect(deleted === true ? 1 : deleted, `${name} deleted one order`).toBe(1);
      expect(await redis.exists(key), `${name} left the order there`).toBe(0);
    });
    await undisturbed({ see: '04.told.order', without }, async () => {
      await until(() => there.length > 0, 500);
      expect(idsOf(told), `${name} deleted one order, and should tell of it once`).toEqual([order.id]);
    });
    await undisturbed({ see: '04.told.after', without }, async () => {
      expect(there, `${name} told of the order before it had gone`).toEqual([0]);
    });
    await undisturbed({ see: '04.one.missing and 04.many.count', without }, async () => {
      expect(Number(await way({ onDeleted })), `There was nothing more for ${name} to delete`).toBe(0);
    });
    await undisturbed({ see: '04.told.really', without }, async () => {
      expect(told.length, `${name} told of an order that was not there`).toBe(1);
    });
  }
}

/** The ids of what was told, ascending where they are numbers. */
function idsOf(told: readonly unknown[]): unknown[] {
  const ids = told.map((order) => fieldOf(order, 'id'));
  const isNumber = (id: unknown): id is number => typeof id === 'number';
  return ids.every(isNumber) ? ids.sort((a, b) => a - b) : ids;
}

check(
  '04.one.whole',
  'deleteOrderFromRedis() deletes the whole order and resolves to true',
  2,
  async ({ lab, redis, draw, expect }) => {
    const order = anOrder(draw, { items: draw.int(3, 6) });
    const other = anOrder(draw, { id: order.id + 1 });
    await plant(redis, order, other);
    await redis.hset(`order:${order.id}`, 'note', 'x');
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
  'deleteOrderFromRedis() and deleteOrdersFromRedis() touch no other key, and keep orders:index',
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
    const before = new Set(await redis.keys('*'));
    const opened = await newClients(redis);
    await lab.deleteOrderFromRedis(first.id);
    await lab.deleteOrdersFromRedis([second.id]);
    const left = await redis.exists(`order:${first.id}`, `order:${second.id}`);
    expect(left, 'The two orders that were to be deleted are still there').toBe(0);
    for (const order of stay) {
      const hash = await redis.hgetall(`order:${order.id}`);
      expect(
        hash,
        `Order ${order.id} was not to be deleted. Perhaps a pattern like order:${id}* took too much`,
      ).toEqual(hashOfOrder(order));
    }
    expect(await redis.mget(keys), `Other keys must stay: ${keys.join(', ')}`).toEqual(
      keys.map(() => 'mine'),
    );
    const index = await redis.zrange('orders:index', '0', '-1');
    const lost = stay.filter((order) => !index.includes(`${order.id}`)).map((order) => order.id);
    expect(lost, 'orders:index lost orders that were not deleted').toEqual([]);
    for (const [name, gone] of Object.entries({
      deleteOrderFromRedis: first,
      deleteOrdersFromRedis: second,
    })) {
      const sentence = `orders:index still names order ${gone.id}, which ${name} deleted: take it out of it as well`;
      expect(index.includes(`${gone.id}`), sentence).toBe(false);
    }
    const more = (await redis.keys('*')).filter((key) => !before.has(key));
    expect(more, 'Something was deleted, and these keys were left behind that were not there before').toEqual(
      [],
    );
    for (const n of [3, 4, 5]) await lab.deleteOrdersFromRedis([n], listener());
    await lab.deleteOrderFromRedis(first.id, listener());
    // One that is kept and used again is nobody's fault.
    await until(async () => (await opened()) <= 1, 1_000);
    const open = await opened();
    expect(
      open <= 1,
      `Six calls left ${countOf(open, 'connection')} to Redis open: close what you open`,
    ).toBe(true);
  },
);

/** What an order can do without, though the names look like those that it needs. */
const free = [
  'note',
  'coupon',
  'item_note',
  'item_count',
  'user_identity',
  'old_id',
  'old_item_0_quantity',
  'ID',
  'constructor',
];

check(
  '04.field.one',
  'deleteOrderField() deletes that field alone and says whether it was there',
  2,
  async ({ lab, redis, draw, expect }) => {
    const order = anOrder(draw);
    await plant(redis, order);
    await redis.hset(
      `order:${order.id}`,
      Object.fromEntries([...free, 'item_0_quantity_note'].map((field) => [field, 'x'])),
    );
    const rest: Record<string, string> = await redis.hgetall(`order:${order.id}`);
    for (const field of [...free, 'item_0_quantity_note', 'created_at']) {
      const free = `An order can do without ${field}, whatever its name looks like: deleteOrderField() deletes it`;
      const said = [
        await saying(free, lab.deleteOrderField(order.id, field)),
        await saying(free, lab.deleteOrderField(order.id, field)),
      ];
      delete rest[field];
      expect(await redis.hgetall(`order:${order.id}`), `Only ${field} was to go: HDEL, not DEL`).toEqual(
        rest,
      );
      const sentence = `deleteOrderField() was asked for ${field}, and for ${field} again: the first time it was there. HDEL says how many fields it deleted`;
      expect(said, sentence).toEqual([true, false]);
    }
    const said = await lab.deleteOrderField(order.id + 1, 'created_at');
    expect(said, 'created_at of an order that is not there').toBe(false);
  },
);

check(
  '04.field.needed',
  'deleteOrderField() refuses a field that an order cannot do without',
  2,
  async ({ lab, redis, draw, expect }) => {
    const order = anOrder(draw, { items: 105 });
    await plant(redis, order);
    const fields = ['id', 'user_id', 'total_amount', 'items_count'];
    for (const i of [0, draw.int(1, 9), draw.int(10, 99), draw.int(100, 104)])
      fields.push(`item_${i}_product_id`, `item_${i}_quantity`);
    for (const field of fields) {
      const sentence = `deleteOrderField() was asked to delete ${field}, without which nobody can read the order any more: throw an Error whose name is OrderFieldNeeded`;
      thrown(await outcomeOf(lab.deleteOrderField(order.id, field)), 'OrderFieldNeeded', sentence);
    }
    expect(
      await redis.hgetall(`order:${order.id}`),
      'deleteOrderField() refused these fields, and some are gone: look at the name first, then delete',
    ).toEqual(hashOfOrder(order));
  },
);

check(
  '04.field.race',
  'deleteOrderField() says true to only one of several callers at once',
  2,
  async ({ lab, redis, tap, draw, undisturbed, expect }) => {
    const order = anOrder(draw);
    const key = `order:${order.id}`;
    await plant(redis, order);
    await undisturbed({ see: '04.field.one', without: 'a second caller' }, async () => {
      const said = [
        await lab.deleteOrderField(order.id, 'created_at'),
        await redis.hexists(key, 'created_at'),
      ];
      expect(said, 'created_at was there and should be gone').toEqual([true, 0]);
    });
    await plant(redis, order);
    tap.redis.latencyMs = 20;
    const said = await Promise.all(
      Array.from({ length: 6 }, () => lab.deleteOrderField(order.id, 'created_at')),
    );
    tap.redis.latencyMs = 0;
    const heard = said.filter((one) => one === true).length;
    expect(
      heard === 1,
      `Six callers deleted created_at at once, one of them did it, and ${heard} heard true. Perhaps a look with HEXISTS comes before HDEL: it is out of date when HDEL comes`,
    ).toBe(true);
    const prepare = () => plant(redis, order);
    const call = () => lab.deleteOrderField(order.id, 'created_at');
    const step = () => redis.hdel(key, 'created_at');
    for await (const { commands, value, stepped } of steppedIn(tap, { prepare, call, step })) {
      const sentence = `Another application deleted created_at after the first ${commandsAs(commands)} of deleteOrderField, and HDEL told it ${stepped}; deleteOrderField resolved to ${shown(value)}: exactly one of the two did it`;
      expect(value === (stepped === 0), sentence).toBe(true);
    }
  },
);

const commandsAs = (n: number) => (n === 1 ? 'command' : `${n} commands`);

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
    const alone = await lab.deleteOrdersFromRedis([a, b, a, c, a]);
    expect(alone, 'Without onDeleted: three orders were there, one of them was named three times').toBe(3);
    await plant(redis, ...orders);
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
  async ({ lab, redis, tap, draw, undisturbed, expect }) => {
    await redis.zadd('orders:index', 999, '999', 1_010, '1010');
    for (const [n, options] of [
      [52, undefined],
      [22, listener()],
    ] as const) {
      const orders = Array.from({ length: n }, (_, i) => anOrder(draw, { id: 1_000 + i, items: 1 }));
      // The first call connects, and a script may be loaded; what is measured comes after.
      await plant(redis, ...orders);
      await undisturbed({ see: '04.many.count', without: 'a count of the trips' }, async () => {
        const deleted = await lab.deleteOrdersFromRedis([orders[0]!.id], options);
        expect(deleted, 'One order was there').toBe(1);
      });
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
    const sentence =
      'deleteOrdersFromRedis() was asked to delete no orders at all: that is 0, and no error. DEL without a key is one: ask Redis for nothing';
    const said = [
      await saying(sentence, lab.deleteOrdersFromRedis([])),
      await saying(sentence, lab.deleteOrdersFromRedis([], { onDeleted })),
    ];
    expect(said, sentence).toEqual([0, 0]);
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
    const wanted = [dated, undated, many, anOrder(draw, { id: 60, items: 0 })];
    const ids = wanted.map(({ id }) => id);
    const ways = {
      deleteOrderFromRedis: async (options: Told) => {
        for (const id of ids) await lab.deleteOrderFromRedis(id, options);
      },
      deleteOrdersFromRedis: (options: Told) => lab.deleteOrdersFromRedis(ids, options),
    };
    for (const [name, way] of Object.entries(ways)) {
      await plant(redis, ...wanted);
      const { told, onDeleted } = listener();
      await way({ onDeleted });
      // Whether it is awaited is for another check.
      await until(() => told.length >= wanted.length, 500);
      for (const order of wanted) {
        const got = told.find((one) => fieldOf(one, 'id') === order.id);
        const sentence = `${name}: onDeleted gets the order as it was: numbers as numbers, money as text, createdAt a Date, left out where there is none`;
        expect(got, sentence).toEqual(order);
      }
      expect(
        told.length === wanted.length,
        `${name} called onDeleted ${countOf(told.length, 'time')} for ${wanted.length} orders: once for each`,
      ).toBe(true);
    }
  },
);

check(
  '04.told.items',
  'onDeleted is told of the items in the order of their numbers',
  1,
  async ({ lab, redis, draw, expect }) => {
    const order = anOrder(draw, { items: draw.int(12, 25) });
    for (const [name, way] of waysOf({ lab }, order.id)) {
      await plant(redis, order);
      const { told, onDeleted } = listener();
      await way({ onDeleted });
      await until(() => told.length > 0, 500);
      const sentence = `${name}: item_10 comes after item_9, not after item_1. Count up to items_count, do not sort names as text`;
      expect(fieldOf(told[0], 'items'), sentence).toEqual(order.items);
    }
  },
);

check('04.told.money', 'onDeleted is told of the exact amount', 1, async ({ lab, redis, draw, expect }) => {
  const cents = draw.int(1, 9);
  const amounts = [
    `${draw.int(10_000_000, 99_999_999)}99999999.0${cents}`,
    `${draw.int(1, 90)}.${cents}0`,
    '5',
    '0.005',
  ];
  for (const totalAmount of amounts) {
    const order = { ...anOrder(draw), totalAmount };
    for (const [name, way] of waysOf({ lab }, order.id)) {
      await plant(redis, order);
      const { told, onDeleted } = listener();
      await way({ onDeleted });
      await until(() => told.length > 0, 500);
      const sentence = `${name}: money must be the very text that was in Redis. A float loses cents and zeros`;
      expect(fieldOf(told[0], 'totalAmount'), sentence).toBe(totalAmount);
    }
  }
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

/** So long a callback waits for a call that does not await it, ms: what a call does after that is its own. */
const CALLBACK_MS = 30;

/** A callback that takes a while, unless the call is over before: then the call did not await it. */
function slowListener() {
  const seen = { finished: 0, over: false };
  const onDeleted = async () => {
    await until(() => seen.over, CALLBACK_MS);
    seen.finished++;
  };
  const during = <T>(call: Promise<T>) =>
    call.finally(() => {
      seen.over = true;
    });
  return { seen, onDeleted, during };
}

check(
  '04.told.after',
  'onDeleted runs after all are gone, and is awaited',
  2,
  async ({ lab, redis, draw, expect }) => {
    const orders = someOrders(draw, 3);
    const ids = orders.map(({ id }) => id);
    const ways = {
      deleteOrderFromRedis: (options: Told) => lab.deleteOrderFromRedis(ids[0]!, options),
      deleteOrdersFromRedis: (options: Told) => lab.deleteOrdersFromRedis(ids, options),
    };
    for (const [name, way] of Object.entries(ways)) {
      const asked = name === 'deleteOrderFromRedis' ? 1 : ids.length;
      await plant(redis, ...orders.slice(0, asked));
      const there: string[] = [];
      const { seen, onDeleted, during } = slowListener();
      const looks = async () => {
        there.push(...(await redis.keys('order:*')));
        await onDeleted();
      };
      await during(way({ onDeleted: looks }));
      const { finished } = seen;
      const early = `When ${name} called onDeleted some of the orders were still in Redis: delete all of them first, then tell`;
      expect([...new Set(there)], early).toEqual([]);
      const sentence = `${name} resolved when ${finished} of ${asked} calls of onDeleted had done their work: await each`;
      expect(finished === asked, sentence).toBe(true);
    }
  },
);

check(
  '04.told.fails',
  'An error of onDeleted reaches the caller, after the other orders were told',
  2,
  async ({ lab, redis, draw, undisturbed, expect }) => {
    const orders = someOrders(draw, 5);
    const ids = orders.map(({ id }) => id);
    await deletedAndTold(
      { lab, redis, undisturbed, expect },
      { order: orders[0]!, without: 'an error of onDeleted' },
    );
    const away = () => Object.assign(new Error('the counter is away'), { name: 'CounterAway' });
    await undisturbed({ see: '04.told.after', without: 'an error of onDeleted' }, async () => {
      for (const [name, way] of waysOf({ lab }, ids[0]!)) {
        await plant(redis, orders[0]!);
        const { seen, onDeleted, during } = slowListener();
        await during(way({ onDeleted }));
        expect(seen.finished, `${name} resolved before onDeleted had done its work`).toBe(1);
      }
    });
    await plant(redis, orders[0]!);
    const failing = async () => {
      throw away();
    };
    const one = await outcomeOf(lab.deleteOrderFromRedis(ids[0]!, { onDeleted: failing }));
    const heard =
      'onDeleted threw an error named CounterAway, and the caller of deleteOrderFromRedis must hear that very error';
    thrown(one, 'CounterAway', heard);
    for (const bad of [ids[0]!, ids[4]!]) {
      await plant(redis, ...orders);
      const { seen, onDeleted, during } = slowListener();
      const told: unknown[] = [];
      const fails = async (order: unknown) => {
        told.push(order);
        if (fieldOf(order, 'id') === bad) throw away();
        await onDeleted();
      };
      const outcome = await during(outcomeOf(lab.deleteOrdersFromRedis(ids, { onDeleted: fails })));
      const { finished } = seen;
      const five =
        'onDeleted threw an error named CounterAway for one of five orders, and the caller of deleteOrdersFromRedis must hear that very error';
      thrown(outcome, 'CounterAway', five);
      expect(
        idsOf(told),
        'All five orders are gone, so all five must be told, also after one of the calls failed',
      ).toEqual(ids);
      const sentence = `onDeleted failed for one order, and the error was thrown when ${finished} of the other 4 calls had done their work: await these, and throw it then`;
      expect(finished === 4, sentence).toBe(true);
    }
  },
);

check(
  '04.one.down',
  'All three functions throw when Redis does not answer, or refuses',
  1,
  async ({ lab, redis, tap, draw, undisturbed, expect }) => {
    const order = anOrder(draw);
    const { id } = order;
    await deletedAndTold({ lab, redis, undisturbed, expect }, { order, without: 'an error of Redis' });
    const calls = async () => {
      const [one, many, field] = await Promise.all([
        outcomeOf(lab.deleteOrderFromRedis(id, listener())),
        outcomeOf(lab.deleteOrdersFromRedis([id, id + 1], listener())),
        outcomeOf(lab.deleteOrderField(id, 'created_at')),
      ]);
      return { deleteOrderFromRedis: one, deleteOrdersFromRedis: many, deleteOrderField: field };
    };
    await plant(redis, order);
    const refused = await withoutRights(redis, '-@hash', calls);
    await redisGoesAway(tap);
    const down = await calls();
    for (const [what, outcomes] of Object.entries({
      'Redis refused every command for hashes': refused,
      'Redis was down': down,
    })) {
      for (const [name, outcome] of Object.entries(outcomes)) {
        const sentence = `${what}, and ${name} did not throw: ${outcome}. That would be a guess: let the error through, and look at the error of every reply of a pipeline`;
        expect(outcome.startsWith('it resolved'), sentence).toBe(false);
      }
    }
  },
);

check(
  '04.race.calls',
  'Of several deletions at once one says true, and onDeleted is called once',
  3,
  async ({ lab, redis, tap, draw, undisturbed, expect }) => {
    const order = anOrder(draw);
    await deletedAndTold({ lab, redis, undisturbed, expect }, { order, without: 'a second caller' });
    for (const [name, way] of waysOf({ lab }, order.id)) {
      await plant(redis, order);
      const { told, onDeleted } = listener();
      tap.redis.latencyMs = 20;
      const said = await Promise.all(Array.from({ length: 6 }, () => way({ onDeleted })));
      tap.redis.latencyMs = 0;
      const did = said.filter((one) => one === true || one === 1).length;
      const sentence = `Six calls of ${name} deleted one order at once: exactly one of them did it, and`;
      const why = 'What DEL says decides, not an EXISTS or HGETALL before it';
      expect(did === 1, `${sentence} ${did} say so. ${why}`).toBe(true);
      expect(
        told.length === 1,
        `${sentence} onDeleted was called ${countOf(told.length, 'time')}. ${why}`,
      ).toBe(true);
    }
  },
);

check(
  '04.race.clients',
  'onDeleted is not called where another application deleted the order first',
  3,
  async ({ lab, redis, tap, draw, undisturbed, expect }) => {
    const order = anOrder(draw);
    await deletedAndTold({ lab, redis, undisturbed, expect }, { order, without: 'another application' });
    for (const [name, way] of waysOf({ lab }, order.id)) {
      const { told, onDeleted } = listener();
      const prepare = () => plant(redis, order);
      const call = () => way({ onDeleted });
      const step = () => redis.del(`order:${order.id}`);
      for await (const { commands, value, stepped } of steppedIn(tap, { prepare, call, step })) {
        const where = `Another application deleted the order after the first ${commandsAs(commands)} of ${name}, and DEL told it ${stepped}`;
        const calls = told.splice(0).length;
        const both = `${where}; onDeleted was called ${countOf(calls, 'time')}: exactly one of the two deleted it, and only that one tells`;
        expect(calls + stepped === 1, both).toBe(true);
        const one = `${where}; ${name} resolved to ${shown(value)}: exactly one of the two may say that it did`;
        expect(([true, 1, false, 0] as unknown[]).includes(value) && Number(value) + stepped === 1, one).toBe(
          true,
        );
      }
    }
  },
);

check(
  '04.race.change',
  'onDeleted is told of the order as it was when it went, not of an older one',
  2,
  async ({ lab, redis, tap, draw, undisturbed, expect }) => {
    const order = anOrder(draw, { items: 2 });
    await deletedAndTold({ lab, redis, undisturbed, expect }, { order, without: 'another application' });
    const quantity = draw.int(100, 900);
    for (const [name, way] of waysOf({ lab }, order.id)) {
      const { told, onDeleted } = listener();
      const prepare = () => redis.del(`order:${order.id}`).then(() => plant(redis, order));
      const call = () => way({ onDeleted });
      const step = () => redis.hset(`order:${order.id}`, 'item_0_quantity', `${quantity}`);
      for await (const { commands, stepped: isNew } of steppedIn(tap, { prepare, call, step })) {
        // HSET says 1 where the field was not there: then the order had gone before it was changed.
        const wanted = isNew === 1 ? order.items[0]!.quantity : quantity;
        const [item] = [fieldOf(told.at(-1), 'items')].flat();
        const sentence = `Another application changed a quantity after the first ${commandsAs(commands)} of ${name}, and onDeleted was told of an older one: read and delete in one step (MULTI, a script)`;
        expect(fieldOf(item, 'quantity'), sentence).toBe(wanted);
      }
    }
  },
);
