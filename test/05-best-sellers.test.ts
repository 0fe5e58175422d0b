import { isDeepStrictEqual } from 'node:util';
import type { Redis } from 'ioredis';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import type { CheckFixtures } from '../kit/judge/definition.ts';
import type { Draw } from '../kit/judge/seed.ts';
import { fieldOf, listOf } from '../kit/judge/shapes.ts';
import { checksOf } from '../src/checks.ts';
import type { BestSeller, BestSellers } from '../src/contracts/best-sellers.ts';
import type { Order } from '../src/contracts/order.ts';
import { fixtureProducts } from '../src/worlds/store/fixture.ts';
import { hashOfOrder, orderHashes } from '../src/worlds/store/order-hash.ts';
import { between } from './support/between.ts';
import { plantMany } from './support/plant-many.ts';
import { stoppedAfter } from './support/stopped-after.ts';

/** A shop of some size, in MySQL: lab 01's data. */
const MANY = 10_050;
/** So many commands may be on their way at once: a thousand, and what SCAN gives beyond its COUNT. */
const MAX_IN_FLIGHT = 1_100;
/** More orders in Redis than that: to read costs more than all else, so one report reads these, and the other more. */
const SOME = 1_150;
const MORE = 2_050;

const check = checksOf<BestSellers>('05-best-sellers', { generated: [MANY] });

function anOrder(draw: Draw, id: number, items: [product: number, quantity: number][]): Order {
  const totalAmount = `${draw.int(1, 900)}.${draw.int(10, 99)}`;
  return {
    id,
    userId: draw.int(1, 40),
    totalAmount,
    items: items.map(([productId, quantity]) => ({ productId, quantity })),
  };
}

/** Orders `first`, `first + 1`, ... of products 1 to 30. */
const someOrders = (draw: Draw, n: number, first = 100): Order[] =>
  Array.from({ length: n }, (_, i) =>
    anOrder(
      draw,
      first + i,
      Array.from({ length: draw.int(1, 4) }, () => [draw.int(1, 30), draw.int(1, 9)]),
    ),
  );

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

const all = { limit: 1_000 };

/** What a report gave, as a list. */
const rowsIn = (value: unknown, name: string) => listOf(value, `What ${name}() gives`);

/** What counters and sorted set say; a check compares both with what should be there. */
async function reports(lab: CheckFixtures<BestSellers>['lab']) {
  const fromSet = rowsIn(await lab.getBestSellers(all), 'getBestSellers');
  return {
    'from the counters': await lab.getBestSellersFromCounters(all),
    'from the sorted set': fromSet.map((row) => ({
      productId: fieldOf(row, 'productId'),
      sold: fieldOf(row, 'sold'),
    })),
  };
}

const both = (rows: BestSeller[]) => ({ 'from the counters': rows, 'from the sorted set': rows });

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

/** Runs `work` and kills the student's process when its `at`-th command has reached Redis; then all is up again. */
async function killedAt(
  { lab, tap }: Pick<CheckFixtures<BestSellers>, 'lab' | 'tap'>,
  at: number,
  work: () => Promise<unknown>,
): Promise<void> {
  const cut = tap.redis.cutAfter(at);
  const broken = work().catch(() => undefined);
  await Promise.race([cut.happened, broken]);
  await lab.$crash();
  await broken;
  cut.restore();
}

check(
  '05.spenders.sum',
  'getHighestSpendingUsers() adds up the orders of each user, most spent first',
  2,
  async ({ lab, redis, draw, expect }) => {
    const orders = someOrders(draw, draw.int(60, 90));
    await plant(redis, orders);
    const sentence = 'Each user once, with the sum of all their orders: compare sums as numbers, not as text';
    expect(await lab.getHighestSpendingUsers(all), sentence).toEqual(spendersOf(orders));
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
    const orders = amounts.map(
      ([userId, totalAmount], i): Order => ({ id: 10 + i, userId, totalAmount, items: [] }),
    );
    await plant(redis, orders);
    const sentence =
      'Sums must be exact, with two places: as a float 0.10 + 0.20 is 0.30000000000000004, and beyond 2^53 cents a number loses cents too. Use bigint';
    expect(await lab.getHighestSpendingUsers(all), sentence).toEqual(spendersOf(orders));
  },
);

check(
  '05.orders.sum',
  'getBestSellersFromOrders() adds up the quantities of each product',
  2,
  async ({ lab, redis, draw, expect }) => {
    const orders = someOrders(draw, draw.int(30, 50));
    const long = Array.from({ length: 14 }, (_, i): [number, number] => [50 + (i % 5), draw.int(1, 60)]);
    orders.push(anOrder(draw, 7, long), anOrder(draw, 8, []));
    await plant(redis, orders);
    const sentence =
      'Sum of the quantities, not number of orders; a product may stand in an order twice, and an order may have more than ten items';
    expect(await lab.getBestSellersFromOrders(all), sentence).toEqual(bestOf(orders));
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
    await redis.hset('order:900:draft', draft);
    await redis.hset('preorder:900', draft);
    await redis.set(`order:${orders[0]!.id}:lock`, 'mine');
    await redis.set('order:next', '1000');
    await redis.zadd('orders:index', 100, '100');
    const sentence =
      'Keys like order:900:draft, order:next or orders:index are not orders: only `order:` and a number is';
    expect(await lab.getBestSellersFromOrders(all), sentence).toEqual(bestOf(orders));
    expect(await lab.getHighestSpendingUsers(all), sentence).toEqual(spendersOf(orders));
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
      tap.meter.reset();
      const rows = await lab[name](all);
      const { trips } = tap.meter;
      const { largestBacklog: backlog } = tap.redis.counts();
      expect(rows, `With ${n} orders ${name} is wrong: is there a limit somewhere?`).toEqual(
        name === 'getHighestSpendingUsers' ? spendersOf(orders) : bestOf(orders),
      );
      const slow = `${n} orders took ${name} ${trips} trips: scan with a larger COUNT and read each batch in one pipeline`;
      expect(trips <= n / 10, slow).toBe(true);
      const much = `${backlog.commands} commands of ${name} were on their way at once: read a batch with at most 1,000 of them, add it up, read the next`;
      expect(backlog.commands <= MAX_IN_FLIGHT, much).toBe(true);
    }
  },
);

check(
  '05.orders.vanish',
  'The reports from the orders do not stumble over one that is deleted meanwhile',
  1,
  async ({ lab, redis, tap, draw, expect }) => {
    const orders = someOrders(draw, 10);
    const [gone, ...rest] = orders;
    for (const name of ['getBestSellersFromOrders', 'getHighestSpendingUsers'] as const) {
      await plant(redis, orders);
      await lab[name]({ limit: 1 });
      const { value } = await between({ tap, redis }, 1, {
        call: () => lab[name](all),
        step: () => redis.del(`order:${gone!.id}`),
      });
      const right = [orders, rest].map((some) =>
        name === 'getHighestSpendingUsers' ? spendersOf(some) : bestOf(some),
      );
      const sentence = `Another application deleted order ${gone!.id} while ${name} ran: HGETALL then says {}, which is not an order`;
      const found = right.find((rows) => isDeepStrictEqual(rows, value));
      expect(value, sentence).toEqual(found ?? right[1]);
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
    orders.push({ ...anOrder(draw, 90, [[30, n + 1]]), userId: 30, totalAmount: '10.01' });
    await plant(redis, orders);
    await lab.recordSale({ ...orders[0]!, items: orders.flatMap(({ items }) => items) });
    // Of the first four the last is 10, which as text comes first or last of all.
    for (const limit of [4, 100]) {
      const best = bestOf(orders, limit);
      const sentence = `${ids.length} products were sold ${n} times each. With limit ${limit} the smallest ids come first, as numbers: 9 before 10`;
      expect(await lab.getBestSellersFromOrders({ limit }), `getBestSellersFromOrders: ${sentence}`).toEqual(
        best,
      );
      expect(
        await lab.getBestSellersFromCounters({ limit }),
        `getBestSellersFromCounters: ${sentence}`,
      ).toEqual(best);
      const named = best.map((row) => ({ ...row, name: `#${row.productId}` }));
      expect(await lab.getBestSellers({ limit }), `getBestSellers: ${sentence}`).toEqual(named);
      expect(
        await lab.getHighestSpendingUsers({ limit }),
        'Users who spent the same come by their ids, as numbers',
      ).toEqual(spendersOf(orders, limit));
    }
  },
);

check(
  '05.reports.limit',
  'A report has ten rows unless told, and at most `limit`',
  1,
  async ({ lab, redis, draw, expect }) => {
    const orders = Array.from(
      { length: 14 },
      (_, i): Order => ({ ...anOrder(draw, 200 + i, [[1 + i, 1 + i]]), userId: 1 + i }),
    );
    await plant(redis, orders);
    await lab.recordSale({ ...orders[0]!, items: orders.flatMap(({ items }) => items) });
    const few = draw.int(1, 9);
    for (const name of [
      'getHighestSpendingUsers',
      'getBestSellersFromOrders',
      'getBestSellersFromCounters',
      'getBestSellers',
    ] as const) {
      const given = [
        await lab[name](),
        await lab[name]({}),
        await lab[name]({ limit: few }),
        await lab[name]({ limit: 0 }),
      ];
      const lengths = given.map((rows) => rowsIn(rows, name).length);
      const sentence = `${name}: 14 to list, with no limit told, with {}, with ${few} and with 0`;
      expect(lengths, sentence).toEqual([10, 10, few, 0]);
    }
  },
);

check('05.reports.empty', 'A report of nothing is an empty list', 1, async ({ lab, expect }) => {
  for (const name of [
    'getHighestSpendingUsers',
    'getBestSellersFromOrders',
    'getBestSellersFromCounters',
    'getBestSellers',
  ] as const) {
    expect(await lab[name](), `${name}: Redis is empty, and MGET without a key is an error`).toEqual([]);
  }
});

check(
  '05.counters.report',
  'getBestSellersFromCounters() reads the counters, and leaves out what was not sold',
  2,
  async ({ lab, redis, draw, expect }) => {
    const rows = Array.from({ length: 12 }, (_, i) => ({
      productId: 3 * i + draw.int(1, 3),
      sold: 100 * i + draw.int(0, 99) + 1,
    }));
    for (const { productId, sold } of rows) await redis.set(`product_sold:${productId}`, sold);
    await redis.mset(
      'product_sold:500',
      '0',
      'product_sold_today',
      '9',
      'product_sold:600:week',
      '4000',
      'product_sold:all',
      '70000',
    );
    const wanted = rows.sort((a, b) => b.sold - a.sold);
    const sentence =
      'Only product_sold:<number> is a counter; 0 sold is left out; counters compare as numbers';
    expect(await lab.getBestSellersFromCounters(all), sentence).toEqual(wanted);
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
    const rows = await lab.getBestSellersFromCounters({ limit: 1 });
    const [first] = rowsIn(rows, 'getBestSellersFromCounters');
    const { trips } = tap.meter;
    expect(first, 'The largest counter comes first').toEqual({ productId: products, sold: products });
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
        [40, draw.int(1_000_000, 2_000_000)],
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
  '05.record.at-once',
  'recordSale() is exact when many are recorded at once',
  3,
  async ({ lab, draw, expect }) => {
    const orders = someOrders(draw, 8).map((order) => ({
      ...order,
      items: [{ productId: 5, quantity: 3 }, ...order.items],
    }));
    await lab.recordSale(orders[0]!);
    await Promise.all([...orders, ...orders, ...orders].map((order) => lab.recordSale(order)));
    const sentence =
      'Eight orders were recorded three times each, all at once. Looking and counting must be one step (a script; WATCH only on a connection of its own), and a counter is raised with INCRBY, not read and written';
    expect(await reports(lab), sentence).toEqual(both(bestOf(orders)));
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
    await lab.revertSale(first);
    await lab.revertSale(first);
    await lab.revertSale(anOrder(draw, 5, [[second.items[0]!.productId, 1]]));
    const sentence =
      'One order was taken back twice, and one that was never counted. What was counted goes, once, and a product with 0 sold is left out';
    expect(await reports(lab), sentence).toEqual(both(bestOf([second, ...rest])));
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
  '05.revert.at-once',
  'revertSale() is exact when many are taken back at once',
  2,
  async ({ lab, draw, expect }) => {
    const orders = someOrders(draw, 5).map((order) => ({
      ...order,
      items: [{ productId: 5, quantity: 3 }, ...order.items],
    }));
    for (const order of orders) await lab.recordSale(order);
    const [stays, ...go] = orders;
    await Promise.all([...go, ...go, ...go].map((order) => lab.revertSale(order)));
    const sentence = 'Four orders were taken back three times each, all at once: each of them goes once';
    expect(await reports(lab), sentence).toEqual(both(bestOf([stays!])));
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
    expect(length, 'Ten rows unless told').toBe(10);
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
    await redis.set('product_sold_today', 'mine');
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
    const hashes = [...(await orderHashes(mysql))];
    await Promise.all(hashes.map(([key, hash]) => redis.hset(key, hash)));
    expect(
      await lab.getBestSellersFromOrders(all),
      'From the order hashes the report must be the same as from MySQL',
    ).toEqual(wanted);
    const names = new Map(fixtureProducts.map(({ id, name }) => [id, name]));
    expect(
      rowsIn(await lab.getBestSellers(all), 'getBestSellers').map((row) => fieldOf(row, 'name')),
      'Names are those of the table products',
    ).toEqual(wanted.map(({ productId }) => names.get(productId)));
    expect(
      [await redis.hexists('products:names', '99'), await redis.get('product_sold_today')],
      'Names of products that are gone must go, and the keys of others must stay',
    ).toEqual([0, 'mine']);
  },
);

check(
  '05.rebuild.remembers',
  'rebuildSales() remembers which orders are counted',
  2,
  async ({ lab, mysql, draw, expect }) => {
    await lab.rebuildSales();
    const before = await soldInMysql(mysql);
    const eleven: Order = {
      id: 11,
      userId: 1,
      totalAmount: '3799.98',
      items: [{ productId: 1, quantity: 2 }],
    };
    await lab.recordSale(eleven);
    expect(
      await reports(lab),
      'Order 11 is in MySQL and was counted by rebuildSales: recordSale must not count it again',
    ).toEqual(both(before));
    await lab.revertSale(eleven);
    const added = anOrder(draw, 800, [[3, draw.int(1, 9)]]);
    await lab.recordSale(added);
    const rows = before.map((row) => {
      if (row.productId === 1) return { ...row, sold: row.sold - 2 };
      return row.productId === 3 ? { ...row, sold: row.sold + added.items[0]!.quantity } : row;
    });
    rows.sort((a, b) => b.sold - a.sold || a.productId - b.productId);
    expect(
      await reports(lab),
      'After rebuildSales order 11 was taken back, and a new order came: the one goes, the other counts',
    ).toEqual(both(rows));
  },
);

check(
  '05.rebuild.bounded',
  `rebuildSales() reads ${MANY.toLocaleString('en')} orders in batches`,
  2,
  async ({ lab, mysql, tap, generated, expect }) => {
    const schema = await generated(MANY);
    lab.$useSchema(schema);
    await lab.rebuildSales();
    const { trips, rowsBeforeWrite: rows } = tap.meter;
    const { largestBacklog: backlog } = tap.redis.counts();
    expect(await reports(lab), 'With many orders the numbers are not those of MySQL').toEqual(
      both(await soldInGenerated(mysql, schema)),
    );
    expect(trips <= 1_000, `${MANY} orders took ${trips} trips: read pages, write pipelines`).toBe(true);
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
  async ({ lab, draw, expect }) => {
    const orders = someOrders(draw, 3, draw.int(20_000, 90_000));
    const other = await lab.$another();
    for (const order of orders) await lab.recordSale(order);
    await lab.recordSale(orders[1]!);
    for (const order of orders) await other.recordSale(order);
    await other.recordSale({ ...orders[0]!, items: [{ productId: 77, quantity: 5 }] });
    const sentence =
      'The same orders were delivered again, also to another process, as after a restart: remember by their ids, in Redis, which are counted';
    expect(await reports(other), sentence).toEqual(both(bestOf(orders)));
  },
);

check(
  '05.record.crash',
  'recordSale() leaves exact numbers when it is killed at any command and delivered again',
  3,
  async ({ lab, redis, tap, draw, expect }) => {
    const other = await lab.$another();
    const [before, order] = someOrders(draw, 2) as [Order, Order];
    await lab.recordSale(before);
    tap.meter.reset();
    await lab.recordSale(order);
    const { commands } = tap.redis.counts();
    expect(commands > 0, 'It sent Redis nothing at all').toBe(true);
    for (const at of places(commands)) {
      const [first, second] = [again(before, at), again(order, at)];
      await redis.flushall();
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
  async ({ lab, redis, tap, draw, expect }) => {
    const other = await lab.$another();
    const [before, order] = someOrders(draw, 2) as [Order, Order];
    await lab.recordSale(before);
    await lab.recordSale(order);
    tap.meter.reset();
    await lab.revertSale(order);
    const { commands } = tap.redis.counts();
    expect(commands > 0, 'It sent Redis nothing at all').toBe(true);
    for (const at of places(commands)) {
      const [first, second] = [again(before, at), again(order, at)];
      await redis.flushall();
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
  async ({ lab, redis, mysql, tap, draw, expect }) => {
    const wanted = both(await soldInMysql(mysql));
    const other = await lab.$another();
    let id = 9_000;
    /** Another order each time: what a process remembers of those before is true of no new one. */
    const startWithOld = async () => {
      const order = anOrder(draw, ++id, [
        [1, draw.int(40, 90)],
        [20, draw.int(1, 9)],
        [30, draw.int(10, 30)],
      ]);
      await redis.flushall();
      await lab.recordSale(order);
      return both(bestOf([order]));
    };
    /** Whether the old report is what is seen; where it is not the new one either, the check ends here. */
    const isOld = (seen: object, { old, place }: { old: object; place: string }) => {
      const sentence = `${place}, and what a reader sees is neither the old report nor the new one: prepare under other keys, then swap all in one MULTI`;
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
          const report = await reports(other);
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
    await killedAt({ lab, tap }, at, () => lab.rebuildSales());
    const place = `rebuildSales was killed at Redis command ${at} of about ${commands}`;
    isOld(await reports(other), { old, place });
    await other.rebuildSales();
    expect(await reports(other), `${place}. The next rebuildSales must make it exact`).toEqual(wanted);
  },
);
