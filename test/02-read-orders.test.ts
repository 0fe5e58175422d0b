import type { Redis } from 'ioredis';
import { CheckFailed } from '../kit/judge/check-errors.ts';
import { withoutRights } from '../kit/judge/rights.ts';
import type { Draw } from '../kit/judge/seed.ts';
import { fieldOf, listOf, recordOf, textsOf } from '../kit/judge/shapes.ts';
import { thrownBy } from '../kit/judge/thrown-by.ts';
import type { Tap } from '../kit/tap/tap.ts';
import { checksOf } from '../src/checks.ts';
import type { Order } from '../src/contracts/order.ts';
import type { ReadOrders } from '../src/contracts/read-orders.ts';
import { redisGoesAway } from './support/redis-goes-away.ts';
import { saying } from './support/saying.ts';
import { notShrunk, scanWhileShrinking } from './support/shrinking-table.ts';
import { outcomeOf, thrown } from './support/throws.ts';
import { withoutKey } from './support/without-key.ts';

const check = checksOf<ReadOrders>('02-read-orders');

/** An order with drawn contents; a float would keep its amount. */
function anOrder(draw: Draw, id: number, items = draw.int(1, 3)): Order {
  return {
    id,
    userId: draw.int(1, 900),
    totalAmount: `${draw.int(1, 9_999)}.${draw.int(0, 9)}5`,
    items: Array.from({ length: items }, () => ({ productId: draw.int(1, 500), quantity: draw.int(1, 9) })),
  };
}

/** The fields of an order's hash, in an order of their own: nobody may rely on it. */
function fieldsOf({ id, userId, totalAmount, items, createdAt }: Order): Record<string, string> {
  const fields: [string, string][] = items.flatMap(({ productId, quantity }, i): [string, string][] => [
    [`item_${i}_quantity`, `${quantity}`],
    [`item_${i}_product_id`, `${productId}`],
  ]);
  fields.sort(([a], [b]) => (a < b ? -1 : 1));
  fields.push(['items_count', `${items.length}`], ['total_amount', totalAmount], ['user_id', `${userId}`]);
  if (createdAt) fields.push(['created_at', createdAt.toISOString()]);
  return Object.fromEntries([...fields, ['id', `${id}`]]);
}

async function put(redis: Redis, orders: readonly Order[]): Promise<void> {
  const pipeline = redis.pipeline();
  for (const order of orders) pipeline.hset(`order:${order.id}`, fieldsOf(order));
  for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error;
}

/** Short orders with the ids from `from` to `to`, made by Redis itself, as there may be many. */
async function putMany(redis: Redis, from: number, to: number): Promise<void> {
  const script = `for id = ARGV[1], ARGV[2] do redis.call('HSET', 'order:' .. id, 'id', id, 'user_id', 1,
    'total_amount', '9.95', 'items_count', 1, 'item_0_product_id', 4, 'item_0_quantity', 1) end`;
  await redis.eval(script, 0, from, to);
}

/** `n` keys that look nothing like an order's: to SCAN they are as much work as orders are, and nobody reads them. */
async function putNotes(redis: Redis, n: number): Promise<void> {
  const script = `local notes = {} for i = 1, ARGV[1] do notes[2 * i - 1], notes[2 * i] = 'note:' .. i, i end
    redis.call('MSET', unpack(notes))`;
  await redis.eval(script, 0, n);
}

/** Keys that begin like an order's and are none, of several types. */
async function putOthers(redis: Redis, draw: Draw): Promise<void> {
  const looks = fieldsOf(anOrder(draw, 77));
  await redis.mset(
    'order:count',
    '12',
    'order:1:lock',
    'x',
    'preorder:5',
    '1',
    'order:',
    '3',
    'order:8x',
    'y',
    ...[
      'order:-5',
      'order:1.5',
      'order:0x10',
      'order: 7',
      'order:9 ',
      'order:+3',
      'order:4:',
      'order:order:5',
      'ORDER:6',
    ].flatMap((key) => [key, 'z']),
  );
  await redis.hset('order:abc', looks);
  await redis.hset('order:2:draft', looks);
  await redis.hset('order:1e3', looks);
  await redis.hset('order:1.0', looks);
  await redis.hset('reorder:6', looks);
  await redis.rpush('order:recent', '1', '2');
  await redis.zadd('order:by-amount', 5, '1');
}

/**
 * Ids of which no two neighbours stand in the same order as texts and as numbers; nor do they stand in either order here,
 * as Valkey lists a few keys in the order in which they came.
 */
const awkwardIds = (draw: Draw) => {
  const base = draw.int(2, 8);
  return [base * 10, base, 20_000 + base, base + 1, 1000 + base, base * 10 + 5, base * 100 + 1];
};

const keysOf = (ids: readonly number[]) => [...ids].sort((a, b) => a - b).map((id) => `order:${id}`);

/** What scanOrderKeys() gave, and what getOrdersFromRedis() gave, as lists. */
const scannedIn = (value: unknown) => listOf(value, 'What scanOrderKeys() gives');
const ordersIn = (value: unknown) => listOf(value, 'What getOrdersFromRedis() gives');

/** Whether ids are numbers is for the checks on one order. */
const idsIn = (orders: unknown) => ordersIn(orders).map((order) => Number(fieldOf(order, 'id')));

/** Items, whatever their numbers are made of. */
function itemsIn(order: unknown, what = 'The order is there') {
  if (order === null) throw new CheckFailed(`getOrderById() gave null. ${what}`);
  return listOf(fieldOf(order, 'items'), 'The items that getOrderById() gives').map((item) => ({
    productId: Number(fieldOf(item, 'productId')),
    quantity: Number(fieldOf(item, 'quantity')),
  }));
}

/** Bytes of the largest reply since the reset. */
const largestReply = (tap: Tap) =>
  tap.transcript().reduce((most, { kind, bytes }) => (kind === 'reply' ? Math.max(most, bytes) : most), 0);

check(
  '02.get.exact',
  'getOrderById() gives an order with numbers as numbers and money as text',
  2,
  async ({ lab, redis, draw, expect }) => {
    const orders = [12, 120, draw.int(200, 9_000)].map((id) => anOrder(draw, id));
    orders[0]!.totalAmount = `${draw.int(10, 99)}00000000000000.0${draw.int(1, 9)}`;
    orders[1]!.totalAmount = '100.00';
    orders[2]!.totalAmount = '0.00';
    await put(redis, orders);
    for (const order of orders) {
      const got = await lab.getOrderById(order.id);
      const why =
        order.totalAmount === '0.00'
          ? 'an order may cost nothing, and its total_amount is then the text 0.00'
          : `its key is order:${order.id}, with the prefix`;
      expect(got, `Order ${order.id} is there, and getOrderById() gave null: ${why}`).not.toBe(null);
      const { createdAt: _, ...rest } = recordOf(got, 'What getOrderById() gives');
      const sentence = 'Ids and quantities become numbers; totalAmount stays the text that it is';
      expect(rest, sentence).toEqual(order);
    }
  },
);

check(
  '02.get.missing',
  'getOrderById() gives null for an order that is not there',
  2,
  async ({ lab, redis, draw, expect }) => {
    const order = anOrder(draw, 31);
    await put(redis, [order]);
    await redis.hset('3', fieldsOf(anOrder(draw, 3)));
    const sentence =
      'There is no such order: HGETALL says {} for a missing key, and {} is not an order. Give null';
    for (const id of [3, 310, draw.int(400, 900)])
      expect(await saying(sentence, lab.getOrderById(id)), sentence).toBe(null);
  },
);

check(
  '02.get.date',
  'getOrderById() makes a Date of created_at, where there is one',
  1,
  async ({ lab, redis, draw, expect }) => {
    const createdAt = new Date(
      Date.UTC(2026, draw.int(0, 11), draw.int(1, 28), draw.int(0, 23), 30, 15, 250),
    );
    const [dated, undated] = [{ ...anOrder(draw, 41), createdAt }, anOrder(draw, 42)];
    await put(redis, [dated, undated]);
    const sentence = 'created_at is ISO 8601 in UTC: it becomes a Date';
    expect(fieldOf(await lab.getOrderById(41), 'createdAt'), sentence).toEqual(createdAt);
    expect(
      fieldOf(await lab.getOrderById(42), 'createdAt'),
      'This hash has no created_at, so the order has no createdAt: neither an Invalid Date nor today',
    ).toBe(undefined);
  },
);

check(
  '02.get.items',
  'getOrderById() gives the items in the order of their numbers',
  2,
  async ({ lab, redis, draw, expect }) => {
    const orders = [anOrder(draw, 51, draw.int(11, 25)), anOrder(draw, 52, 120), anOrder(draw, 53, 0)];
    await put(redis, orders);
    await redis.hset('order:51', { status: 'paid', note: '2 items' }); // of others
    for (const { id, items } of orders) {
      const there = `Order ${id} has ${items.length} items, numbered from 0, and is whole`;
      const got = itemsIn(await lab.getOrderById(id), there);
      expect(got.length, `Order ${id} has ${items.length} items, and these many were given`).toBe(
        items.length,
      );
      expect(got, 'item_10 comes after item_9: sort by the number, not by the text').toEqual(items);
    }
  },
);

check(
  '02.get.count',
  'getOrderById() reads the items that are there, whatever items_count says',
  1,
  async ({ lab, redis, draw, expect }) => {
    const order = anOrder(draw, 61, draw.int(2, 5));
    const sentence = (count: number) =>
      `items_count says ${count}, and there are ${order.items.length} items. Who believes the count loses items, or the order: read the fields`;
    for (const count of [0, 1]) {
      await redis.hset('order:61', { ...fieldsOf(order), items_count: `${count}` });
      expect(itemsIn(await lab.getOrderById(61), sentence(count)), sentence(count)).toEqual(order.items);
    }
    const gap = anOrder(draw, 62, 3);
    await redis.hset('order:62', { ...fieldsOf(gap), items_count: '1' });
    await redis.hdel('order:62', 'item_1_product_id', 'item_1_quantity');
    const got = await lab.getOrderById(62);
    const lost = 'Items 0 and 2 are there, and no item 1: item 2 must not be lost without a word';
    if (got !== null) expect(itemsIn(got), lost).toEqual([gap.items[0], gap.items[2]]);
  },
);

check(
  '02.get.half',
  'getOrderById() does not take a half-written order for one',
  2,
  async ({ lab, redis, draw, undisturbed, expect }) => {
    const whole = fieldsOf(anOrder(draw, 71, 3));
    await redis.hset('order:71', whole);
    await undisturbed({ see: '02.get.exact', without: 'a hole' }, async () => {
      expect(await lab.getOrderById(71), 'The order is there, and whole').toEqual(expect.any(Object));
    });
    const halves: [string, string[]][] = [
      ['id is missing', ['id']],
      ['user_id is missing', ['user_id']],
      ['total_amount is missing', ['total_amount']],
      ['items_count is missing', ['items_count']],
      ['the quantity of item 2 is missing', ['item_2_quantity']],
      ['the product of item 2 is missing', ['item_2_product_id']],
      ['items_count says 3, and item 2 is missing', ['item_2_product_id', 'item_2_quantity']],
      ['items_count says 3, and item 0 is missing', ['item_0_product_id', 'item_0_quantity']],
      ['only the id is there', Object.keys(whole).filter((field) => field !== 'id')],
    ];
    for (const [what, fields] of halves) {
      await redis.hset('order:71', whole);
      await redis.hdel('order:71', ...fields);
      const sentence = `Somebody is still writing this order: ${what}. Give null, not an order with a hole`;
      expect(await lab.getOrderById(71), sentence).toBe(null);
    }
    for (const field of ['item_2_quantity', 'item_2_product_id']) {
      await redis.hset('order:71', { ...whole, items_count: '0' });
      await redis.hdel('order:71', field);
      const sentence = `Half of item 2 is there, ${field} is missing, whatever items_count says (here 0). Give null`;
      expect(await lab.getOrderById(71), sentence).toBe(null);
    }
  },
);

check(
  '02.get.one-trip',
  'getOrderById() takes one round trip',
  1,
  async ({ lab, redis, tap, draw, undisturbed, expect }) => {
    const order = anOrder(draw, 81, 8);
    await put(redis, [order]);
    await undisturbed({ see: '02.get.exact', without: 'a look at trips' }, async () => {
      expect(itemsIn(await lab.getOrderById(81)), 'The order is there').toEqual(order.items);
    });
    await undisturbed({ see: '02.get.missing', without: 'a look at trips' }, async () => {
      expect(await lab.getOrderById(82), 'There is no such order').toBe(null);
    });
    tap.redis.holdMs = 5;
    for (const id of [81, 82]) {
      tap.meter.reset();
      await lab.getOrderById(id);
      const { trips } = tap.meter;
      const sentence = `It took ${trips} trips. HGETALL says in one both whether the order is there and what is in it`;
      expect(trips <= 1, sentence).toBe(true);
    }
  },
);

check(
  '02.get.errors',
  'getOrderById(), listOrderKeys() and scanOrderKeys() pass on an error of Redis',
  1,
  async ({ lab, redis, tap, draw, undisturbed, expect }) => {
    const order = anOrder(draw, 91);
    await put(redis, [order]);
    await undisturbed({ see: '02.get.exact', without: 'an error of Redis' }, async () => {
      expect(itemsIn(await lab.getOrderById(91)), 'The order is there').toEqual(order.items);
    });
    await undisturbed({ see: '02.list.exact', without: 'an error of Redis' }, async () => {
      expect(await lab.listOrderKeys(), 'There is one order').toEqual(['order:91']);
    });
    await undisturbed({ see: '02.scan.exact', without: 'an error of Redis' }, async () => {
      expect(await lab.scanOrderKeys(), 'There is one order').toEqual(['order:91']);
    });
    const passOn = async (when: string) => {
      const calls = {
        getOrderById: () => lab.getOrderById(91),
        listOrderKeys: () => lab.listOrderKeys(),
        scanOrderKeys: () => lab.scanOrderKeys(),
      };
      for (const [name, call] of Object.entries(calls)) {
        const error = await thrownBy(call());
        const sentence = `${when}, and ${name}() resolved: that looks as if there were no orders. Let the error reach the caller`;
        expect(error !== undefined, sentence).toBe(true);
      }
    };
    await withoutRights(redis, '-hgetall -hget -hmget -hscan -keys -scan', () =>
      passOn('Redis refused every HGETALL, KEYS and SCAN'),
    );
    await redisGoesAway(tap);
    await passOn('Redis could not be reached');
  },
);

check(
  '02.list.exact',
  'listOrderKeys() lists the keys of all orders, ascending by id',
  2,
  async ({ lab, redis, draw, expect }) => {
    expect(await lab.listOrderKeys(), 'Redis is empty, so the list is too').toEqual([]);
    const ids = awkwardIds(draw);
    await put(
      redis,
      ids.map((id) => anOrder(draw, id)),
    );
    const sentence = 'All keys of orders, ascending by id: as texts order:10 would come before order:9';
    expect(await lab.listOrderKeys(), sentence).toEqual(keysOf(ids));
  },
);

check(
  '02.list.others',
  'listOrderKeys() and scanOrderKeys() leave out keys that are no orders',
  2,
  async ({ lab, redis, draw, undisturbed, expect }) => {
    const ids = [1, 5, draw.int(100, 900)];
    await put(
      redis,
      ids.map((id) => anOrder(draw, id)),
    );
    const lists = ['listOrderKeys', 'scanOrderKeys'] as const;
    for (const name of lists)
      await undisturbed(
        { see: name === 'listOrderKeys' ? '02.list.exact' : '02.scan.exact', without: 'other keys' },
        async () => {
          const keys = textsOf(await lab[name](), `What ${name}() gives`);
          expect(keys.toSorted(), `What ${name}() gives`).toEqual(keysOf(ids).toSorted());
        },
      );
    await putOthers(redis, draw);
    const sentence =
      'Other keys begin with order: too (order:count, order:1:lock, order:1e3). A key of an order is order: and digits, nothing else';
    // In what order is for other checks: Redis gives a few keys in the right one by chance.
    for (const name of lists) {
      const keys = textsOf(await lab[name](), `What ${name}() gives`);
      expect(keys.toSorted(), sentence).toEqual(keysOf(ids).toSorted());
    }
  },
);

check('02.list.one-trip', 'listOrderKeys() takes one round trip', 1, async ({ lab, redis, tap, expect }) => {
  await putMany(redis, 1, 10);
  await putNotes(redis, 3_000);
  tap.redis.holdMs = 5;
  const { length } = listOf(await lab.listOrderKeys(), 'What listOrderKeys() gives');
  expect(length, 'There are 10 orders, among 3,000 other keys').toBe(10);
  const { trips } = tap.meter;
  expect(trips <= 1, `It took ${trips} trips: this function is about KEYS, which lists all keys in one`).toBe(
    true,
  );
});

check(
  '02.scan.exact',
  'scanOrderKeys() lists the keys of all orders, ascending by id',
  2,
  async ({ lab, redis, draw, expect }) => {
    expect(await lab.scanOrderKeys(), 'Redis is empty, so the list is too').toEqual([]);
    const ids = awkwardIds(draw);
    await put(
      redis,
      ids.map((id) => anOrder(draw, id)),
    );
    expect(await lab.scanOrderKeys(), 'All keys of orders, ascending by id').toEqual(keysOf(ids));
    await putNotes(redis, 300);
    const sentence =
      'A call of SCAN may give nothing and yet not be the last: only the cursor "0" says that it is over';
    expect(await lab.scanOrderKeys({ count: 10 }), sentence).toEqual(keysOf(ids));
  },
);

check(
  '02.scan.small-steps',
  'scanOrderKeys() never asks for everything at once',
  2,
  async ({ lab, redis, tap, expect }) => {
    await putMany(redis, 100_001, 100_500);
    const { length } = scannedIn(await lab.scanOrderKeys({ count: 50 }));
    expect(length, 'There are 500 orders').toBe(500);
    const bytes = largestReply(tap.redis);
    const sentence = `With count: 50 one reply was ${bytes} bytes long: the server made a long list while everybody else waited. Use SCAN, and pass count on as its COUNT`;
    expect(bytes <= 6_000, sentence).toBe(true);
  },
);

check(
  '02.scan.trips',
  'scanOrderKeys() looks at about 1000 keys a call by default',
  1,
  async ({ lab, redis, tap, expect }) => {
    await putMany(redis, 1, 20);
    await putNotes(redis, 2_000);
    tap.redis.holdMs = 5;
    const { length } = scannedIn(await lab.scanOrderKeys());
    expect(length, 'There are 20 orders, among 2,000 other keys').toBe(20);
    const { trips } = tap.meter;
    const sentence = `2,020 keys took ${trips} trips: SCAN looks at 10 keys a call unless it is given a COUNT`;
    expect(trips <= 16, sentence).toBe(true);
  },
);

check(
  '02.scan.once',
  'scanOrderKeys() lists a key once, also when SCAN gives it twice',
  2,
  async ({ lab, redis, tap, undisturbed, expect }) => {
    await undisturbed({ see: '02.scan.exact', without: 'a table that shrinks' }, async () => {
      await putMany(redis, 1, 3);
      expect(await lab.scanOrderKeys(), 'There are 3 orders').toEqual(keysOf([1, 2, 3]));
    });
    // A few keys are enough where count is passed on; who asks for more at once needs more keys for several calls.
    for (const keys of [480, 4_800, 4_800, 4_800]) {
      const count = keys / 24;
      const scan = () => lab.scanOrderKeys({ count });
      const { value, survivors, scans, twice } = await scanWhileShrinking(
        { redis, tap: tap.redis },
        { keys, call: scan },
      );
      const got = scannedIn(value);
      const none = 'It sent Redis no SCAN, so it cannot go on from call to call: list the keys by SCAN';
      expect(scans > 0, none).toBe(true);
      const sentence = 'Redis made its table smaller during the scan, and SCAN gave some keys twice';
      const twiceGiven = `${sentence}: ${got.length} keys were given, of which ${new Set(got).size} are different. Collect them into a Set`;
      expect(got.length === new Set(got).size, twiceGiven).toBe(true);
      const lost = survivors.filter((key) => !got.includes(key));
      expect(lost, 'These keys were there all the time, so SCAN did give them').toEqual([]);
      if (twice) return;
      const whole = `With count: ${count} one SCAN walked over all ${keys} keys: pass count on as its COUNT`;
      expect(scans > 1 || keys < 4_800, whole).toBe(true);
    }
    throw notShrunk();
  },
);

check(
  '02.newest.exact',
  'getOrdersFromRedis() gives the newest orders, highest id first',
  2,
  async ({ lab, redis, draw, expect }) => {
    const createdAt = new Date(Date.UTC(2026, 2, draw.int(1, 28), 9, 30));
    const ids = awkwardIds(draw);
    const newestFirst = ids.toSorted((a, b) => b - a);
    // Whatever is drawn, the newest of all has a date, and the next has none.
    const dated = (id: number) => newestFirst.indexOf(id) % 2 === 0;
    const orders = ids.map((id) => ({ ...anOrder(draw, id), ...(dated(id) ? { createdAt } : {}) }));
    await put(redis, orders);
    const limit = draw.int(3, 5);
    const newest = newestFirst.slice(0, limit);
    const got = ordersIn(await lab.getOrdersFromRedis({ limit }));
    const sentence = `The ${limit} newest, the highest id first: by number, not by text, and cut after sorting`;
    expect(idsIn(got), sentence).toEqual(newest);
    for (const [i, id] of newest.entries())
      expect(got[i], 'Each is an order as getOrderById gives it').toEqual(await lab.getOrderById(id));
  },
);

check(
  '02.newest.index',
  'getOrdersFromRedis() is right also where orders:index exists',
  1,
  async ({ lab, redis, draw, undisturbed, expect }) => {
    const ids = awkwardIds(draw);
    await put(
      redis,
      ids.map((id) => anOrder(draw, id)),
    );
    const limit = draw.int(2, 5);
    const newest = ids.toSorted((a, b) => b - a);
    const given = async (most: number) => idsIn(await lab.getOrdersFromRedis({ limit: most }));
    await undisturbed({ see: '02.newest.exact', without: 'an index' }, async () => {
      expect(await given(limit), `The ${limit} newest`).toEqual(newest.slice(0, limit));
    });
    await undisturbed({ see: '02.newest.limit', without: 'an index' }, async () => {
      expect(await given(0), 'A limit of 0 gives none').toEqual([]);
    });
    await redis.zadd('orders:index', ...ids.flatMap((id) => [id, id]));
    const sentence = 'The sorted set is ascending by id: the newest stand at its end';
    expect(await given(limit), sentence).toEqual(newest.slice(0, limit));
    expect(await given(0), 'A limit of 0 gives none, with an index too').toEqual([]);
    await redis.del(`order:${newest[0]}`);
    const gone = `The index names order ${newest[0]}, which is gone: leave it out`;
    expect(await given(ids.length + 5), gone).toEqual(newest.slice(1));
  },
);

check(
  '02.newest.limit',
  'getOrdersFromRedis() gives none for 0, and all where there are fewer',
  2,
  async ({ lab, redis, draw, expect }) => {
    expect(await lab.getOrdersFromRedis({ limit: 5 }), 'Redis is empty: so is the list').toEqual([]);
    const n = draw.int(3, 12);
    await put(
      redis,
      Array.from({ length: n }, (_, i) => anOrder(draw, i + 1)),
    );
    const counts = async (limit: number) => ordersIn(await lab.getOrdersFromRedis({ limit })).length;
    expect(await counts(0), 'A limit of 0 gives none: it is not "no limit"').toBe(0);
    expect(await counts(n), `There are ${n} orders, and the limit is ${n}`).toBe(n);
    expect(await counts(n + 50), `There are only ${n} orders`).toBe(n);
  },
);

check(
  '02.newest.bad-limit',
  'getOrdersFromRedis() refuses a limit that is no whole number from 0 on',
  1,
  async ({ lab, redis, draw }) => {
    await put(
      redis,
      [1, 2, 3].map((id) => anOrder(draw, id)),
    );
    for (const limit of [-draw.int(1, 9), draw.int(1, 2) + 0.5, 0.5, -0.5, Number.NaN]) {
      const sentence = `limit: ${limit} is a mistake of whoever calls. Say so with a RangeError; a guess would hide it`;
      thrown(await outcomeOf(lab.getOrdersFromRedis({ limit })), 'RangeError', sentence);
    }
  },
);

check(
  '02.newest.others',
  'getOrdersFromRedis() leaves out keys that are no orders',
  2,
  async ({ lab, redis, draw, undisturbed, expect }) => {
    const orders = [1, 2, draw.int(100, 900)].map((id) => anOrder(draw, id));
    await put(redis, orders);
    const all = async () => idsIn(await lab.getOrdersFromRedis({ limit: 10_000 }));
    await undisturbed({ see: '02.newest.exact', without: 'other keys' }, async () => {
      expect(await all(), 'There are 3 orders').toEqual(orders.map(({ id }) => id).reverse());
    });
    await putOthers(redis, draw);
    await undisturbed({ see: '02.list.others', without: 'a look at the newest' }, async () => {
      const keys = textsOf(await lab.scanOrderKeys(), 'What scanOrderKeys() gives');
      expect(keys.toSorted(), 'Other keys are left out').toEqual(
        keysOf(orders.map(({ id }) => id)).toSorted(),
      );
    });
    const got = await all();
    const sentence =
      'order:count is a counter, order:1:lock a lock, order:abc a marker: none of them is an order';
    expect(got, sentence).toEqual(orders.map(({ id }) => id).reverse());
  },
);

check(
  '02.newest.half',
  'getOrdersFromRedis() leaves out half-written orders',
  1,
  async ({ lab, redis, draw, undisturbed, expect }) => {
    await put(
      redis,
      [1, 2, 3, 4, 5].map((id) => anOrder(draw, id, 2)),
    );
    await undisturbed({ see: '02.newest.exact', without: 'half-written orders' }, async () => {
      const all = idsIn(await lab.getOrdersFromRedis({ limit: 10 }));
      expect(all, 'There are 5 orders, the highest id first').toEqual([5, 4, 3, 2, 1]);
    });
    const index = () => redis.zadd('orders:index', 1, 1, 2, 2, 3, 3, 4, 4, 5, 5);
    await index();
    await undisturbed({ see: '02.newest.index', without: 'half-written orders' }, async () => {
      const all = idsIn(await lab.getOrdersFromRedis({ limit: 10 }));
      expect(all, 'There are 5 orders, the highest id first').toEqual([5, 4, 3, 2, 1]);
    });
    await redis.del('orders:index');
    await redis.hdel('order:5', 'total_amount');
    await redis.hdel('order:3', 'item_1_quantity');
    const given = async () => idsIn(await lab.getOrdersFromRedis({ limit: 10 }));
    const sentence = 'Orders 3 and 5 are only half there: a page that shows them shows holes (or a null)';
    expect(await given(), sentence).toEqual([4, 2, 1]);
    await index();
    expect(await given(), `The same with orders:index. ${sentence}`).toEqual([4, 2, 1]);
  },
);

check(
  '02.newest.trips',
  'getOrdersFromRedis() does not make a round trip for each order',
  2,
  async ({ lab, redis, tap, undisturbed, expect }) => {
    await putMany(redis, 1, 150);
    tap.redis.holdMs = 5;
    const few = async (where: string, see: string) => {
      tap.meter.reset();
      const ids = idsIn(await lab.getOrdersFromRedis({ limit: 120 }));
      await undisturbed({ see, without: 'a look at trips' }, async () => {
        expect([ids.length, ids[0]], 'The 120 newest of 150 orders').toEqual([120, 150]);
      });
      const { trips } = tap.meter;
      const sentence = `${where} 120 orders took ${trips} trips. Find the keys, then send all HGETALL together in one pipeline`;
      expect(trips <= 24, sentence).toBe(true);
    };
    await few('Without orders:index', '02.newest.exact');
    await redis.zadd('orders:index', ...Array.from({ length: 150 }, (_, i) => [i + 1, i + 1]).flat());
    await few('With orders:index', '02.newest.index');
  },
);

check(
  '02.newest.gentle',
  'getOrdersFromRedis() neither lists nor reads what it was not asked for',
  2,
  async ({ lab, redis, tap, undisturbed, expect }) => {
    const n = 2_500;
    await putMany(redis, 100_001, 100_000 + n);
    const got = await lab.getOrdersFromRedis({ limit: 10 });
    const newest = Array.from({ length: 10 }, (_, i) => 100_000 + n - i);
    await undisturbed({ see: '02.newest.exact', without: 'a look at what was read' }, async () => {
      expect(idsIn(got), `The 10 newest of ${n} orders`).toEqual(newest);
    });
    const bytes = largestReply(tap.redis);
    const held = `One reply was ${bytes} bytes long. While Redis makes it, every other client waits: no KEYS here, SCAN or an index`;
    expect(bytes <= 40_000, held).toBe(true);
    const read = tap.redis.counts().bytesReceived;
    const much = `${read} bytes were read to show 10 orders: choose the ids first, then read those alone`;
    expect(read <= 150_000, much).toBe(true);

    const all = Array.from({ length: n }, (_, i) => [100_001 + i, 100_001 + i]).flat();
    await redis.zadd('orders:index', ...all);
    tap.meter.reset();
    await lab.getOrdersFromRedis({ limit: 10 });
    const ofIndex = tap.redis
      .transcript()
      .filter(({ kind, name }) => kind === 'reply' && name.startsWith('Z'));
    const most = Math.max(0, ...ofIndex.map(({ bytes }) => bytes));
    const whole = `With orders:index one reply brought ${most} bytes of ids to show 10 orders: ask the sorted set for the last ones only`;
    expect(most <= 15_000, whole).toBe(true);
  },
);

check(
  '02.newest.once',
  'getOrdersFromRedis() gives an order once, also when SCAN gives its key twice',
  1,
  async ({ lab, redis, tap, undisturbed, expect }) => {
    const call = () => lab.getOrdersFromRedis({ limit: 1_000 });
    await undisturbed({ see: '02.newest.exact', without: 'a table that shrinks' }, async () => {
      await putMany(redis, 1, 3);
      expect(idsIn(await call()), 'There are 3 orders').toEqual([3, 2, 1]);
    });
    // The more keys, the more SCANs, also of who asks for a thousand at once.
    let scans = 0;
    for (const keys of [4_800, 4_800, 19_200]) {
      const seen = await scanWhileShrinking({ redis, tap: tap.redis }, { keys, call });
      const { value, survivors, twice } = seen;
      scans = seen.scans;
      const got = idsIn(ordersIn(value).filter((order) => order !== null)); // holes are for another check
      const sentence = 'Redis made its table smaller during the scan, and SCAN gave some keys twice';
      const twiceGiven = `${sentence}: ${got.length} orders were given, of which ${new Set(got).size} are different. Give each once`;
      expect(got.length === new Set(got).size, twiceGiven).toBe(true);
      const lost = survivors.filter((key) => !got.includes(Number(key.slice('order:'.length))));
      expect(lost, 'These orders were there all the time, so SCAN did give them').toEqual([]);
      if (twice) return;
    }
    // Who asks for so many keys a SCAN that it takes few of them is not given one twice here.
    if (scans > 8) throw notShrunk();
  },
);

check(
  '02.newest.errors',
  'getOrdersFromRedis() passes on an error of Redis',
  2,
  async ({ lab, redis, tap, draw, undisturbed, expect }) => {
    const n = draw.int(4, 20);
    await put(
      redis,
      Array.from({ length: n }, (_, i) => anOrder(draw, i + 1)),
    );
    await undisturbed({ see: '02.newest.limit', without: 'an error of Redis' }, async () => {
      const { length } = ordersIn(await lab.getOrdersFromRedis({ limit: n }));
      expect(length, `There are ${n} orders`).toBe(n);
    });
    const passesOn = async (when: string) => {
      const outcome = await outcomeOf(lab.getOrdersFromRedis({ limit: n }));
      const sentence = `${when}, and getOrdersFromRedis() did not throw. A Redis in trouble must not look like an empty shop: let the error reach the caller. A pipeline does not throw by itself, so look at the error of each reply`;
      if (outcome.startsWith('it resolved'))
        throw new CheckFailed(sentence, { expected: 'an error', got: outcome });
    };
    await withoutRights(redis, '-@hash', () => passesOn('Redis answered every HGETALL with an error'));
    const list = '-scan -zrange -zrevrange -zrangebyscore -zrevrangebyscore -exists -keys';
    await withoutRights(redis, list, () => passesOn('Redis refused to list the orders'));
    const one = `order:${draw.int(1, n - 1)}`; // not the first reply
    await withoutKey(redis, one, () =>
      passesOn(`Redis answered one HGETALL of ${n} with an error, that of ${one}`),
    );
    await redisGoesAway(tap);
    await passesOn('Redis could not be reached');
  },
);
