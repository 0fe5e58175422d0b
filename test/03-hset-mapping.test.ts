import { isDeepStrictEqual } from 'node:util';
import type { Redis } from 'ioredis';
import { withoutRights } from '../kit/judge/rights.ts';
import type { Draw } from '../kit/judge/seed.ts';
import { checksOf } from '../src/checks.ts';
import type { AddOrders } from '../src/contracts/add-orders.ts';
import type { Order } from '../src/contracts/order.ts';
import { putBack, stateOf } from './support/redis-state.ts';
import { stoppedAfter } from './support/stopped-after.ts';

const check = checksOf<AddOrders>('03-hset-mapping');

/** An order with drawn contents. */
function anOrder(draw: Draw, id: number, items = draw.int(1, 3)): Order {
  return {
    id,
    userId: draw.int(1, 900),
    totalAmount: `${draw.int(1, 9_999)}.${draw.int(0, 9)}0`,
    items: Array.from({ length: items }, () => ({ productId: draw.int(1, 500), quantity: draw.int(1, 9) })),
  };
}

/** The hash that an order becomes. */
function hashOf({ id, userId, totalAmount, items, createdAt }: Order): Record<string, string> {
  const hash: Record<string, string> = {
    id: `${id}`,
    user_id: `${userId}`,
    total_amount: totalAmount,
    items_count: `${items.length}`,
  };
  if (createdAt) hash.created_at = createdAt.toISOString();
  for (const [i, { productId, quantity }] of items.entries()) {
    hash[`item_${i}_product_id`] = `${productId}`;
    hash[`item_${i}_quantity`] = `${quantity}`;
  }
  return hash;
}

const put = (redis: Redis, order: Order) => redis.hset(`order:${order.id}`, hashOf(order));

const aDate = (draw: Draw) => new Date(Date.UTC(2026, draw.int(0, 11), draw.int(1, 28), 23, 59, 59, 7));

const takeAll = `local all = {}
for _, key in ipairs(redis.call('KEYS', '*')) do
  local type, value = redis.call('TYPE', key).ok
  if type == 'hash' then value = redis.call('HGETALL', key)
  elseif type == 'zset' then value = redis.call('ZRANGE', key, 0, -1, 'WITHSCORES')
  else value = { redis.call(type == 'string' and 'GET' or 'DUMP', key) } end
  all[#all + 1] = { key, type, value }
end
return all`;

/** Every key with what it holds, to see whether anything changed: in one command. */
async function everything(redis: Redis): Promise<Record<string, unknown>> {
  const all = (await redis.eval(takeAll, 0)) as [key: string, type: string, value: string[]][];
  return Object.fromEntries(
    all.map(([key, type, value]) => [
      key,
      type === 'hash' ? hashIn(value) : value.length === 1 ? value[0] : value,
    ]),
  );
}

/** The hash that HGETALL lists as names and values. */
const hashIn = (list: readonly string[]): Record<string, string> =>
  Object.fromEntries(list.flatMap((field, i) => (i % 2 === 0 ? [[field, list[i + 1]!]] : [])));

/** The name of what a call threw; 'resolved' where it did not. Troubles that are no throw travel on. */
const nameOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'resolved',
    (error: Error) => {
      if ((error as { trouble?: string }).trouble !== 'throw') throw error;
      return error.name;
    },
  );

/** Orders that are none: what is wrong with each, and how it is made of a right one. */
const notOrders: [string, (order: Order) => unknown][] = [
  ['id undefined', (order) => ({ ...order, id: undefined })],
  ['id NaN', (order) => ({ ...order, id: Number.NaN })],
  ['id 1.5', (order) => ({ ...order, id: 1.5 })],
  ['id 0', (order) => ({ ...order, id: 0 })],
  ['id 1e21, which would be the key order:1e+21', (order) => ({ ...order, id: 1e21 })],
  ['userId null', (order) => ({ ...order, userId: null })],
  ['userId undefined', (order) => ({ ...order, userId: undefined })],
  ["userId '7', a text", (order) => ({ ...order, userId: '7' })],
  ['totalAmount undefined', (order) => ({ ...order, totalAmount: undefined })],
  ['totalAmount null', (order) => ({ ...order, totalAmount: null })],
  ['totalAmount 1999.9, a number', (order) => ({ ...order, totalAmount: 1999.9 })],
  ["totalAmount ''", (order) => ({ ...order, totalAmount: '' })],
  ["totalAmount 'NaN'", (order) => ({ ...order, totalAmount: 'NaN' })],
  ["totalAmount '12,50'", (order) => ({ ...order, totalAmount: '12,50' })],
  ["totalAmount '１２.５０' (digits of another script)", (order) => ({ ...order, totalAmount: '１２.５０' })],
  ['items undefined', (order) => ({ ...order, items: undefined })],
  ['a quantity NaN in the last item', (order) => withLast(order, { productId: 1, quantity: Number.NaN })],
  ['a quantity 0 in the last item', (order) => withLast(order, { productId: 1, quantity: 0 })],
  ['a productId undefined in the last item', (order) => withLast(order, { quantity: 1 })],
  ['a productId null in the last item', (order) => withLast(order, { productId: null, quantity: 1 })],
];

/**
 * What became of each spoilt order, and what Redis held then. All are added at once: where none was taken and nothing was
 * written, one look tells it of each. Else they are added again one by one, to say which of them it was.
 */
async function* refusals(
  redis: Redis,
  { add, order }: { add: (order: Order) => Promise<unknown>; order: Order },
): AsyncGenerator<{ what: string; name: string; now: Record<string, unknown> }> {
  const spoilt = notOrders.map(([what, spoil]) => ({ what, call: () => nameOf(add(spoil(order) as Order)) }));
  const state = await stateOf(redis);
  const names = await Promise.all(spoilt.map(({ call }) => call()));
  const refused = names.every((name) => name === 'TypeError');
  if (refused && isDeepStrictEqual(await stateOf(redis), state)) return;
  await putBack(redis, state);
  for (const { what, call } of spoilt) yield { what, name: await call(), now: await everything(redis) };
}

const withLast = (order: Order, item: object) => ({ ...order, items: [...order.items, item] });

check(
  '03.fields.exact',
  'addOrderToRedisFieldByField() writes every field',
  1,
  async ({ lab, redis, draw, expect }) => {
    const orders = [anOrder(draw, draw.int(1, 90), 2), { ...anOrder(draw, 91, 1), createdAt: aDate(draw) }];
    for (const order of orders) {
      await lab.addOrderToRedisFieldByField(order);
      expect(await redis.hgetall(`order:${order.id}`), `order:${order.id} should hold these fields`).toEqual(
        hashOf(order),
      );
    }
  },
);

check(
  '03.fields.trips',
  'addOrderToRedisFieldByField() makes one round trip for each field',
  2,
  async ({ lab, tap, draw, expect }) => {
    for (const items of [1, draw.int(2, 4)]) {
      tap.redis.holdMs = 2;
      tap.meter.reset();
      await lab.addOrderToRedisFieldByField(anOrder(draw, 12, items));
      const { trips } = tap.meter;
      const fields = 4 + 2 * items;
      const sentence = `An order with ${items} item(s) has ${fields} fields, so this should take ${fields} trips, not ${trips}: here each HSET is awaited before the next, to see what that costs`;
      expect(trips, sentence).toBe(fields);
    }
  },
);

check(
  '03.fields.values',
  'addOrderToRedisFieldByField() refuses what is not an order, before it writes',
  1,
  async ({ lab, redis, draw, expect }) => {
    await lab.addOrderToRedisFieldByField(anOrder(draw, 6)); // an order is not refused
    await redis.flushall();
    const add = (order: Order) => lab.addOrderToRedisFieldByField(order);
    for await (const { what, name, now } of refusals(redis, { add, order: anOrder(draw, 7, 2) })) {
      expect(name, `${what}: say so with a TypeError`).toBe('TypeError');
      const sentence = `${what}: nothing may be written. Look at all values first, and write then`;
      expect(now, sentence).toEqual({});
    }
  },
);

check(
  '03.add.exact',
  'addOrderToRedis() writes the order as a hash, with all its items',
  2,
  async ({ lab, redis, draw, expect }) => {
    for (const items of [1, draw.int(2, 9), 12, 260]) {
      const order = anOrder(draw, draw.int(1, 9_999), items);
      await lab.addOrderToRedis(order);
      const hash = await redis.hgetall(`order:${order.id}`);
      expect(Object.keys(hash).length, `An order with ${items} items has ${4 + 2 * items} fields`).toBe(
        4 + 2 * items,
      );
      expect(hash, 'The fields are not those of the order').toEqual(hashOf(order));
    }
  },
);

check(
  '03.add.date',
  'addOrderToRedis() writes created_at where the order has a date',
  1,
  async ({ lab, redis, draw, expect }) => {
    const createdAt = aDate(draw);
    await lab.addOrderToRedis({ ...anOrder(draw, 21), createdAt });
    const sentence = 'created_at is ISO 8601 in UTC with milliseconds: what toISOString() gives';
    expect(await redis.hget('order:21', 'created_at'), sentence).toBe(createdAt.toISOString());
    await lab.addOrderToRedis({ ...anOrder(draw, 22), createdAt: undefined });
    await lab.addOrderToRedis(anOrder(draw, 23));
    const fields = await Promise.all([
      redis.hexists('order:22', 'created_at'),
      redis.hexists('order:23', 'created_at'),
    ]);
    expect(fields, 'Without a date there is no field created_at: neither empty nor "undefined"').toEqual([
      0, 0,
    ]);
  },
);

check(
  '03.add.empty',
  'addOrderToRedis() writes an order without items',
  1,
  async ({ lab, redis, draw, expect }) => {
    const order = anOrder(draw, 31, 0);
    await lab.addOrderToRedis(order);
    const sentence = 'An order may have no items: it is written all the same, with items_count 0';
    expect(await redis.hgetall('order:31'), sentence).toEqual(hashOf(order));
  },
);

check(
  '03.add.as-given',
  'addOrderToRedis() writes amounts and ids to the last digit',
  2,
  async ({ lab, redis, draw, expect }) => {
    const amounts = [
      `${draw.int(1, 9)}.10`,
      '100.00',
      '1999',
      `${draw.int(1, 9)}${'9'.repeat(62)}.01`,
      '0.005',
    ];
    for (const totalAmount of amounts) {
      await lab.addOrderToRedis({ ...anOrder(draw, 41), totalAmount });
      const got = await redis.hget('order:41', 'total_amount');
      expect(got, 'The amount is the very text that was given: no float, no rounding').toBe(totalAmount);
    }
    const id = Number.MAX_SAFE_INTEGER - draw.int(0, 9);
    const order = { ...anOrder(draw, id), userId: id - 1 };
    await lab.addOrderToRedis(order);
    expect(await redis.hgetall(`order:${id}`), `An id may be as large as ${id}`).toEqual(hashOf(order));
  },
);

check(
  '03.add.one-trip',
  'addOrderToRedis() takes one round trip',
  3,
  async ({ lab, redis, tap, draw, expect }) => {
    for (const [what, items] of [
      ['A new order', 8],
      ['The same order again, with fewer items', 3],
    ] as const) {
      const order = anOrder(draw, 51, items);
      tap.redis.holdMs = 5;
      tap.meter.reset();
      await lab.addOrderToRedis(order);
      const { trips } = tap.meter;
      const sentence = `${what} took ${trips} trips. Send what belongs together at once: one HSET takes all fields, MULTI or a script takes all commands`;
      expect(trips <= 1, sentence).toBe(true);
      expect((await redis.hgetall('order:51')).total_amount, 'And it must arrive').toBe(order.totalAmount);
    }
  },
);

check(
  '03.add.stale',
  'addOrderToRedis() leaves nothing of the order as it was',
  2,
  async ({ lab, redis, draw, expect }) => {
    await put(redis, { ...anOrder(draw, 61, 12), createdAt: aDate(draw) });
    for (const items of [draw.int(2, 5), 1, 0]) {
      const order = anOrder(draw, 61, items);
      await lab.addOrderToRedis(order);
      const sentence = `The order has ${items} items now, and had more: HSET only adds and overwrites, so item fields (or a date) of the old one are still there`;
      expect(await redis.hgetall('order:61'), sentence).toEqual(hashOf(order));
    }
  },
);

check(
  '03.add.at-once',
  'addOrderToRedis() changes an order in one step',
  3,
  async ({ lab, redis, tap, draw, expect }) => {
    const before = { ...anOrder(draw, 71, 3), createdAt: aDate(draw) };
    const after = anOrder(draw, 71, 1);
    await put(redis, before);
    tap.meter.reset();
    await lab.addOrderToRedis(after);
    const { commands } = tap.redis.counts();
    expect(await redis.hget('order:71', 'items_count'), 'The order was not written at all').toBe('1');
    for (let at = 1; at < Math.min(commands, 7); at++) {
      await redis.flushall();
      await put(redis, before);
      const hash = await stoppedAfter({ redis, tap }, at, {
        work: () => lab.addOrderToRedis(after).catch(() => undefined),
        look: () => redis.hgetall('order:71'),
      });
      const place = `This is what any reader could find between command ${at} and the next (of ${commands}), and what a process killed there leaves`;
      expect(Object.keys(hash).length > 0, `${place}: no order at all`).toBe(true);
      const whole = [hashOf(before), hashOf(after)].map((one) => JSON.stringify(Object.entries(one).sort()));
      const sentence = `${place}: neither the old order nor the new one. Put it all into one MULTI, or one script`;
      expect(whole, sentence).toContain(JSON.stringify(Object.entries(hash).sort()));
    }
  },
);

check(
  '03.add.values',
  'addOrderToRedis() refuses what is not an order, before it writes',
  3,
  async ({ lab, redis, draw, expect }) => {
    await lab.addOrderToRedis(anOrder(draw, 6)); // an order is not refused
    await put(redis, anOrder(draw, 7, 2));
    const there = await everything(redis);
    const add = (order: Order) => lab.addOrderToRedis(order);
    for await (const { what, name, now } of refusals(redis, { add, order: anOrder(draw, 7, 2) })) {
      expect(name, `${what}: Redis would take it, and somebody would add it up. Throw a TypeError`).toBe(
        'TypeError',
      );
      expect(now, `${what}: nothing may be written or deleted`).toEqual(there);
    }
    const invalid = { ...anOrder(draw, 7), createdAt: new Date(Number.NaN) };
    const name = await nameOf(lab.addOrderToRedis(invalid));
    expect(name, 'createdAt is an invalid date: refuse it').not.toBe('resolved');
    expect(await everything(redis), 'An invalid date: nothing may be written or deleted').toEqual(there);
  },
);

check(
  '03.add.others',
  'addOrderToRedis() does not touch other keys',
  1,
  async ({ lab, redis, draw, expect }) => {
    const others = [anOrder(draw, 8), anOrder(draw, 80), anOrder(draw, 811)];
    for (const order of others) await put(redis, order);
    await redis.mset('order:81:lock', 'x', 'order:count', '4', 'product_sold:1', '7');
    const there = await everything(redis);
    const order = anOrder(draw, 81, 4);
    await lab.addOrderToRedis(order);
    await lab.addOrderToRedis(anOrder(draw, 81, 2));
    const now = await everything(redis);
    expect(Object.hasOwn(now, 'order:81'), 'The order was not written at all').toBe(true);
    const kept = Object.fromEntries(Object.keys(there).map((key) => [key, now[key]]));
    expect(kept, 'Keys of others, and other orders, must stay as they were').toEqual(there);
  },
);

check(
  '03.add.index',
  'addOrderToRedis() leaves orders:index complete, or absent',
  2,
  async ({ lab, redis, draw, expect }) => {
    const ids = [3, 20, draw.int(100, 900)];
    for (const id of ids) await put(redis, anOrder(draw, id));
    const added = draw.int(1_000, 9_000);
    const whole = [...ids, added].map(String);
    const index = () => redis.zrange('orders:index', '0', '-1', 'WITHSCORES');
    const right = (list: string[]) => list.flatMap((id) => [id, id]);
    await lab.addOrderToRedis(anOrder(draw, added));
    expect(await redis.exists(`order:${added}`), 'The order was not written at all').toBe(1);
    const made = await index();
    const sentence =
      'There was no orders:index, and now there is one without the orders that were there: whoever reads through it no longer finds them';
    if (made.length > 0) expect(made, sentence).toEqual(right(whole));
    await redis.del('orders:index', `order:${added}`);
    await redis.zadd('orders:index', ...ids.flatMap((id) => [id, id]));
    await lab.addOrderToRedis(anOrder(draw, added));
    await lab.addOrderToRedis(anOrder(draw, ids[1]!, 1));
    const kept = await index();
    // Who keeps no index leaves it alone; who does, has member and score right.
    if (kept.length !== 2 * ids.length)
      expect(kept, 'The index has the id of each order as member and as score').toEqual(right(whole));
    else expect(kept, 'The index lost orders or changed their scores').toEqual(right(ids.map(String)));
  },
);

check(
  '03.add.errors',
  'addOrderToRedis() passes on an error of Redis',
  2,
  async ({ lab, redis, draw, expect }) => {
    await lab.addOrderToRedis(anOrder(draw, 91));
    const name = await withoutRights(redis, '-@hash', () => nameOf(lab.addOrderToRedis(anOrder(draw, 92))));
    const sentence =
      'Redis refused to write the order, and the function resolved as if it were there. Look at the errors of the replies, and do not catch what you cannot mend';
    expect(name, sentence).not.toBe('resolved');
  },
);
