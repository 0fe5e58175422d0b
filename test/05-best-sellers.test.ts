import { isDeepStrictEqual } from 'node:util';
import type { Redis } from 'ioredis';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import type { CheckFixtures } from '../kit/judge/definition.ts';
import { withoutRights } from '../kit/judge/rights.ts';
import type { Draw } from '../kit/judge/seed.ts';
import { fieldOf, listOf } from '../kit/judge/shapes.ts';
import { thrownBy } from '../kit/judge/thrown-by.ts';
import { checksOf } from '../src/checks.ts';
import type { BestSeller, BestSellers } from '../src/contracts/best-sellers.ts';
import type { Order } from '../src/contracts/order.ts';
import { fixtureProducts } from '../src/worlds/store/fixture.ts';
import { hashOfOrder } from '../src/worlds/store/order-hash.ts';
import { atEachWait } from './support/at-each-wait.ts';
import { killedAfter } from './support/killed-after.ts';
import { moreConnections, openConnections } from './support/open-connections.ts';
import { otherAtEachWait } from './support/other-at-each-wait.ts';
import { plantMany } from './support/plant-many.ts';
import { saying } from './support/saying.ts';
import { notShrunk, scanWhileShrinking } from './support/shrinking-table.ts';
import { begin } from './support/standstill.ts';
import { stoppedAfter } from './support/stopped-after.ts';
import { passes } from './support/time-passes.ts';
import { until, within } from './support/until.ts';

/** A shop of some size, in MySQL: lab 01's data. */
const MANY = 10_050;
/** So many commands may be on their way at once: a thousand, and what SCAN gives beyond its COUNT. */
const MAX_IN_FLIGHT = 1_100;
/** More orders in Redis than that: to read costs more than all else, so one report reads these, and the other more. */
const SOME = 1_150;
const MORE = 2_050;

const check = checksOf<BestSellers>('05-best-sellers', { generated: [MANY] });

/** Ids whose texts come in another order than they do, and so few that a report of ten rows has room for two more. */
const IDS = [1, 2, 9, 10, 11, 40, 100];
/** Far more than a rebuild of `MANY` orders needs in pages. */
const MAX_TRIPS = 1_000;
/** More connections than a pool has. */
const MORE_THAN_A_POOL = 11;
/** Far longer than a right solution needs, ms. */
const AGES = 4_000;

const REPORTS = [
  'getHighestSpendingUsers',
  'getBestSellersFromOrders',
  'getBestSellersFromCounters',
  'getBestSellers',
] as const;
const FROM_ORDERS = ['getHighestSpendingUsers', 'getBestSellersFromOrders'] as const;

function anOrder(draw: Draw, id: number, items: [product: number, quantity: number][]): Order {
  const totalAmount = `${draw.int(1, 900)}.${draw.int(10, 99)}`;
  return {
    id,
    userId: draw.pick(IDS),
    totalAmount,
    items: items.map(([productId, quantity]) => ({ productId, quantity })),
  };
}

/** Orders `first`, `first + 1`, ... of the users and the products `IDS`; no product stands in one twice. */
const someOrders = (draw: Draw, n: number, first = 100): Order[] =>
  Array.from({ length: n }, (_, i) => {
    const [from, items] = [draw.int(0, 6), draw.int(1, 4)];
    const products = [...IDS, ...IDS].slice(from, from + items);
    return anOrder(
      draw,
      first + i,
      products.map((product) => [product, draw.int(1, 9)]),
    );
  });

/** The same, of which no two users spent the same and no two products sold the same: that is for 05.reports.ties. */
function unequalOrders(draw: Draw, n: number, also: readonly Order[]): Order[] {
  for (;;) {
    const orders = [...someOrders(draw, n), ...also];
    const [products, users] = [bestOf(orders), spendersOf(orders)];
    const sold = new Set(products.map((row) => row.sold));
    const spent = new Set(users.map((row) => row.spent));
    if (sold.size === products.length && spent.size === users.length) return orders;
  }
}

async function plant(redis: Redis, orders: readonly Order[]): Promise<void> {
  for (let from = 0; from < orders.length; from += 1_000) {
    const pipeline = redis.pipeline();
    for (const order of orders.slice(from, from + 1_000))
      pipeline.hset(`order:${order.id}`, hashOfOrder(order));
    await pipeline.exec();
  }
}

/** The report as it should be. */
function bestOf(orders: readonly Order[], limit = Number.POSITIVE_INFINITY): BestSeller[] {
  const sold = new Map<number, number>();
  for (const { productId, quantity } of orders.flatMap(({ items }) => items))
    sold.set(productId, (sold.get(productId) ?? 0) + quantity);
  return [...sold]
    .map(([productId, n]) => ({ productId, sold: n }))
    .filter((row) => row.sold > 0)
    .sort((a, b) => b.sold - a.sold || a.productId - b.productId)
    .slice(0, limit);
}

function spendersOf(orders: readonly Order[], limit = 1_000) {
  const spent = new Map<number, bigint>();
  for (const { userId, totalAmount } of orders)
    spent.set(userId, (spent.get(userId) ?? 0n) + BigInt(totalAmount.replace('.', '')));
  const rows = [...spent].map(([userId, cents]) => ({ userId, cents }));
  rows.sort((a, b) => (a.cents === b.cents ? a.userId - b.userId : a.cents < b.cents ? 1 : -1));
  return rows.slice(0, limit).map(({ userId, cents }) => {
    const digits = String(cents).padStart(3, '0');
    return { userId, spent: `${digits.slice(0, -2)}.${digits.slice(-2)}` };
  });
}

/** More rows than a check has that is about something else, and no more than there are by default. */
const all = { limit: 10 };

/** What a report gave, as a list. */
const rowsIn = (value: unknown, name: string) => listOf(value, `What ${name}() gives`);

/** A row whose money is in cents, as it is near enough for a check of something else: 05.spenders.money looks at texts. */
function inCents(row: unknown): unknown {
  const spent = fieldOf(row, 'spent');
  if (spent === undefined) return row;
  return { userId: fieldOf(row, 'userId'), cents: Math.round(Number(spent) * 100) };
}

const withoutName = (row: unknown) => ({ productId: fieldOf(row, 'productId'), sold: fieldOf(row, 'sold') });

const idOf = (row: unknown) => String(fieldOf(row, 'productId') ?? fieldOf(row, 'userId'));

/** What a report gave, by id: a mistake in the order of equal rows is for 05.reports.ties to tell. */
function byId(value: unknown, name: string): unknown[] {
  return rowsIn(value, name)
    .map(inCents)
    .toSorted((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
}

/** What a report of so many rows gave, and what it should have: the truth of the same ids; all where they are too few. */
function topOf(value: unknown, { name, truth }: { name: string; truth: readonly object[] }) {
  const got = rowsIn(value, name).map(inCents);
  const right = new Map(truth.map((row) => [idOf(row), inCents(row)]));
  const wanted = got.length < 9 ? truth.slice(0, all.limit) : got.map((row) => right.get(idOf(row)));
  return { got, wanted };
}

/** What counters and sorted set say, by id; a check compares both with what should be there. */
async function reports(
  lab: Pick<CheckFixtures<BestSellers>['lab'], 'getBestSellers' | 'getBestSellersFromCounters'>,
) {
  const fromSet = rowsIn(await lab.getBestSellers(all), 'getBestSellers').map(withoutName);
  return {
    'from the counters': byId(await lab.getBestSellersFromCounters(all), 'getBestSellersFromCounters'),
    'from the sorted set': byId(fromSet, 'getBestSellers'),
  };
}

const both = (rows: readonly BestSeller[]) => {
  const sorted = byId(rows, 'bestOf');
  return { 'from the counters': sorted, 'from the sorted set': sorted };
};

/** How often each is sold after `change` more of a product. */
const changed = (rows: readonly BestSeller[], productId: number, change: number): BestSeller[] => {
  const before = rows.find((row) => row.productId === productId)?.sold ?? 0;
  const others = rows.filter((row) => row.productId !== productId);
  return before + change > 0 ? [...others, { productId, sold: before + change }] : others;
};

/** How often each product was sold, by MySQL's own sum. */
async function soldInMysql(mysql: Connection, schema?: string): Promise<BestSeller[]> {
  const [rows] = await mysql.query<RowDataPacket[]>(
    `SELECT product_id, SUM(quantity) AS sold FROM ${schema ? `\`${schema}\`.` : ''}order_items GROUP BY product_id`,
  );
  return rows
    .map(({ product_id, sold }) => ({ productId: Number(product_id), sold: Number(sold) }))
    .sort((a, b) => b.sold - a.sold || a.productId - b.productId);
}

const soldIn = new Map<string, Promise<BestSeller[]>>();

/** The same of a generated schema: nobody can write to it, so it is asked once in a run. */
function soldInGenerated(mysql: Connection, schema: string): Promise<BestSeller[]> {
  const sold = soldIn.get(schema) ?? soldInMysql(mysql, schema);
  soldIn.set(schema, sold);
  sold.catch(() => soldIn.delete(schema));
  return sold;
}

/** Where to kill a call of so many commands: everywhere, or where there are many at its first and its last ones. */
const places = (commands: number): number[] =>
  Array.from({ length: commands }, (_, i) => i + 1).filter((at) => at <= 5 || at > commands - 5);

/** The same order under another id: what a process remembers of those before is true of no new one. */
const again = (order: Order, n: number): Order => ({ ...order, id: order.id + 10 * n });

check(
  '05.spenders.sum',
  'getHighestSpendingUsers() adds up the orders of each user, most spent first',
  2,
  async ({ lab, redis, draw, expect }) => {
    const apart: Order[] = [
      { id: 20, userId: 500, totalAmount: '95.25', items: [] },
      { id: 21, userId: 501, totalAmount: '100000.50', items: [] },
    ];
    const orders = unequalOrders(draw, draw.int(60, 90), apart);
    await plant(redis, orders);
    const rows = rowsIn(await lab.getHighestSpendingUsers(all), 'getHighestSpendingUsers');
    const wanted = spendersOf(orders);
    const sentence = 'Each user once, with the sum of all their orders (here by id of the user, in cents)';
    expect(byId(rows, 'getHighestSpendingUsers'), sentence).toEqual(byId(wanted, 'spendersOf'));
    const first = 'Who spent most comes first: compare sums as numbers, as text 95.25 is more than 100000.50';
    expect(rows.map(inCents), first).toEqual(wanted.map(inCents));
  },
);

check(
  '05.spenders.money',
  'getHighestSpendingUsers() is exact to the cent, however large the sums are',
  2,
  async ({ lab, redis, draw, expect }) => {
    const amounts: [user: number, amount: string][] = [
      [1, '0.10'],
      [1, '0.20'],
      [2, `${draw.int(10_000_000, 99_999_999)}${draw.int(10_000_000, 99_999_999)}.0${draw.int(1, 9)}`],
      [2, `0.0${draw.int(1, 9)}`],
      [3, '1.10'],
      [3, `${draw.int(1, 9)}.90`],
      [4, '0.05'],
      [5, '9007199254740993.01'],
      [5, '0.01'],
    ];
    const spent = async (some: typeof amounts) => {
      const orders = some.map(
        ([userId, totalAmount], i): Order => ({ id: 10 + i, userId, totalAmount, items: [] }),
      );
      await redis.flushdb();
      await plant(redis, orders);
      return rowsIn(await lab.getHighestSpendingUsers(all), 'getHighestSpendingUsers');
    };
    const exact =
      'Sums must be exact, with two places: as a float 0.10 + 0.20 is 0.30000000000000004, and beyond 2^53 cents a number loses cents too. Use bigint';
    const orders = amounts.map(
      ([userId, totalAmount], i): Order => ({ id: 10 + i, userId, totalAmount, items: [] }),
    );
    const byUser = (rows: readonly unknown[]) => rows.toSorted((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
    expect(byUser(await spent(amounts)), exact).toEqual(byUser(spendersOf(orders)));
    const whole = draw.int(20, 90);
    const places =
      "An amount may have two places, one or none: '12.5' is 12 and 50 cents, '12' is 12 and no cents. The sum has two";
    expect(
      byUser(
        await spent([
          [1, `${whole}`],
          [1, '0.25'],
          [2, '12.5'],
          [3, '7'],
          [3, '1.5'],
        ]),
      ),
      places,
    ).toEqual([
      { userId: 1, spent: `${whole}.25` },
      { userId: 2, spent: '12.50' },
      { userId: 3, spent: '8.50' },
    ]);
  },
);

check(
  '05.orders.sum',
  'getBestSellersFromOrders() adds up the quantities of each product',
  2,
  async ({ lab, redis, draw, expect }) => {
    const long = Array.from({ length: 14 }, (_, i): [number, number] => [
      50 + (i % 2),
      i % 2 === 0 ? draw.int(1, 9) : draw.int(300, 400),
    ]);
    const orders = unequalOrders(draw, draw.int(30, 50), [anOrder(draw, 7, long), anOrder(draw, 8, [])]);
    await plant(redis, orders);
    const [rows, wanted] = [await lab.getBestSellersFromOrders(all), bestOf(orders)];
    const sentence =
      'Each product once, with the sum of its quantities (here by id), which is not the number of orders. A product may stand in an order twice, and an order may have more than ten items';
    expect(byId(rows, 'getBestSellersFromOrders'), sentence).toEqual(byId(wanted, 'bestOf'));
    const first = 'What was sold most comes first: compare sums as numbers, as text 90 is more than 1000';
    expect(rows, first).toEqual(wanted);
  },
);

check(
  '05.orders.others',
  'The reports from the orders read orders alone',
  1,
  async ({ lab, redis, draw, expect }) => {
    const orders = someOrders(draw, 12);
    await plant(redis, orders);
    const draft = hashOfOrder(anOrder(draw, 900, [[3, 500]]));
    for (const key of [
      'order:900:draft',
      'order:draft',
      'order:2026-01',
      'order:copy:order:7',
      'preorder:900',
    ])
      await redis.hset(key, draft);
    await redis.set(`order:${orders[0]!.id}:lock`, 'mine');
    await redis.set('order:next', '1000');
    await redis.zadd('orders:index', 100, '100');
    const sentence =
      'Keys like order:900:draft, order:draft, order:copy:order:7 or orders:index are not orders: only `order:` and digits is, whatever type the others have';
    for (const name of FROM_ORDERS) {
      const wanted = name === 'getHighestSpendingUsers' ? spendersOf(orders) : bestOf(orders);
      const rows = await saying(`${name}: ${sentence}`, lab[name](all));
      expect(byId(rows, name), `${name}: ${sentence}`).toEqual(byId(wanted, name));
    }
  },
);

check(
  '05.orders.many',
  `The reports from the orders hold for ${MORE.toLocaleString('en')} orders, read in batches`,
  3,
  async ({ lab, redis, tap, draw, expect }) => {
    const key = draw.int(1_000, 60_000);
    const orders: Order[] = [];
    for (const [name, n] of [
      ['getHighestSpendingUsers', SOME],
      ['getBestSellersFromOrders', MORE],
    ] as const) {
      orders.push(...(await plantMany(redis, { key, from: 100 + orders.length, to: 99 + n })));
      tap.redis.holdMs = 2;
      tap.meter.reset();
      const rows = await lab[name](all);
      const { trips } = tap.meter;
      const { largestBacklog: backlog } = tap.redis.counts();
      const truth = name === 'getHighestSpendingUsers' ? spendersOf(orders) : bestOf(orders);
      const { got, wanted } = topOf(rows, { name, truth });
      expect(
        got,
        `With ${n} orders the numbers of ${name} are not the sums of the orders. Perhaps a limit somewhere leaves some out`,
      ).toEqual(wanted);
      const slow = `${n} orders took ${name} ${trips} trips: scan with a larger COUNT and read each batch in one pipeline`;
      expect(trips <= n / 10, slow).toBe(true);
      const much = `${backlog.commands} commands of ${name} were on their way at once: read a batch with at most 1,000 of them, add it up, read the next`;
      expect(backlog.commands <= MAX_IN_FLIGHT, much).toBe(true);
    }
  },
);

check(
  '05.orders.once',
  'The reports from the orders count an order once, also where SCAN gives its key twice',
  2,
  async ({ lab, redis, tap, draw, undisturbed, expect }) => {
    const orders = someOrders(draw, 12);
    for (const name of FROM_ORDERS) {
      await redis.flushdb();
      await plant(redis, orders);
      const wanted = name === 'getHighestSpendingUsers' ? spendersOf(orders) : bestOf(orders);
      await undisturbed(
        { see: '05.orders.sum and 05.spenders.sum', without: 'a key that comes twice' },
        async () => {
          expect(byId(await lab[name](all), name), `${name} is wrong`).toEqual(byId(wanted, name));
        },
      );
      // Each of these orders is of one user and one product, and costs 1.00.
      let twice = false;
      let scans = 0;
      for (const keys of [4_800, 4_800, 19_200]) {
        const seen = await scanWhileShrinking(
          { redis, tap: tap.redis },
          {
            keys,
            call: () =>
              undisturbed({ see: '05.orders.vanish', without: 'a key that comes twice' }, () =>
                lab[name](all),
              ),
          },
        );
        ({ twice, scans } = seen);
        const doubled = rowsIn(seen.value, name).filter(
          (row) => Number(fieldOf(row, 'spent') ?? fieldOf(row, 'sold')) > 1,
        );
        const sentence = `Redis made its table smaller while ${name} ran, SCAN gave some keys twice, and their orders were counted twice: remember which keys you have read`;
        expect(doubled, sentence).toEqual([]);
        if (twice || scans === 0) break;
      }
      // Who asks for so many keys a SCAN that it takes few of them is not given one twice here.
      if (!twice && scans > 8) throw notShrunk();
    }
  },
);

check(
  '05.orders.vanish',
  'The reports from the orders do not stumble over one that is deleted meanwhile',
  1,
  async ({ lab, redis, tap, draw, undisturbed, expect }) => {
    const orders = someOrders(draw, 10);
    const [gone, ...rest] = orders;
    for (const name of FROM_ORDERS) {
      const rows = (some: readonly Order[]) =>
        byId(name === 'getHighestSpendingUsers' ? spendersOf(some) : bestOf(some), name);
      await plant(redis, orders);
      await undisturbed(
        { see: '05.orders.sum and 05.spenders.sum', without: 'an order that is deleted' },
        async () => expect(byId(await lab[name](all), name), `${name} is wrong`).toEqual(rows(orders)),
      );
      const sentence = `Another application deleted order ${gone!.id} while ${name} ran: HGETALL then says {}, which is not an order`;
      for await (const { value } of atEachWait(
        { tap, redis },
        {
          prepare: () => plant(redis, orders),
          call: () => saying(sentence, lab[name](all)),
          step: () => redis.del(`order:${gone!.id}`),
          most: 4,
        },
      )) {
        const got = byId(value, name);
        const right = [orders, rest].map(rows);
        expect(got, sentence).toEqual(right.find((some) => isDeepStrictEqual(some, got)) ?? right[1]);
      }
    }
  },
);

check(
  '05.reports.ties',
  'Of two that are equal the smaller id comes first, also at the limit',
  2,
  async ({ lab, redis, draw, expect }) => {
    const n = draw.int(5, 40);
    const ids = [2, 9, 10, 11, 20, 100, 101, draw.int(200, 900)];
    const orders = ids.map(
      (id, i): Order => ({ ...anOrder(draw, 50 + i, [[id, n]]), userId: id, totalAmount: '10.00' }),
    );
    orders.push({ ...anOrder(draw, 90, [[30, n + 1]]), userId: 30, totalAmount: '11.00' });
    await plant(redis, orders);
    await lab.recordSale({ ...orders[0]!, items: orders.flatMap(({ items }) => items) });
    // Of the first four the last is 10, which as text comes first or last of all.
    for (const limit of [4, 100]) {
      const best = bestOf(orders, limit);
      const wanted = [spendersOf(orders, limit).map(inCents), best, best, best];
      for (const [i, name] of REPORTS.entries()) {
        const rows = rowsIn(await lab[name]({ limit }), name).map((row) =>
          name === 'getBestSellers' ? withoutName(row) : inCents(row),
        );
        const sentence = `${name}: ${ids.length} have the same number. With limit ${limit} the smallest ids come first, as numbers: 9 before 10`;
        expect(rows, sentence).toEqual(wanted[i]);
      }
    }
  },
);

check(
  '05.reports.limit',
  'A report has ten rows by default, and at most `limit`',
  1,
  async ({ lab, redis, draw, expect }) => {
    const orders = Array.from(
      { length: 14 },
      (_, i): Order => ({ ...anOrder(draw, 200 + i, [[1 + i, 1 + i]]), userId: 1 + i }),
    );
    await plant(redis, orders);
    await lab.recordSale({ ...orders[0]!, items: orders.flatMap(({ items }) => items) });
    const few = draw.int(1, 9);
    for (const name of REPORTS) {
      const given = [
        await lab[name](),
        await lab[name]({}),
        await lab[name]({ limit: few }),
        await lab[name]({ limit: 0 }),
        await lab[name]({ limit: 12 }),
      ];
      const lengths = given.map((rows) => rowsIn(rows, name).length);
      const sentence = `${name}: how many rows of 14, without options, with {}, and with a limit of ${few}, 0 and 12`;
      expect(lengths, sentence).toEqual([10, 10, few, 0, 12]);
    }
  },
);

check('05.reports.empty', 'A report of nothing is an empty list', 1, async ({ lab, expect }) => {
  for (const name of REPORTS) {
    const sentence = `${name}: Redis is empty, and so is the report. Perhaps MGET was called without a key, which is an error`;
    expect(await saying(sentence, lab[name]()), sentence).toEqual([]);
  }
});

check(
  '05.reports.errors',
  'An error of Redis is the caller’s: it never looks like a report of nothing, or like a success',
  2,
  async ({ lab, redis, draw, undisturbed, expect }) => {
    const [counted, fresh] = someOrders(draw, 2) as [Order, Order];
    await plant(redis, [counted]);
    await undisturbed(
      { see: '05.record.counts and 05.orders.sum', without: 'an error of Redis' },
      async () => {
        await lab.recordSale(counted);
        for (const name of REPORTS)
          expect(rowsIn(await lab[name](), name).length > 0, `${name} is empty`).toBe(true);
      },
    );
    for (const name of REPORTS) {
      const error = await withoutRights(redis, '-@read', () => thrownBy(lab[name]()));
      const sentence = `Redis refused every command that reads, and ${name} resolved as if nothing had been sold: let the error reach the caller`;
      expect(error !== undefined, sentence).toBe(true);
    }
    for (const [name, order] of [
      ['recordSale', fresh],
      ['revertSale', counted],
    ] as const) {
      const error = await withoutRights(redis, '-@write', () => thrownBy(lab[name](order)));
      const sentence = `Redis refused every command that writes, and ${name} resolved as if it had done its work: let the error reach the caller`;
      expect(error !== undefined, sentence).toBe(true);
    }
  },
);

check(
  '05.counters.report',
  'getBestSellersFromCounters() reads the counters, and leaves out what was not sold',
  2,
  async ({ lab, redis, draw, expect }) => {
    const rows = Array.from({ length: 8 }, (_, i) => ({
      productId: 3 * i + draw.int(1, 3),
      sold: 15 * i + draw.int(0, 14) + 1,
    }));
    rows.push({ productId: 700, sold: 1_000 + draw.int(0, 9) });
    for (const { productId, sold } of rows) await redis.set(`product_sold:${productId}`, sold);
    await redis.mset(
      'product_sold:500',
      '0',
      'product_sold_today',
      '9',
      'product_sold:600:week',
      '4000',
      'product_sold:week:product_sold:3',
      '5000',
      'product_sold:all',
      '70000',
    );
    const wanted = rows.sort((a, b) => b.sold - a.sold);
    const sentence =
      'Only product_sold:<number> is a counter: product_sold_today, product_sold:600:week, product_sold:week:product_sold:3 and product_sold:all are of others';
    const name = 'getBestSellersFromCounters';
    const got = rowsIn(await saying(sentence, lab.getBestSellersFromCounters(all)), name);
    const counters = new Set(['500', ...wanted.map(idOf)]);
    expect(
      got.filter((row) => !counters.has(idOf(row))),
      sentence,
    ).toEqual([]);
    const zero = 'Product 500 was sold 0 times: it is left out';
    expect(
      got.filter((row) => idOf(row) === '500'),
      zero,
    ).toEqual([]);
    const each = 'Each counter is a row: its product, and the number in it (here by id)';
    expect(byId(got, name), each).toEqual(byId(wanted, 'bestOf'));
    const first = 'What was sold most comes first: GET gives text, and as text 9 is more than 10';
    expect(got, first).toEqual(wanted);
  },
);

check(
  '05.counters.trips',
  'getBestSellersFromCounters() does not ask for each counter by itself',
  1,
  async ({ lab, redis, tap, draw, expect }) => {
    const products = draw.int(350, 450);
    const pairs = Array.from({ length: products }, (_, i) => [`product_sold:${i + 1}`, `${i + 1}`]).flat();
    await redis.mset(pairs);
    await lab.getBestSellersFromCounters();
    tap.redis.holdMs = 2;
    tap.meter.reset();
    const rows = await lab.getBestSellersFromCounters({ limit: 3 });
    const { trips } = tap.meter;
    const got = rowsIn(rows, 'getBestSellersFromCounters');
    expect(got.length > 0, 'The report of the counters is empty').toBe(true);
    const sentence = `${products} counters took ${trips} trips. The report asked GET for each of them: one MGET has them all`;
    expect(trips <= 100, sentence).toBe(true);
  },
);

check(
  '05.record.counts',
  'recordSale() counts every item of an order, in the counters and in the sorted set',
  2,
  async ({ lab, draw, expect }) => {
    const orders = someOrders(draw, 4);
    orders.push(
      anOrder(draw, 50, [
        [7, 2],
        [8, 1],
        [7, 3],
        [9, draw.int(1_000_000, 2_000_000)],
      ]),
      anOrder(draw, 51, []),
    );
    for (const order of orders) await lab.recordSale(order);
    const sentence =
      'Each item adds its quantity to its product, also where a product stands in an order twice';
    expect(await reports(lab), sentence).toEqual(both(bestOf(orders)));
  },
);

check(
  '05.record.keys',
  'What is remembered stands under keys that begin with `sales:`',
  1,
  async ({ lab, redis, draw, expect }) => {
    const orders = someOrders(draw, 3);
    for (const order of orders) await lab.recordSale(order);
    await lab.revertSale(orders[0]!);
    const keys = [...(await redis.keys('*'))];
    await lab.rebuildSales();
    keys.push(...(await redis.keys('*')));
    const others = new Set(
      keys.filter((key) => !/^(product_sold:\d+|products:sold|products:names|sales:.*)$/s.test(key)),
    );
    expect(keys.length > 0, 'Nothing stands in Redis after recordSale, revertSale and rebuildSales').toBe(
      true,
    );
    const sentence =
      'Another application may use these keys: what you need beside counters, products:sold and products:names stands under keys that begin with sales:';
    expect([...others].sort(), sentence).toEqual([]);
  },
);

check(
  '05.record.connections',
  'recordSale(), revertSale() and rebuildSales() end the connections that they open',
  1,
  async ({ lab, redis, draw, expect }) => {
    const orders = someOrders(draw, 6);
    const once = async (order: Order) => {
      await lab.recordSale(order);
      await lab.revertSale(order);
      await lab.rebuildSales();
    };
    await once(orders[0]!);
    expect((await redis.keys('*')).length > 0, 'Nothing stands in Redis after all three').toBe(true);
    const before = await openConnections(redis);
    for (const order of orders) await once(order);
    const more = await moreConnections(redis, before);
    const sentence = `Six calls of each left ${more} more connections to Redis open. Who opens one of its own (redis.duplicate()) ends it (disconnect), or uses it again`;
    expect(more <= 1, sentence).toBe(true);
  },
);

check(
  '05.revert.takes-back',
  'revertSale() takes an order back once, and only where it was counted',
  2,
  async ({ lab, draw, expect }) => {
    const orders = someOrders(draw, 3);
    const [first, second, ...rest] = orders as [Order, Order, ...Order[]];
    first.items = [{ productId: 60, quantity: 4 }, ...first.items];
    for (const order of orders) await lab.recordSale(order);
    const wanted = both(bestOf([second, ...rest]));
    await lab.revertSale(first);
    const once =
      'One of three orders was taken back: what was counted for it goes, and a product with 0 sold is left out';
    expect(await reports(lab), once).toEqual(wanted);
    await lab.revertSale(first);
    const twice = 'The same order was taken back a second time: it is not counted any more, so nothing goes';
    expect(await reports(lab), twice).toEqual(wanted);
    await lab.revertSale(anOrder(draw, 5, [[second.items[0]!.productId, 1]]));
    const never = 'An order was taken back that was never counted: nothing goes';
    expect(await reports(lab), never).toEqual(wanted);
  },
);

check(
  '05.revert.what-was-counted',
  'revertSale() takes back what was counted, also where the order has changed since',
  2,
  async ({ lab, draw, expect }) => {
    const [order, other] = someOrders(draw, 2) as [Order, Order];
    await lab.recordSale(order);
    await lab.recordSale(other);
    const changed = order.items.map(({ productId, quantity }) => ({ productId, quantity: quantity + 3 }));
    await lab.revertSale({
      ...order,
      items: [...changed, { productId: other.items[0]!.productId, quantity: 1 }],
    });
    const sentence =
      'The order was changed between recordSale and revertSale. Remember what you counted for it, not only that you did';
    expect(await reports(lab), sentence).toEqual(both(bestOf([other])));
  },
);

check(
  '05.best.names',
  'getBestSellers() says the products’ names',
  1,
  async ({ lab, redis, draw, expect }) => {
    const orders = [
      anOrder(draw, 1, [
        [3, 9],
        [12, 7],
        [6, 5],
        [8, 2],
      ]),
    ];
    await lab.recordSale(orders[0]!);
    await redis.hset('products:names', {
      3: 'Mouse',
      6: 'Postcard from Zürich 🚀',
      8: "Programmer's mug",
      99: 'Not sold',
    });
    expect(
      await lab.getBestSellers(),
      'Names come from the hash products:names; a product that is not in it is called by its number, #12',
    ).toEqual([
      { productId: 3, sold: 9, name: 'Mouse' },
      { productId: 12, sold: 7, name: '#12' },
      { productId: 6, sold: 5, name: 'Postcard from Zürich 🚀' },
      { productId: 8, sold: 2, name: "Programmer's mug" },
    ]);
  },
);

check(
  '05.best.trip',
  'getBestSellers() takes one round trip',
  2,
  async ({ lab, redis, tap, draw, expect }) => {
    const order = anOrder(
      draw,
      1,
      Array.from({ length: 30 }, (_, i) => [i + 1, draw.int(1, 50)]),
    );
    await lab.recordSale(order);
    await redis.hset(
      'products:names',
      Object.fromEntries(order.items.map(({ productId }) => [productId, `p${productId}`])),
    );
    await lab.getBestSellers();
    tap.redis.holdMs = 5;
    tap.meter.reset();
    const { length } = rowsIn(await lab.getBestSellers(), 'getBestSellers');
    const { trips } = tap.meter;
    expect(length > 0, 'Thirty products were sold, and the report is empty').toBe(true);
    const sentence = `It took ${trips} trips. Scores and names can come together: one script, or one MULTI or pipeline`;
    expect(trips <= 1, sentence).toBe(true);
  },
);

check(
  '05.rebuild.exact',
  'rebuildSales() makes every report what MySQL says, whatever was there',
  3,
  async ({ lab, redis, mysql, draw, expect }) => {
    for (const order of someOrders(draw, 2, 5_000)) await lab.recordSale(order);
    await redis.set(`product_sold:${draw.int(1, 8)}`, 1_000);
    await redis.set('product_sold:99', '12');
    await redis.zadd('products:sold', 5_000, '99');
    await redis.hset('products:names', { 1: 'An old name', 99: 'Gone' });
    const others = { product_sold_today: 'mine', 'product_sold:week:product_sold:3': 'mine' };
    await redis.mset(others);
    const [product, n] = [draw.int(1, 8), draw.int(50, 90)];
    await mysql.query(`INSERT INTO orders (id, user_id, total_amount) VALUES (400, 1, 5.00)`);
    await mysql.query(
      'INSERT INTO order_items (order_id, product_id, quantity, unit_price) VALUES (400, ?, ?, 1.00)',
      [product, n],
    );
    await lab.rebuildSales();
    const wanted = await soldInMysql(mysql);
    const sentence =
      'After rebuildSales both reports must say what MySQL says, and nothing of what was there before';
    expect(await reports(lab), sentence).toEqual(both(wanted));
    const names = new Map<unknown, string>(fixtureProducts.map(({ id, name }) => [id, name]));
    expect(
      rowsIn(await lab.getBestSellers(all), 'getBestSellers').map((row) => fieldOf(row, 'name')),
      'Names are those of the table products',
    ).toEqual(
      rowsIn(await lab.getBestSellers(all), 'getBestSellers').map((row) =>
        names.get(fieldOf(row, 'productId')),
      ),
    );
    const gone =
      'Product 99 is not in MySQL, and its name is still in products:names after rebuildSales: make the hash anew';
    expect(await redis.hget('products:names', '99'), gone).toBe(null);
    const keys = Object.keys(others);
    const stay = `Keys of others must stay as they were: ${keys.join(' and ')} are no counters`;
    expect(await redis.mget(keys), stay).toEqual(Object.values(others));
    await mysql.query('DELETE FROM order_items');
    await mysql.query('DELETE FROM orders');
    await mysql.query('DELETE FROM products');
    const nothing =
      'MySQL had no orders and no products any more, and rebuildSales ran once more: that is no error, and nothing was sold';
    await saying(nothing, lab.rebuildSales());
    expect(await lab.getBestSellers(all), nothing).toEqual([]);
    const order = anOrder(draw, 400, [[product, n]]);
    await lab.recordSale(order);
    expect(
      await reports(lab),
      'MySQL had no orders when rebuildSales ran last, so order 400 is not counted any more; then it was recorded, and must count',
    ).toEqual(both(bestOf([order])));
  },
);

check(
  '05.rebuild.remembers',
  'rebuildSales() remembers which orders are counted, and no others',
  2,
  async ({ lab, mysql, redis, draw, expect }) => {
    const ghost = anOrder(draw, 5_000, [[3, draw.int(1, 9)]]);
    await lab.recordSale(ghost);
    await lab.rebuildSales();
    const before = await soldInMysql(mysql);
    const eleven: Order = {
      id: 11,
      userId: 1,
      totalAmount: '3799.98',
      items: [{ productId: 1, quantity: 2 }],
    };
    await passes(redis, 1e12);
    await lab.recordSale(eleven);
    expect(
      await reports(lab),
      'Order 11 is in MySQL and was counted by rebuildSales: recordSale must not count it again, however late',
    ).toEqual(both(before));
    await lab.revertSale(eleven);
    const added = anOrder(draw, 800, [[3, draw.int(1, 9)]]);
    await lab.recordSale(added);
    const rows = changed(changed(before, 1, -2), 3, added.items[0]!.quantity);
    expect(
      await reports(lab),
      'After rebuildSales order 11 was taken back, and a new order came: the one goes, the other counts',
    ).toEqual(both(rows));
    await lab.revertSale(ghost);
    expect(
      await reports(lab),
      'Order 5000 was recorded, MySQL does not have it, and rebuildSales made everything anew: it is not counted any more, so revertSale takes nothing back',
    ).toEqual(both(rows));

    await mysql.query('DELETE FROM orders WHERE id = 8');
    await lab.rebuildSales();
    const after = await soldInMysql(mysql);
    const eight = anOrder(draw, 8, [[4, 15]]);
    expect(
      await reports(lab),
      'Order 8 was cancelled in MySQL, and rebuildSales ran a second time: both reports must be what MySQL says now, and nothing of the first time',
    ).toEqual(both(after));
    await lab.revertSale(eight);
    expect(
      await reports(lab),
      'Order 8 was cancelled in MySQL between two calls of rebuildSales: the second one forgets it, so that revertSale takes nothing back',
    ).toEqual(both(after));
    await lab.recordSale(eight);
    expect(
      await reports(lab),
      'Order 8 was cancelled in MySQL between two calls of rebuildSales: the second one forgets it, so that it counts when it is recorded',
    ).toEqual(both(changed(after, 4, 15)));
  },
);

check(
  '05.rebuild.fails',
  'rebuildSales() tells an error, and ends what it has opened',
  2,
  async ({ lab, mysql, redis, draw, undisturbed, expect }) => {
    const old = anOrder(draw, 9_000, [[20, 5]]);
    await undisturbed({ see: '05.rebuild.exact', without: 'an error of Redis' }, async () => {
      await lab.rebuildSales();
      expect(await reports(lab), 'It is not what MySQL says').toEqual(both(await soldInMysql(mysql)));
    });
    await redis.flushdb();
    await lab.recordSale(old);
    const before = await openConnections(redis);
    const silent = await withoutRights(redis, '-@write', async () => {
      for (let n = 1; n <= MORE_THAN_A_POOL; n++) {
        const stuck = `Redis refused every command that writes, and call ${n} of rebuildSales never came back. A pool has ten connections: give each back, also where something fails (finally)`;
        if ((await within(AGES, stuck, thrownBy(lab.rebuildSales()))) === undefined) return n;
      }
      return undefined;
    });
    const sentence =
      'Redis refused every command that writes, and rebuildSales resolved as if it had done its work: let the error reach the caller';
    expect(silent === undefined, sentence).toBe(true);
    expect(
      await reports(lab),
      'Redis refused every command that writes, so rebuildSales failed: readers must still find the old report',
    ).toEqual(both(bestOf([old])));
    const more = await moreConnections(redis, before);
    const open = `${MORE_THAN_A_POOL} calls of rebuildSales left ${more} connections to Redis open: end what you open, also where something fails`;
    expect(more <= 1, open).toBe(true);
    const again =
      'rebuildSales failed before, and Redis takes everything again: the next call must make it exact';
    await within(AGES, again, lab.rebuildSales());
    expect(await reports(lab), again).toEqual(both(await soldInMysql(mysql)));
  },
);

check(
  '05.rebuild.bounded',
  `rebuildSales() reads ${MANY.toLocaleString('en')} orders in batches`,
  2,
  async ({ lab, mysql, tap, generated, expect }) => {
    const schema = await generated(MANY);
    lab.$useSchema(schema);
    tap.redis.holdMs = 2;
    tap.meter.reset();
    const rebuilding = begin(lab.rebuildSales());
    await Promise.race([rebuilding, until(() => tap.meter.trips > MAX_TRIPS, AGES * 15)]);
    const slow = `${MANY} orders took more than ${MAX_TRIPS.toLocaleString('en')} trips: read pages, write pipelines`;
    expect(tap.meter.trips <= MAX_TRIPS, slow).toBe(true);
    await rebuilding;
    const { rowsBeforeWrite: rows } = tap.meter;
    const { largestBacklog: backlog } = tap.redis.counts();
    const truth = await soldInGenerated(mysql, schema);
    for (const name of ['getBestSellersFromCounters', 'getBestSellers'] as const) {
      const top = rowsIn(await lab[name](all), name).map(withoutName);
      const { got, wanted } = topOf(top, { name, truth });
      expect(got, `With many orders the numbers of ${name} are not those of MySQL`).toEqual(wanted);
    }
    const held = `${rows} rows had come from MySQL before anything went on to Redis. With a million orders they would not fit in memory: read a page, write it, read the next`;
    expect(rows <= 20_000, held).toBe(true);
    const much = `${backlog.commands} commands (${backlog.bytes} bytes) were on their way to Redis at once: send a batch, wait, send the next`;
    expect(backlog.commands <= 5_000 && backlog.bytes <= 3_000_000, much).toBe(true);
  },
);

// From here on each check asks for another process: it is kept from one to the next, as a start takes longer than they do.

check(
  '05.record.twice',
  'recordSale() counts an order that is delivered twice once',
  2,
  async ({ lab, draw, undisturbed, expect }) => {
    const orders = someOrders(draw, 3, draw.int(20_000, 90_000));
    const other = await lab.$another();
    await undisturbed({ see: '05.record.counts', without: 'a second delivery' }, async () => {
      for (const order of orders) await lab.recordSale(order);
      expect(await reports(lab), 'Three orders were recorded').toEqual(both(bestOf(orders)));
    });
    await lab.recordSale(orders[1]!);
    for (const order of orders) await other.recordSale(order);
    await other.recordSale({ ...orders[0]!, items: [{ productId: 77, quantity: 5 }] });
    const sentence =
      'The same orders were delivered again, also to another process, as after a restart: remember by their ids, in Redis, which are counted';
    expect(await reports(other), sentence).toEqual(both(bestOf(orders)));
  },
);

check(
  '05.record.at-once',
  'recordSale() is exact when many are recorded at once',
  3,
  async ({ lab, redis, tap, draw, undisturbed, expect }) => {
    const other = await lab.$another();
    const orders = someOrders(draw, 8).map((order) => ({
      ...order,
      items: [{ productId: 5, quantity: 3 }, ...order.items],
    }));
    await undisturbed({ see: '05.record.counts', without: 'a second one at the same time' }, async () => {
      for (const order of orders) await lab.recordSale(order);
      expect(await reports(lab), 'Eight orders were recorded, one after the other').toEqual(
        both(bestOf(orders)),
      );
    });
    await redis.flushdb();
    await lab.recordSale(again(orders[0]!, 1));
    const some = orders.map((order) => again(order, 1));
    await Promise.all([...some, ...some, ...some].map((order) => lab.recordSale(order)));
    const sentence =
      'Eight orders were recorded three times each, all at once. Looking and counting must be one step (a script; WATCH only on a connection of its own), and a counter is raised with INCRBY, not read and written';
    expect(await reports(lab), sentence).toEqual(both(bestOf(some)));
    let round = 1;
    let [before, order] = orders as [Order, Order];
    for await (const { commands } of otherAtEachWait(
      { tap, redis },
      {
        prepare: async () => {
          [before, order] = [again(orders[0]!, ++round), again(orders[1]!, round)];
          await redis.flushdb();
          await lab.recordSale(before);
        },
        call: () => lab.recordSale(order),
        other: () => other.recordSale(order),
      },
    )) {
      const two = `Between command ${commands} of recordSale and the next, another process recorded the same order. Looking and counting must be one step, for two applications too`;
      expect(await reports(lab), two).toEqual(both(bestOf([before, order])));
    }
  },
);

check(
  '05.revert.at-once',
  'revertSale() is exact when many are taken back at once',
  2,
  async ({ lab, redis, tap, draw, undisturbed, expect }) => {
    const other = await lab.$another();
    const orders = someOrders(draw, 5).map((order) => ({
      ...order,
      items: [{ productId: 5, quantity: 3 }, ...order.items],
    }));
    await undisturbed({ see: '05.revert.takes-back', without: 'a second one at the same time' }, async () => {
      for (const order of orders) await lab.recordSale(order);
      for (const order of orders.slice(1)) await lab.revertSale(order);
      expect(await reports(lab), 'Four of five orders were taken back').toEqual(both(bestOf([orders[0]!])));
    });
    await redis.flushdb();
    const some = orders.map((order) => again(order, 1));
    for (const order of some) await lab.recordSale(order);
    const [stays, ...go] = some;
    await Promise.all([...go, ...go, ...go].map((order) => lab.revertSale(order)));
    const sentence = 'Four orders were taken back three times each, all at once: each of them goes once';
    expect(await reports(lab), sentence).toEqual(both(bestOf([stays!])));
    let round = 1;
    let [before, order] = orders as [Order, Order];
    for await (const { commands } of otherAtEachWait(
      { tap, redis },
      {
        prepare: async () => {
          [before, order] = [again(orders[0]!, ++round), again(orders[1]!, round)];
          await redis.flushdb();
          await lab.recordSale(before);
          await lab.recordSale(order);
        },
        call: () => lab.revertSale(order),
        other: () => other.revertSale(order),
      },
    )) {
      const two = `Between command ${commands} of revertSale and the next, another process took the same order back. Looking and taking back must be one step, for two applications too`;
      expect(await reports(lab), two).toEqual(both(bestOf([before])));
    }
  },
);

check(
  '05.record.crash',
  'recordSale() leaves exact numbers when it is killed at any command and delivered again',
  3,
  async ({ lab, redis, tap, draw, undisturbed, expect }) => {
    const other = await lab.$another();
    const [before, order] = someOrders(draw, 2) as [Order, Order];
    const commands = await undisturbed({ see: '05.record.counts', without: 'a crash' }, async () => {
      await lab.recordSale(before);
      tap.meter.reset();
      await lab.recordSale(order);
      const sent = tap.redis.counts().commands;
      expect(sent > 0, 'It sent Redis nothing at all').toBe(true);
      expect(await reports(other), 'Two orders were recorded').toEqual(both(bestOf([before, order])));
      return sent;
    });
    for (const at of places(commands)) {
      const [first, second] = [again(before, at), again(order, at)];
      await redis.flushdb();
      await lab.recordSale(first);
      const seen = await stoppedAfter({ redis, tap }, at, {
        work: () => lab.recordSale(second).catch(() => undefined),
        look: () => other.recordSale(second).then(() => reports(other)),
      });
      const sentence = `recordSale stopped for good after command ${at} of ${commands}, as in a process that is killed, and the order was delivered again, to another process. Remembering and counting must be one step, or one of them is done without the other`;
      expect(seen, sentence).toEqual(both(bestOf([first, second])));
    }
  },
);

check(
  '05.revert.crash',
  'revertSale() leaves exact numbers when it is killed at any command and delivered again',
  3,
  async ({ lab, redis, tap, draw, undisturbed, expect }) => {
    const other = await lab.$another();
    const [before, order] = someOrders(draw, 2) as [Order, Order];
    const commands = await undisturbed({ see: '05.revert.takes-back', without: 'a crash' }, async () => {
      await lab.recordSale(before);
      await lab.recordSale(order);
      tap.meter.reset();
      await lab.revertSale(order);
      const sent = tap.redis.counts().commands;
      expect(sent > 0, 'It sent Redis nothing at all').toBe(true);
      expect(await reports(other), 'One of two orders was taken back').toEqual(both(bestOf([before])));
      return sent;
    });
    for (const at of places(commands)) {
      const [first, second] = [again(before, at), again(order, at)];
      await redis.flushdb();
      await lab.recordSale(first);
      await lab.recordSale(second);
      const seen = await stoppedAfter({ redis, tap }, at, {
        work: () => lab.revertSale(second).catch(() => undefined),
        look: () => other.revertSale(second).then(() => reports(other)),
      });
      const sentence = `revertSale stopped for good after command ${at} of ${commands}, as in a process that is killed, and the order was taken back again, by another process. Forgetting and counting down must be one step`;
      expect(seen, sentence).toEqual(both(bestOf([first])));
    }
  },
);

check(
  '05.rebuild.crash',
  'rebuildSales() shows the old report or the new one, also after a crash',
  3,
  async ({ lab, redis, mysql, tap, draw, undisturbed, expect }) => {
    const names = new Map(fixtureProducts.map(({ id, name }) => [id, name]));
    /** What a reader sees of these sales: counters, and the sorted set with the names of `named`. */
    const shown = (rows: readonly BestSeller[], named: ReadonlyMap<number, string>) => ({
      'from the counters': byId(rows, 'bestOf'),
      'from the sorted set': byId(
        rows.map((row) => ({ ...row, name: named.get(row.productId) ?? `#${row.productId}` })),
        'bestOf',
      ),
    });
    const wanted = shown(await soldInMysql(mysql), names);
    const other = await lab.$another();
    const look = async () => ({
      'from the counters': byId(await other.getBestSellersFromCounters(all), 'getBestSellersFromCounters'),
      'from the sorted set': byId(await other.getBestSellers(all), 'getBestSellers'),
    });
    let id = 9_000;
    /** Another order each time: what a process remembers of those before is true of no new one. */
    const startWithOld = async () => {
      const order = anOrder(draw, ++id, [
        [1, draw.int(40, 90)],
        [20, draw.int(1, 9)],
        [30, draw.int(10, 30)],
      ]);
      await redis.flushdb();
      await lab.recordSale(order);
      await redis.hset('products:names', { 20: 'Sold out' });
      return shown(bestOf([order]), new Map([[20, 'Sold out']]));
    };
    await undisturbed({ see: '05.rebuild.exact', without: 'a crash' }, async () => {
      const old = await startWithOld();
      expect(await look(), 'The report before it is wrong').toEqual(old);
      await lab.rebuildSales();
      expect(await look(), 'It is not what MySQL says').toEqual(wanted);
    });
    /** Whether the old report is what is seen; where it is not the new one either, the check ends here. */
    const isOld = (seen: object, { old, place }: { old: object; place: string }) => {
      const sentence = `${place}, and what a reader sees is neither the old report nor the new one, names included: prepare under other keys, then swap all in one MULTI`;
      const same = isDeepStrictEqual(seen, old);
      expect(seen, sentence).toEqual(same ? old : wanted);
      return same;
    };
    /** What a reader sees after `at` commands of one call, and how many it had. */
    const lookAfter = async (at: number) => {
      const old = await startWithOld();
      tap.meter.reset();
      const sent = () => tap.redis.counts().commands;
      let readers = 0;
      const seen = await stoppedAfter({ redis, tap }, at, {
        work: () => lab.rebuildSales(),
        look: async () => {
          readers -= sent();
          const report = await look();
          readers += sent();
          return report;
        },
      });
      const commands = sent() - readers;
      expect(commands > 0, 'It sent Redis nothing at all').toBe(true);
      const place = `rebuildSales had done ${Math.min(at, commands)} of ${commands} commands`;
      return { old: isOld(seen, { old, place }), commands };
    };

    // The old report stands after `before` commands, the new one after `after`, and the swap is between them. It mostly is the
    // last command: look right before that, then further and further back, then half way, until they are neighbours.
    let { commands } = await lookAfter(Number.POSITIVE_INFINITY);
    let [before, after] = [0, commands];
    for (let back = 1; after - before > 1; back *= 2) {
      const at = before === 0 ? Math.max(1, commands - back) : Math.floor((before + after) / 2);
      const look = await lookAfter(at);
      if (!look.old) after = at;
      else if (after === commands) [before, after, commands] = [at, look.commands, look.commands];
      else before = at;
    }

    // A crash where everything is prepared, and nothing is swapped yet.
    const at = Math.max(1, before);
    const old = await startWithOld();
    await killedAfter({ lab, redis, tap }, at, () => lab.rebuildSales());
    const place = `rebuildSales was killed at Redis command ${at} of about ${commands}`;
    isOld(await look(), { old, place });
    await mysql.query('DELETE FROM orders WHERE id = 8');
    const cancelled = shown(await soldInMysql(mysql), names);
    await other.rebuildSales();
    const next = `${place}, then order 8 was cancelled in MySQL, and rebuildSales ran again: it must be exact, whatever the first one left behind`;
    expect(await look(), next).toEqual(cancelled);
    await other.revertSale(anOrder(draw, 8, [[4, 15]]));
    const forgotten = `${place}, then order 8 was cancelled in MySQL, rebuildSales ran again and forgot it, and revertSale(order 8) took something back all the same. Perhaps the memory of the killed one was taken over`;
    expect(await look(), forgotten).toEqual(cancelled);
  },
);
