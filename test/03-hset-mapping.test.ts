import { isDeepStrictEqual } from 'node:util';
import type { ExpectStatic } from '@vitest/expect';
import type { Redis } from 'ioredis';
import { countOf } from '../kit/base/count-of.ts';
import type { CheckFixtures } from '../kit/judge/definition.ts';
import { withoutRights } from '../kit/judge/rights.ts';
import type { Draw } from '../kit/judge/seed.ts';
import { checksOf } from '../src/checks.ts';
import type { AddOrders } from '../src/contracts/add-orders.ts';
import type { Order } from '../src/contracts/order.ts';
import { newClients } from './support/new-clients.ts';
import { notOrders } from './support/not-orders.ts';
import { oneOf } from './support/one-of.ts';
import { redisGoesAway } from './support/redis-goes-away.ts';
import { putBack, stateOf } from './support/redis-state.ts';
import { saying } from './support/saying.ts';
import { settles } from './support/settles.ts';
import { stoppedAfter } from './support/stopped-after.ts';
import { outcomeOf, thrown } from './support/throws.ts';
import { until } from './support/until.ts';

const check = checksOf<AddOrders>('03-hset-mapping');

/** An order with drawn contents: no value is at a limit, and no float changes the amount. Other checks are for these. */
function anOrder(draw: Draw, id: number, items = draw.int(1, 3)): Order {
  return {
    id,
    userId: draw.int(2, 900),
    totalAmount: `${draw.int(1, 9_999)}.${draw.int(0, 9)}${draw.int(1, 9)}`,
    items: Array.from({ length: items }, () => ({ productId: draw.int(2, 500), quantity: draw.int(2, 9) })),
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

/** What a float makes another text of. */
const amountsOf = (draw: Draw) => [
  `${draw.int(1, 9)}.10`,
  '100.00',
  '1999',
  '0',
  '0.00',
  '0.005',
  `${draw.int(1, 9)}${'9'.repeat(62)}.01`,
  `${draw.int(1, 9)}${'0'.repeat(299)}.${'0'.repeat(99)}1`,
];

/** The smallest ids and quantities that there are, and the largest. */
const extremes = [1, Number.MAX_SAFE_INTEGER].map(
  (n): Order => ({ id: n, userId: n, totalAmount: '12.34', items: [{ productId: n, quantity: n }] }),
);

type Fixtures = Pick<CheckFixtures<AddOrders>, 'lab' | 'redis' | 'draw' | 'undisturbed'>;

/** What a check goes on to ask says nothing where a plain order is not written in the first place. */
const written = (
  { lab, redis, draw, undisturbed, expect }: Fixtures & { expect: ExpectStatic },
  without: string,
) =>
  undisturbed({ see: '03.add.exact', without }, async () => {
    const order = anOrder(draw, 5, 1);
    await lab.addOrderToRedis(order);
    const { created_at: _, ...hash } = await redis.hgetall('order:5');
    expect(hash, 'order:5 should hold these fields').toEqual(hashOf(order));
    await redis.flushdb();
  });

/**
 * What became of each spoilt order, and what Redis held then. All are added at once: where none was taken and nothing was
 * written, one look tells it of each. Else they are added again one by one, to say which of them it was.
 */
async function* refusals(
  redis: Redis,
  { add, order }: { add: (order: Order) => Promise<unknown>; order: Order },
): AsyncGenerator<{ what: string; outcome: string; now: Record<string, unknown> }> {
  const spoilt = notOrders.map(([what, spoil]) => ({
    what,
    call: () => outcomeOf(add(spoil(order) as Order)),
  }));
  const state = await stateOf(redis);
  const outcomes = await Promise.all(spoilt.map(({ call }) => call()));
  const refused = outcomes.every((outcome) => outcome === 'TypeError');
  if (refused && isDeepStrictEqual(await stateOf(redis), state)) return;
  await putBack(redis, state);
  for (const { what, call } of spoilt) yield { what, outcome: await call(), now: await everything(redis) };
}

check(
  '03.fields.exact',
  'addOrderToRedisFieldByField() writes every field, and nothing else',
  1,
  async ({ lab, redis, draw, expect }) => {
    const [amount] = amountsOf(draw);
    const orders: [string, Order][] = [
      ['An order with two items', anOrder(draw, draw.int(2, 90), 2)],
      ['An order with a date', { ...anOrder(draw, 91, 1), createdAt: aDate(draw) }],
      ['An order without a date', { ...anOrder(draw, 92, 1), createdAt: undefined }],
      ['An order without items', anOrder(draw, 93, 0)],
      ['An order with 12 items', anOrder(draw, 94, 12)],
      [`An order with the amount ${amount}`, { ...anOrder(draw, 95, 1), totalAmount: amount! }],
      ...extremes.map((order): [string, Order] => [
        `An order whose ids and quantities are ${order.id}`,
        order,
      ]),
    ];
    for (const [what, order] of orders) {
      await saying(`${what} is an order, and is written`, lab.addOrderToRedisFieldByField(order));
      const hash = await redis.hgetall(`order:${order.id}`);
      expect(hash, `${what}: order:${order.id} should hold these fields`).toEqual(hashOf(order));
    }
    const other = anOrder(draw, 94, 12);
    await lab.addOrderToRedisFieldByField(other);
    const sentence =
      'The order was there already, and is written again with other values: these are the new ones';
    expect(await redis.hgetall('order:94'), sentence).toEqual(hashOf(other));
    const keys = orders.map(([, { id }]) => `order:${id}`);
    expect((await redis.keys('*')).sort(), 'Only the keys order:<id> are written').toEqual(keys.sort());
  },
);

check(
  '03.fields.trips',
  'addOrderToRedisFieldByField() makes one round trip for each field',
  2,
  async ({ lab, redis, tap, draw, undisturbed, expect }) => {
    const orders = [1, draw.int(2, 4), 0].map((items) => anOrder(draw, 12, items));
    orders.push({ ...anOrder(draw, 12, 1), createdAt: aDate(draw) });
    await undisturbed({ see: '03.fields.exact', without: 'a count of the trips' }, async () => {
      for (const order of orders) {
        await redis.flushdb();
        await lab.addOrderToRedisFieldByField(order);
        const sentence = 'order:12 should hold these fields, and no other key be there';
        expect(await everything(redis), sentence).toEqual({ 'order:12': hashOf(order) });
      }
    });
    for (const order of orders) {
      tap.redis.holdMs = 2;
      tap.meter.reset();
      await lab.addOrderToRedisFieldByField(order);
      const { trips } = tap.meter;
      const fields = Object.keys(hashOf(order)).length;
      const what = `An order with ${countOf(order.items.length, 'item')} and ${order.createdAt ? 'a' : 'no'} date`;
      const sentence = `${what} has ${fields} fields, so this should take ${countOf(fields, 'trip')}, not ${trips}: here each HSET is awaited before the next, to see what that costs`;
      expect(trips === fields, sentence).toBe(true);
    }
  },
);

check(
  '03.fields.values',
  'addOrderToRedisFieldByField() refuses what is not an order, before it writes',
  1,
  async ({ lab, redis, draw, undisturbed, expect }) => {
    await undisturbed({ see: '03.fields.exact', without: 'a wrong value' }, () =>
      lab.addOrderToRedisFieldByField(anOrder(draw, 6)),
    );
    await redis.flushdb();
    const add = (order: Order) => lab.addOrderToRedisFieldByField(order);
    for await (const { what, outcome, now } of refusals(redis, { add, order: anOrder(draw, 7, 2) })) {
      const refuse = `addOrderToRedisFieldByField() was given an order with ${what}, which no order has: refuse it with a TypeError, before anything is written`;
      thrown(outcome, 'TypeError', refuse);
      const sentence = `addOrderToRedisFieldByField() refused an order with ${what}, and had written some of it by then. Look at all values first, and write then`;
      expect(now, sentence).toEqual({});
    }
  },
);

check(
  '03.add.exact',
  'addOrderToRedis() writes the order as a hash, with all its items',
  2,
  async ({ lab, redis, draw, expect }) => {
    const orders = [1, draw.int(2, 9), 12, 260].map((items, i) =>
      anOrder(draw, 1_000 * i + draw.int(2, 999), items),
    );
    for (const order of orders) {
      await lab.addOrderToRedis(order);
      // A date that nobody asked for is for another check.
      const { created_at: _, ...hash } = await redis.hgetall(`order:${order.id}`);
      const fields = 4 + 2 * order.items.length;
      const got = Object.keys(hash).length;
      const many = `An order with ${countOf(order.items.length, 'item')} has ${fields} fields, and ${got} are there`;
      expect(got === fields, many).toBe(true);
      expect(hash, 'The fields are not those of the order').toEqual(hashOf(order));
    }
  },
);

check(
  '03.add.date',
  'addOrderToRedis() writes created_at where the order has a date',
  1,
  async ({ lab, redis, draw, undisturbed, expect }) => {
    await written({ lab, redis, draw, undisturbed, expect }, 'a date');
    // 1970 began at 0, which is a moment as any other.
    for (const createdAt of [aDate(draw), new Date(0)]) {
      await lab.addOrderToRedis({ ...anOrder(draw, 21), createdAt });
      const sentence = 'created_at is ISO 8601 in UTC with milliseconds: what toISOString() gives';
      expect(await redis.hget('order:21', 'created_at'), sentence).toBe(createdAt.toISOString());
    }
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
  async ({ lab, redis, draw, undisturbed, expect }) => {
    await written({ lab, redis, draw, undisturbed, expect }, 'an empty list of items');
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
  async ({ lab, redis, draw, undisturbed, expect }) => {
    await written({ lab, redis, draw, undisturbed, expect }, 'unusual values');
    for (const totalAmount of amountsOf(draw)) {
      const amount = `An order with the amount ${totalAmount} is an order, and is written`;
      await saying(amount, lab.addOrderToRedis({ ...anOrder(draw, 41), totalAmount }));
      const got = await redis.hget('order:41', 'total_amount');
      expect(got, 'The amount is the very text that was given: no float, no rounding').toBe(totalAmount);
    }
    for (const order of extremes) {
      const sentence = `Ids and quantities may be ${order.id}, and are written to the last digit`;
      await saying(sentence, lab.addOrderToRedis(order));
      expect(await redis.hgetall(`order:${order.id}`), sentence).toEqual(hashOf(order));
    }
  },
);

check(
  '03.add.one-trip',
  'addOrderToRedis() takes one round trip',
  3,
  async ({ lab, redis, tap, draw, undisturbed, expect }) => {
    // It also connects, and Redis knows a script from then on: what is measured comes after.
    await written({ lab, redis, draw, undisturbed, expect }, 'a count of the trips');
    const orders: [string, Order][] = [
      ['A new order', { ...anOrder(draw, 51, 8), createdAt: aDate(draw) }],
      ['The same order again, with fewer items', anOrder(draw, 51, 3)],
      ['An order with 260 items', anOrder(draw, 52, 260)],
      ['A new order while there is an index', anOrder(draw, 53, 2)],
    ];
    for (const [what, order] of orders) {
      if (order.id === 53) await redis.zadd('orders:index', 51, '51', 52, '52');
      tap.redis.holdMs = 5;
      tap.meter.reset();
      await lab.addOrderToRedis(order);
      const { trips } = tap.meter;
      const sentence = `${what} took ${trips} trips. Send what belongs together at once: one HSET takes all fields, MULTI or a script takes all commands`;
      expect(trips <= 1, sentence).toBe(true);
      const got = await redis.hget(`order:${order.id}`, 'total_amount');
      expect(got, `${what} must arrive`).toBe(order.totalAmount);
    }
  },
);

check(
  '03.add.stale',
  'addOrderToRedis() leaves nothing of the order as it was',
  2,
  async ({ lab, redis, draw, undisturbed, expect }) => {
    await written({ lab, redis, draw, undisturbed, expect }, 'an older order under its id');
    await put(redis, { ...anOrder(draw, 61, 12), createdAt: aDate(draw) });
    await redis.hset('order:61', { note: 'x', item_4999_product_id: '1', item_4999_quantity: '1' });
    for (const items of [draw.int(2, 5), 1, 0]) {
      const order = anOrder(draw, 61, items);
      await lab.addOrderToRedis({ ...order, id: 62 });
      const fresh: Record<string, string> = { ...(await redis.hgetall('order:62')), id: '61' };
      const missing = (await redis.del('order:62')) === 0;
      if (missing && items === 0) continue; // 03.add.empty says so
      await lab.addOrderToRedis(order);
      const hash = await redis.hgetall('order:61');
      const stale = Object.keys(hash).filter((field) => !Object.hasOwn(fresh, field));
      const sentence = `The order has ${items} items now, and fields of the order as it was are still there: HSET only adds and overwrites`;
      expect(stale, sentence).toEqual([]);
      expect(hash, 'order:61 was there already, and should hold the new values now').toEqual(fresh);
    }
  },
);

/** Orders that change, and what is special about it. */
const changes = (draw: Draw): { before?: Order; after: Order; index?: true }[] => [
  { before: { ...anOrder(draw, 71, 3), createdAt: aDate(draw) }, after: anOrder(draw, 71, 1) },
  { before: anOrder(draw, 72, 2), after: { ...anOrder(draw, 72, 260), createdAt: aDate(draw) } },
  { after: { ...anOrder(draw, 73, 2), createdAt: aDate(draw) }, index: true },
];

check(
  '03.add.at-once',
  'addOrderToRedis() changes an order in one step',
  3,
  async ({ lab, redis, tap, draw, undisturbed, expect }) => {
    for (const { before, after, index } of changes(draw)) {
      const { id } = after;
      const prepare = async () => {
        await redis.flushdb();
        if (before) await put(redis, before);
        if (index) await redis.zadd('orders:index', 3, '3', 20, '20');
      };
      const seen = async () => JSON.stringify(Object.entries(await redis.hgetall(`order:${id}`)).sort());
      const hashOfText = (text: string) => Object.fromEntries(JSON.parse(text));
      const indexed = async () => (await redis.zscore('orders:index', `${id}`)) !== null;
      await prepare();
      const old = await seen();
      const commands = await undisturbed(
        { see: '03.add.exact', without: 'a reader in between' },
        async () => {
          tap.meter.reset();
          await lab.addOrderToRedis(after);
          const count = await redis.hget(`order:${id}`, 'items_count');
          expect(count, `items_count of order:${id}`).toBe(`${after.items.length}`);
          return tap.redis.counts().commands;
        },
      );
      const [now, inIndex] = [await seen(), await indexed()];
      for (const at of placesIn(commands)) {
        await prepare();
        const [got, has] = await stoppedAfter({ redis, tap }, at, {
          work: () => lab.addOrderToRedis(after).catch(() => undefined),
          look: () => Promise.all([seen(), indexed()]),
        });
        const place = `This is what any reader could find between command ${at} and the next (of ${commands}), and what a process killed there leaves`;
        expect(got !== '[]' || old === '[]', `${place}: no order at all`).toBe(true);
        const sentence = `${place}: neither the old order nor the new one. Put it all into one MULTI, or one script`;
        oneOf(
          hashOfText(got),
          { 'the old order': hashOfText(old), 'the new one': hashOfText(now) },
          sentence,
        );
        const apart = `${place}: the order is ${got === old ? 'not there yet' : 'there'}, and orders:index ${has ? 'has' : 'lacks'} it. Where the index has it in the end it is added in the same step`;
        expect(has === (inIndex && got !== old), apart).toBe(true);
      }
    }
  },
);

/** After which of its commands a call is looked at: the first six, and the last three. */
const placesIn = (commands: number): number[] =>
  Array.from({ length: Math.max(0, commands - 1) }, (_, i) => i + 1).filter(
    (at) => at <= 6 || at >= commands - 3,
  );

check(
  '03.add.values',
  'addOrderToRedis() refuses what is not an order, before it writes',
  3,
  async ({ lab, redis, draw, undisturbed, expect }) => {
    await written({ lab, redis, draw, undisturbed, expect }, 'a wrong value');
    await put(redis, anOrder(draw, 7, 2));
    const there = await everything(redis);
    const add = (order: Order) => lab.addOrderToRedis(order);
    for await (const { what, outcome, now } of refusals(redis, { add, order: anOrder(draw, 7, 2) })) {
      const refuse = `addOrderToRedis() was given an order with ${what}: Redis would take it, and somebody would add it up. Refuse it with a TypeError`;
      thrown(outcome, 'TypeError', refuse);
      const changed = `addOrderToRedis() refused an order with ${what}, and had written or deleted something by then. Look at all values first`;
      expect(now, changed).toEqual(there);
    }
  },
);

check(
  '03.add.others',
  'addOrderToRedis() touches no other key, and leaves no connection open',
  1,
  async ({ lab, redis, draw, undisturbed, expect }) => {
    await written({ lab, redis, draw, undisturbed, expect }, 'other keys');
    const others = [anOrder(draw, 8), anOrder(draw, 80), anOrder(draw, 811)];
    for (const order of others) await put(redis, order);
    await redis.mset('order:81:lock', 'x', 'order:count', '4', 'product_sold:1', '7');
    const there = await everything(redis);
    const opened = await newClients(redis);
    for (const items of [4, 2, 3]) await lab.addOrderToRedis(anOrder(draw, 81, items));
    const now = await everything(redis);
    const kept = Object.fromEntries(Object.keys(there).map((key) => [key, now[key]]));
    expect(
      kept,
      'addOrderToRedis() wrote order 81: keys of others, and other orders, must stay as they were',
    ).toEqual(there);
    const own = ['order:81', 'orders:index'];
    const more = Object.keys(now).filter((key) => !Object.hasOwn(there, key) && !own.includes(key));
    expect(more, 'addOrderToRedis() left keys that are neither the order nor the index').toEqual([]);
    // One that is kept and used again is nobody's fault.
    await until(async () => (await opened()) <= 1, 1_000);
    const left = await opened();
    const open = `addOrderToRedis() was called three times, and ${left} connections that this opened are still open: close what you open`;
    expect(left <= 1, open).toBe(true);
  },
);

check(
  '03.add.index',
  'addOrderToRedis() leaves orders:index complete, or absent',
  2,
  async ({ lab, redis, draw, undisturbed, expect }) => {
    await written({ lab, redis, draw, undisturbed, expect }, 'an index');
    const ids = [3, 20, draw.int(100, 900)];
    for (const id of ids) await put(redis, anOrder(draw, id));
    const added = draw.int(1_000, 9_000);
    const whole = [...ids, added].map(String);
    const index = () => redis.zrange('orders:index', '0', '-1', 'WITHSCORES');
    const right = (list: string[]) => list.flatMap((id) => [id, id]);
    const addedWithoutIndex = async (when: string) => {
      await lab.addOrderToRedis(anOrder(draw, added));
      const made = await index();
      const sentence = `There was no orders:index ${when}, and now there is one without the orders that were there: whoever reads through it no longer finds them`;
      if (made.length > 0) expect(made, sentence).toEqual(right(whole));
      await redis.del('orders:index', `order:${added}`);
    };
    await addedWithoutIndex('before the call');
    await redis.zadd('orders:index', ...ids.flatMap((id) => [id, id]));
    await lab.addOrderToRedis(anOrder(draw, added));
    await lab.addOrderToRedis(anOrder(draw, ids[1]!, 1));
    const kept = await index();
    // Who keeps no index leaves it alone; who does, has member and score right.
    if (kept.length !== 2 * ids.length)
      expect(kept, 'The index has the id of each order as member and as score').toEqual(right(whole));
    else expect(kept, 'The index lost orders or changed their scores').toEqual(right(ids.map(String)));
    // A process that began while there was an index may not take it for granted.
    await lab.$crash();
    await lab.addOrderToRedis(anOrder(draw, ids[1]!, 1));
    await redis.del('orders:index', `order:${added}`);
    await addedWithoutIndex('any more, as it was deleted');
  },
);

check(
  '03.add.errors',
  'Both functions pass on an error of Redis',
  2,
  async ({ lab, redis, tap, draw, undisturbed, expect }) => {
    await written({ lab, redis, draw, undisturbed, expect }, 'an error of Redis');
    await undisturbed({ see: '03.fields.exact', without: 'an error of Redis' }, () =>
      lab.addOrderToRedisFieldByField(anOrder(draw, 91)),
    );
    const outcome = (name: string, call: Promise<unknown>) =>
      settles(
        `Redis could not be reached, and ${name} went on and on. The first command that fails is the end of it: let its error reach the caller`,
        outcomeOf(call),
      );
    const both = async () => {
      const [whole, fields] = await Promise.all([
        outcome('addOrderToRedis', lab.addOrderToRedis(anOrder(draw, 92))),
        outcome('addOrderToRedisFieldByField', lab.addOrderToRedisFieldByField(anOrder(draw, 93))),
      ]);
      return { addOrderToRedis: whole, addOrderToRedisFieldByField: fields };
    };
    const refused = await withoutRights(redis, '-@hash', both);
    await redisGoesAway(tap);
    const away = await both();
    for (const [what, names] of Object.entries({
      'Redis refused to write the order': refused,
      'Redis could not be reached': away,
    })) {
      for (const [name, got] of Object.entries(names)) {
        const sentence = `${what}, and ${name} resolved as if the order had been written. Look at the errors of the replies, and do not catch what you cannot mend`;
        expect(!got.startsWith('it resolved'), sentence).toBe(true);
      }
    }
  },
);
