import type { Redis } from 'ioredis';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import type { CheckFixtures } from '../kit/judge/definition.ts';
import { shown } from '../kit/judge/explain.ts';
import { fieldOf } from '../kit/judge/shapes.ts';
import { thrownBy } from '../kit/judge/thrown-by.ts';
import { checksOf } from '../src/checks.ts';
import type { InitialSync } from '../src/contracts/initial-sync.ts';
import { orderHashes, redisOrders } from '../src/worlds/store/order-hash.ts';
import { holdsOrders, orderTexts } from './support/holds-orders.ts';
import { putBack, stateOf } from './support/redis-state.ts';
import { stoppedAfter } from './support/stopped-after.ts';

/** Orders that a shop of some size has; they do not fit in the report's `limit=9999`. */
const MANY = 10_050;

const check = checksOf<InitialSync>('01-initial-sync', { generated: [MANY] });

/** Adds `n` orders by the first users, with the products that are there, after those of the fixture. */
async function addOrders(mysql: Connection, n: number, firstId = 1000): Promise<void> {
  const orders = Array.from({ length: n }, (_, i) => [
    firstId + i,
    1 + (i % 6),
    `${10 + (i % 90)}.${10 * (i % 10) || '00'}`,
  ]);
  const items = orders.flatMap(([id], i) =>
    Array.from({ length: i % 4 }, (_, k) => [id, 1 + ((i + k) % 8), 1 + k, '9.95']),
  );
  await mysql.query('INSERT INTO orders (id, user_id, total_amount) VALUES ?', [orders]);
  if (items.length > 0)
    await mysql.query('INSERT INTO order_items (order_id, product_id, quantity, unit_price) VALUES ?', [
      items,
    ]);
}

/** The first difference between what Redis holds and what MySQL says it should; undefined where there is none. */
async function firstDifference(mysql: Connection, redis: Redis, schema?: string) {
  const [wanted, there] = await Promise.all([orderHashes(mysql, schema), redisOrders(redis)]);
  for (const [key, hash] of wanted) {
    const got = there.get(key);
    if (!got) return { key, expected: hash, got: 'no such key' };
    if (JSON.stringify(hash) !== JSON.stringify(got)) return { key, expected: hash, got };
  }
  const extra = [...there.keys()].find((key) => !wanted.has(key));
  return extra ? { key: extra, expected: 'no such key', got: there.get(extra) } : undefined;
}

/**
 * One sync of many orders, on which two checks look: what it resolved to, whether Redis holds what MySQL does, and what
 * crossed the taps.
 */
const syncMany = ({
  lab,
  redis,
  mysql,
  tap,
  generated,
}: Omit<CheckFixtures<InitialSync>, 'draw' | 'undisturbed'>) =>
  lab.$once('sync of many', async () => {
    const schema = await generated(MANY);
    lab.$useSchema(schema);
    const orders = await lab.syncAllOrdersToRedis();
    const { rowsBeforeWrite: rows } = tap.meter;
    const { commands: queries } = tap.mysql.counts();
    const { commands, largestBacklog: backlog } = tap.redis.counts();
    const same = await holdsOrders(redis, await orderTexts(mysql, schema));
    const different = same ? undefined : await firstDifference(mysql, redis, schema);
    return { orders, different, queries, commands, rows, backlog };
  });

async function countOrders(mysql: Connection): Promise<number> {
  const [rows] = await mysql.query<RowDataPacket[]>('SELECT COUNT(*) AS n FROM orders');
  return Number(rows[0]!.n);
}

check(
  '01.wait.first',
  'waitForMysql() resolves to 1 when MySQL answers at once',
  1,
  async ({ lab, expect }) => {
    expect(
      await lab.waitForMysql({ retries: 3, delayMs: 5 }),
      'MySQL was up, so one attempt was enough',
    ).toBe(1);
  },
);

check(
  '01.wait.retry',
  'waitForMysql() counts the attempts until MySQL answers',
  2,
  async ({ lab, tap, draw, expect }) => {
    const refused = draw.int(2, 6);
    tap.mysql.refuse(refused);
    const used = await lab.waitForMysql({ retries: 30, delayMs: 5 });
    expect(
      used,
      `MySQL refused ${refused} connections and then answered; the attempt that succeeds counts too`,
    ).toBe(refused + 1);
  },
);

check(
  '01.wait.gives-up',
  'waitForMysql() throws MysqlUnavailable after exactly `retries` attempts',
  2,
  async ({ lab, tap, draw, expect }) => {
    const retries = draw.int(2, 5);
    tap.mysql.refuse(1_000);
    const error = await thrownBy(lab.waitForMysql({ retries, delayMs: 5 }));
    expect(
      error?.name,
      'MySQL never answered: throw an Error whose `name` is MysqlUnavailable, do not resolve',
    ).toBe('MysqlUnavailable');
    const attempts = tap.mysql.counts().refusedConnections;
    expect(attempts, `With retries: ${retries} MySQL is asked ${retries} times, no more and no less`).toBe(
      retries,
    );
  },
);

check(
  '01.wait.delay',
  'waitForMysql() waits delayMs between two attempts',
  1,
  async ({ lab, tap, expect }) => {
    tap.mysql.refuse(4);
    await lab.waitForMysql({ retries: 10, delayMs: 40 });
    const at = tap.mysql.refusedAt();
    const pauses = at.slice(1).map((later, i) => Math.round(later - at[i]!));
    // Timers never fire early by more than their millisecond, so this bound does not depend on the machine's speed; and
    // one slow attempt does not make up for pauses that are missing.
    const sentence = `Four attempts failed, and between them should be pauses of 40 ms, not of ${pauses.join(', ')} ms: asking without a pause floods a server that is starting`;
    expect(pauses.length === 3 && pauses.every((pause) => pause >= 39), sentence).toBe(true);
  },
);

check(
  '01.sync.exact',
  'syncAllOrdersToRedis() writes each order as a hash, with its items',
  3,
  async ({ lab, redis, mysql, draw, expect }) => {
    await addOrders(mysql, draw.int(3, 9));
    const orders = await lab.syncAllOrdersToRedis();
    const different = await firstDifference(mysql, redis);
    expect(different?.got, `${different?.key} is not as MySQL has it`).toEqual(different?.expected);
    expect(orders, 'It resolves to the number of orders available in Redis').toBe(await countOrders(mysql));
  },
);

check(
  '01.sync.money',
  'syncAllOrdersToRedis() keeps money exact to the cent',
  1,
  async ({ lab, redis, mysql, draw, expect }) => {
    const cents = String(draw.int(1, 9));
    const amounts = [
      `${draw.int(10_000_000, 99_999_999)}00.0${cents}`,
      `${draw.int(1, 90)}.${cents}0`,
      `0.0${cents}`,
      '100.00',
    ];
    await mysql.query('INSERT INTO orders (id, user_id, total_amount) VALUES ?', [
      amounts.map((amount, i) => [900 + i, 1, amount]),
    ]);
    await lab.syncAllOrdersToRedis();
    const got = await Promise.all(amounts.map((_, i) => redis.hget(`order:${900 + i}`, 'total_amount')));
    expect(got, 'total_amount must be the very text that MySQL sends: a float loses cents and zeros').toEqual(
      amounts,
    );
  },
);

check(
  '01.sync.others',
  'syncAllOrdersToRedis() neither counts nor touches other keys',
  1,
  async ({ lab, redis, mysql, expect }) => {
    await redis.mset('orders:today', '7', 'product_sold:1', '12', 'env:current', '{}');
    await redis.hset('session:1', { user_id: '1' });
    const orders = await lab.syncAllOrdersToRedis();
    expect(orders, 'Redis holds other keys too; only orders count').toBe(await countOrders(mysql));
    const kept = [
      await redis.mget('orders:today', 'product_sold:1', 'env:current'),
      await redis.hgetall('session:1'),
    ];
    expect(kept, 'The keys of others must stay as they were').toEqual([['7', '12', '{}'], { user_id: '1' }]);
  },
);

check(
  '01.sync.many',
  `syncAllOrdersToRedis() brings every order, were they ${MANY.toLocaleString('en')}`,
  2,
  async ({ lab, redis, mysql, tap, generated, expect }) => {
    const { orders, different } = await syncMany({ lab, redis, mysql, tap, generated });
    expect(orders, 'Some orders never arrived: is there a limit somewhere, or does a page skip some?').toBe(
      MANY,
    );
    expect(different?.got, `${different?.key} is not as MySQL has it`).toEqual(different?.expected);
  },
);

check(
  '01.sync.bounded',
  'syncAllOrdersToRedis() reads and writes in batches',
  2,
  async ({ lab, redis, mysql, tap, generated, expect }) => {
    const { orders, queries, commands, backlog, rows } = await syncMany({
      lab,
      redis,
      mysql,
      tap,
      generated,
    });
    const none = `Of ${MANY} orders it synced ${shown(orders)}: too few to say how`;
    expect(typeof orders === 'number' && orders >= MANY / 2, none).toBe(true);
    const few = `${MANY} orders took ${queries} queries. One query for each order is what makes a sync slow: read pages, with their items`;
    expect(queries <= MANY / 5, few).toBe(true);
    // Not trips: without a hold they depend on when replies come, and with one a sync of many takes long.
    const alone = `${commands} commands went to Redis for ${MANY} orders, and never more than ${backlog.commands} at once. One round trip for each order is what makes a sync slow: write pipelines`;
    expect(commands <= MANY / 5 || backlog.commands >= 20, alone).toBe(true);
    const much = `${backlog.commands} commands (${backlog.bytes} bytes) were on their way to Redis at once. Send a batch, wait for its replies, then send the next`;
    expect(backlog.commands <= 5_000 && backlog.bytes <= 3_000_000, much).toBe(true);
    const held = `${rows} rows had arrived from MySQL before anything went on to Redis. With a million orders they would not fit in memory: read a page or a stream`;
    expect(rows <= 20_000, held).toBe(true);
  },
);

check(
  '01.sync.new-only',
  'syncAllOrdersToRedis() transfers only what is new at a second start',
  2,
  async ({ lab, redis, mysql, tap, draw, expect }) => {
    const second = await lab.$another();
    await addOrders(mysql, 120);
    await lab.syncAllOrdersToRedis();
    const added = draw.int(2, 6);
    await addOrders(mysql, added, 5_000);
    tap.meter.reset();
    tap.mysql.reset();
    tap.redis.reset();
    const orders = await second.syncAllOrdersToRedis();
    const { rows } = tap.mysql.counts();
    const { bytesSent } = tap.redis.counts();
    expect(orders, 'It resolves to all orders available in Redis, not only to the new ones').toBe(
      await countOrders(mysql),
    );
    const different = await firstDifference(mysql, redis);
    expect(different?.got, `After the second start ${different?.key} is not as MySQL has it`).toEqual(
      different?.expected,
    );
    expect(
      rows <= 100,
      `${added} orders were new, and ${rows} rows were read from MySQL: begin after the marker`,
    ).toBe(true);
    expect(
      bytesSent <= 4_000,
      `${added} orders were new, and ${bytesSent} bytes went to Redis: send only what is new`,
    ).toBe(true);
  },
);

check(
  '01.sync.crash',
  'syncAllOrdersToRedis() finishes at the next start what a crash left half done',
  3,
  async ({ lab, redis, mysql, tap, draw, expect }) => {
    const nextStart = await lab.$another();
    const finishes = async (which: string, place: (commands: number) => number) => {
      const before = await stateOf(redis);
      tap.redis.reset();
      await lab.syncAllOrdersToRedis();
      const { commands } = tap.redis.counts();
      expect(commands > 0, `The ${which} sent Redis nothing at all`).toBe(true);
      const at = Math.max(1, place(commands));
      await putBack(redis, before);
      const left = await stoppedAfter({ redis, tap }, at, {
        work: () => lab.syncAllOrdersToRedis().catch(() => undefined),
        look: () => stateOf(redis),
      });
      await putBack(redis, left);
      const orders = await nextStart.syncAllOrdersToRedis();
      const different = await firstDifference(mysql, redis);
      const killed = `Killed at Redis command ${at} of the ${commands} of its ${which}, a process leaves it half done. After the next start`;
      expect(
        different?.got,
        `${killed} ${different?.key} is not as MySQL has it: the marker said more than was done`,
      ).toEqual(different?.expected);
      expect(orders, `${killed} the number of orders is wrong: some were counted twice or not at all`).toBe(
        await countOrders(mysql),
      );
    };
    const added = draw.int(36, 48);
    await addOrders(mysql, added);
    await finishes('first sync', (commands) => Math.min(commands, Math.max(2, Math.ceil(commands / 3))));
    // And once right before the end, between the last order and the marker.
    await addOrders(mysql, added, 2_000);
    await finishes(`second sync, with ${added} new orders`, (commands) => commands - 1);
  },
);

check(
  '01.sync.errors',
  'syncAllOrdersToRedis() does not take a failed write for done',
  2,
  async ({ lab, redis, mysql, draw, expect }) => {
    await addOrders(mysql, 20);
    const key = `order:${1_000 + draw.int(3, 15)}`;
    await redis.set(key, 'something else stands here'); // HSET answers WRONGTYPE, in the reply of one command
    await thrownBy(lab.syncAllOrdersToRedis()); // to give up, or to make room for the order, are both right
    if ((await redis.type(key)) === 'string') {
      await redis.del(key);
      await lab.syncAllOrdersToRedis();
    }
    const different = await firstDifference(mysql, redis);
    const sentence = `Redis refused to write ${key}, and the marker moved past it: look at the error of every reply, MULTI and pipelines do not throw them`;
    expect(different?.got, sentence).toEqual(different?.expected);
  },
);

check(
  '01.start.order',
  'startStoreManager() waits, syncs, and only then listens, once',
  2,
  async ({ lab, redis, mysql, tap, draw, expect }) => {
    const refused = draw.int(1, 4);
    tap.mysql.refuse(refused);
    const calls: number[] = [];
    const listen = async () => {
      calls.push((await redisOrders(redis)).size);
    };
    const report = await lab.startStoreManager({ listen, retries: 10, delayMs: 5 });
    const orders = await countOrders(mysql);
    expect(calls.length, 'listen() is called exactly once').toBe(1);
    expect(
      calls[0],
      'When the server began to listen, not all orders were in Redis yet: await the sync first',
    ).toBe(orders);
    expect(report, 'It resolves to how the start went').toEqual({
      attempts: refused + 1,
      orders,
      warning: null,
    });
  },
);

check(
  '01.start.sync-fails',
  'startStoreManager() warns when the sync fails, and listens all the same',
  2,
  async ({ lab, tap, expect }) => {
    tap.redis.refuse(10_000);
    let listened = 0;
    const report = await lab.startStoreManager({
      listen: async () => {
        listened++;
      },
      retries: 2,
      delayMs: 5,
    });
    expect(listened, 'Redis was down: a server that reads from MySQL is better than none').toBe(1);
    expect(
      fieldOf(report, 'orders'),
      'The sync failed, so no number of orders can be reported: a finally that reports success hides it',
    ).toBe(null);
    const warning = fieldOf(report, 'warning');
    expect(warning, 'The report must say why the sync failed').toEqual(expect.stringMatching(/\w/));
    expect(lab.$output(), 'A failed sync must warn: console.warn').toMatch(/\w/);
  },
);

check(
  '01.start.no-mysql',
  'startStoreManager() listens also when MySQL stays away',
  1,
  async ({ lab, tap, expect }) => {
    tap.mysql.refuse(10_000);
    let listened = 0;
    const report = await lab.startStoreManager({
      listen: async () => {
        listened++;
      },
      retries: 2,
      delayMs: 5,
    });
    expect(listened, 'MySQL never answered: warn, then listen').toBe(1);
    expect(fieldOf(report, 'attempts'), 'MySQL never answered, so no attempt succeeded').toBe(null);
    const warning = fieldOf(report, 'warning');
    expect(warning, 'The report must say what failed').toEqual(expect.stringMatching(/\w/));
  },
);

check(
  '01.start.listen-fails',
  'startStoreManager() passes on the error of a listen() that fails',
  1,
  async ({ lab, expect }) => {
    const listen = async () => {
      throw Object.assign(new Error('port 5000 is taken'), { code: 'EADDRINUSE' });
    };
    const error = await thrownBy(lab.startStoreManager({ listen, retries: 2, delayMs: 5 }));
    expect(
      error?.message,
      'Nobody can be served when listen() fails: its error is for the caller, not for a catch that only warns',
    ).toEqual(expect.stringContaining('port 5000 is taken'));
  },
);
