import type { ExpectStatic } from '@vitest/expect';
import { CheckFailed } from '../kit/judge/check-errors.ts';
import type { CheckFixtures } from '../kit/judge/definition.ts';
import { shown } from '../kit/judge/explain.ts';
import { MachineTooBusy } from '../kit/judge/machine-too-busy.ts';
import { withoutRights } from '../kit/judge/rights.ts';
import { fieldOf } from '../kit/judge/shapes.ts';
import { thrownBy } from '../kit/judge/thrown-by.ts';
import { checkAtHand } from '../kit/judge/time-limit.ts';
import { checksOf } from '../src/checks.ts';
import type { InitialSync } from '../src/contracts/initial-sync.ts';
import { redisOrders } from '../src/worlds/store/order-hash.ts';
import { firstDifference } from './support/first-difference.ts';
import { holdsOrders, orderTexts } from './support/holds-orders.ts';
import { addOrders, countOrders } from './support/new-orders.ts';
import { redisGoesAway } from './support/redis-goes-away.ts';
import { putBack, stateOf } from './support/redis-state.ts';
import { settles } from './support/settles.ts';
import { stoppedAfter } from './support/stopped-after.ts';
import { within } from './support/until.ts';
import { withoutKey } from './support/without-key.ts';
import { withoutTable } from './support/without-table.ts';

/** Orders that a shop of some size has; they do not fit in the report's `limit=9999`. */
const MANY = 10_050;

/** Far more than a right solution takes where it need not pause, ms; and a pause that nobody waits for. */
const [SOON_MS, LONG_MS] = [4_000, 60_000];

/** Connections that the student's pool has, and one more. */
const POOL_AND_ONE = 11;

const check = checksOf<InitialSync>('01-initial-sync', { generated: [MANY] });

/** What checks need to sync and to compare. */
type Syncing = Pick<CheckFixtures<InitialSync>, 'lab' | 'redis' | 'mysql'> & { expect: ExpectStatic };

/** One sync, after which Redis holds what MySQL does, and as many orders as it resolved to. */
async function bringsAll({ lab, redis, mysql, expect }: Syncing, when = ''): Promise<void> {
  const orders = await lab.syncAllOrdersToRedis();
  const different = await firstDifference(mysql, redis);
  expect(different?.got, `${when}${different?.key} is not as MySQL has it`).toEqual(different?.expected);
  expect(orders, `${when}It resolves to the number of orders available in Redis`).toBe(
    await countOrders(mysql),
  );
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
    // Ids alone are short; a page of orders with their items may have many rows, but hardly as many as there are orders.
    const whole = tap.mysql
      .transcript()
      .some(({ kind, rows: brought, bytes }) => kind === 'reply' && brought === MANY && bytes > 20 * MANY);
    const { commands, largestBacklog: backlog } = tap.redis.counts();
    const same = await holdsOrders(redis, await orderTexts(mysql, schema));
    const different = same ? undefined : await firstDifference(mysql, redis, { schema });
    return { orders, different, queries, commands, rows, backlog, whole };
  });

/** A start in which nothing goes wrong. */
async function startsWell({ lab, mysql, expect }: Omit<Syncing, 'redis'>): Promise<void> {
  let listened = 0;
  const listen = async () => {
    listened++;
  };
  const report = await lab.startStoreManager({ listen, retries: 2, delayMs: 5 });
  expect(listened, 'listen() is called exactly once').toBe(1);
  const wanted = { attempts: 1, orders: await countOrders(mysql), warning: null };
  expect(report, 'It resolves to how the start went').toEqual(wanted);
}

check(
  '01.wait.first',
  'waitForMysql() resolves to 1 when MySQL answers at once',
  1,
  async ({ lab, expect }) => {
    const sentence = 'MySQL was up, so one attempt was enough';
    expect(await lab.waitForMysql({ retries: 3, delayMs: 5 }), sentence).toBe(1);
    expect(await lab.waitForMysql(), `${sentence}; the options have defaults`).toBe(1);
    const early = `MySQL was up, and with delayMs: ${LONG_MS} the call was not over after ${SOON_MS} ms: pauses are between two attempts, not before the first or after the last`;
    await within(SOON_MS, early, lab.waitForMysql({ retries: 3, delayMs: LONG_MS }));
    for (let call = 4; call <= POOL_AND_ONE; call++) {
      const leak = `Call ${call} waits for ever while MySQL is up: perhaps connections are taken from the pool and never given back`;
      await settles(leak, lab.waitForMysql({ retries: 3, delayMs: 5 }));
    }
  },
);

check(
  '01.wait.retry',
  'waitForMysql() counts the attempts until MySQL answers',
  2,
  async ({ lab, tap, draw, undisturbed, expect }) => {
    await undisturbed({ see: '01.wait.first', without: 'a MySQL that refuses' }, async () => {
      expect(await lab.waitForMysql({ retries: 3, delayMs: 5 }), 'One attempt was enough').toBe(1);
    });
    const refuses = async (refused: number, retries: number) => {
      tap.mysql.disconnectAll();
      tap.mysql.refuse(refused);
      const used = await lab.waitForMysql({ retries, delayMs: 5 });
      const sentence = `MySQL refused ${refused} connections and then answered, within the ${retries} attempts; the attempt that succeeds counts too`;
      expect(used, sentence).toBe(refused + 1);
    };
    const refused = draw.int(2, 6);
    await refuses(refused, 30);
    await refuses(refused, refused + 1);
  },
);

check(
  '01.wait.gives-up',
  'waitForMysql() throws MysqlUnavailable after exactly `retries` attempts',
  2,
  async ({ lab, tap, draw, undisturbed, expect }) => {
    await undisturbed({ see: '01.wait.first', without: 'a MySQL that stays away' }, () =>
      within(SOON_MS, 'MySQL was up', lab.waitForMysql({ retries: 3, delayMs: LONG_MS })),
    );
    const givesUp = async (retries: number | undefined, delayMs: number) => {
      tap.meter.reset();
      tap.mysql.disconnectAll();
      tap.mysql.refuse(1_000);
      const options = retries === undefined ? { delayMs } : { retries, delayMs };
      const late = `MySQL stayed away, and with retries: ${retries} and delayMs: ${delayMs} the call was not over after ${SOON_MS} ms: after the last attempt nothing is left to wait for`;
      const error = await within(SOON_MS, late, thrownBy(lab.waitForMysql(options)));
      const away = 'MySQL never answered: throw an Error whose `name` is MysqlUnavailable, do not resolve';
      expect(error?.name ?? 'nothing was thrown', away).toBe('MysqlUnavailable');
      const { refusedConnections: attempts } = tap.mysql.counts();
      const sentence = `With retries: ${retries ?? '30, the default,'} MySQL is asked ${retries ?? 30} times, no more and no less`;
      expect(attempts, sentence).toBe(retries ?? 30);
    };
    await givesUp(draw.int(2, 5), 5);
    await givesUp(1, LONG_MS);
    await givesUp(undefined, 1);
  },
);

check(
  '01.wait.delay',
  'waitForMysql() waits delayMs between two attempts',
  1,
  async ({ lab, tap, undisturbed, expect }) => {
    await undisturbed({ see: '01.wait.first', without: 'a MySQL that refuses' }, async () => {
      await lab.waitForMysql({ retries: 3, delayMs: 5 });
    });
    const delayMs = 40;
    tap.meter.reset();
    tap.mysql.disconnectAll();
    tap.mysql.refuse(6);
    await lab.waitForMysql({ retries: 10, delayMs });
    const at = tap.mysql.refusedAt();
    const pauses = at.slice(1).map((later, i) => Math.round(later - at[i]!));
    // Timers never fire early by more than their millisecond, so this bound does not depend on the machine's speed; and
    // one slow attempt does not make up for pauses that are missing.
    const sentence = `Six attempts failed, and between them should be pauses of ${delayMs} ms, not of ${pauses.join(', ')} ms: asking without a pause floods a server that is starting`;
    expect(pauses.length === 5 && pauses.every((pause) => pause >= delayMs - 1), sentence).toBe(true);
    if (Math.min(...pauses.slice(-3)) < 2.5 * delayMs) return;
    const grew = `Six attempts failed, and the pauses between them were ${pauses.join(', ')} ms, where each should be ${delayMs} ms: do they grow?`;
    throw checkAtHand.strained() ? new MachineTooBusy(grew) : new CheckFailed(grew);
  },
);

check(
  '01.sync.exact',
  'syncAllOrdersToRedis() writes each order as a hash, with its items',
  2,
  async ({ lab, redis, mysql, draw, expect }) => {
    await addOrders(mysql, draw.int(6, 9));
    // Ids have gaps, and Redis may hold an order that no marker knows of.
    await addOrders(mysql, draw.int(2, 3), draw.int(11_000, 12_000));
    await redis.hset('order:2', {
      id: 2,
      user_id: 2,
      total_amount: '209.48',
      items_count: 2,
      ...{ item_0_product_id: 2, item_0_quantity: 1, item_1_product_id: 3, item_1_quantity: 2 },
    });
    await bringsAll({ lab, redis, mysql, expect });
  },
);

check(
  '01.sync.money',
  'syncAllOrdersToRedis() keeps money exact to the cent',
  1,
  async ({ lab, redis, mysql, draw, undisturbed, expect }) => {
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
    await undisturbed({ see: '01.sync.exact', without: 'a look at amounts' }, async () => {
      await lab.syncAllOrdersToRedis();
      const there = await redis.exists(amounts.map((_, i) => `order:${900 + i}`));
      expect(there, 'These orders are new, and all of them come').toBe(amounts.length);
    });
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
  async ({ lab, redis, mysql, undisturbed, expect }) => {
    await undisturbed({ see: '01.sync.exact', without: 'keys of others' }, () =>
      bringsAll({ lab, redis, mysql, expect }),
    );
    await redis.flushdb();
    const texts = {
      ...{ 'orders:today': '7', 'product_sold:1': '12', 'env:current': '{}', 'preorder:5': 'x' },
      ...{ 'order:count': '3', 'order:1:lock': 'mine', 'order:abc': '1', 'order:': '2', 'order:1e3': '4' },
    };
    const hashes = {
      'session:1': { user_id: '1' },
      'order:2:draft': { id: '2' },
      'order:draft': { id: '5' },
    };
    await redis.mset(texts);
    for (const [key, hash] of Object.entries(hashes)) await redis.hset(key, hash);
    const orders = await lab.syncAllOrdersToRedis();
    const counted =
      'Redis holds other keys too, order:count and order:1:lock among them; only the hashes order:<id> count';
    expect(orders, counted).toBe(await countOrders(mysql));
    const names = Object.keys(texts);
    const values = await redis.mget(names);
    const kept: Record<string, unknown> = Object.fromEntries(names.map((name, i) => [name, values[i]]));
    for (const key of Object.keys(hashes)) kept[key] = await redis.hgetall(key);
    expect(kept, 'The keys of others must stay as they were').toEqual({ ...texts, ...hashes });
  },
);

check(
  '01.sync.leaves',
  'syncAllOrdersToRedis() leaves orders and its marker behind, and nothing else',
  1,
  async ({ lab, redis, mysql, tap, undisturbed, expect }) => {
    await undisturbed({ see: '01.sync.exact', without: 'a look at what is left' }, () =>
      bringsAll({ lab, redis, mysql, expect }),
    );
    const keys = await redis.keys('order:*');
    const strange = keys.filter((key) => !/^order:\d+$/.test(key));
    const own = 'These keys begin with order: and are no orders; a marker needs a name of its own';
    expect(strange, own).toEqual([]);
    const lives = await Promise.all(keys.map((key) => redis.pttl(key)));
    const ending = keys.filter((_, i) => lives[i]! >= 0);
    const ends =
      'These orders have a time to live: once it is over they are gone, and the next start brings only what is new';
    expect(ending, ends).toEqual([]);
    const opened = () => tap.redis.counts().connections;
    await lab.syncAllOrdersToRedis();
    const before = opened();
    for (let call = 3; call <= POOL_AND_ONE; call++) {
      const leak = `Sync ${call} waits for ever: perhaps connections are taken from the pool and never given back`;
      await settles(leak, lab.syncAllOrdersToRedis());
    }
    const each = `${POOL_AND_ONE - 2} more syncs opened ${opened() - before} more connections to Redis: the one that your code is given is enough`;
    expect(opened() - before < POOL_AND_ONE - 2, each).toBe(true);
  },
);

check(
  '01.sync.many',
  `syncAllOrdersToRedis() brings every order, were they ${MANY.toLocaleString('en')}`,
  1,
  async ({ lab, redis, mysql, tap, generated, undisturbed, expect }) => {
    const { orders, different } = await syncMany({ lab, redis, mysql, tap, generated });
    if (orders === MANY && !different) return;
    await redis.flushdb();
    const [rows] = await mysql.query('SELECT DATABASE() AS own');
    lab.$useSchema((rows as { own: string }[])[0]!.own);
    await undisturbed({ see: '01.sync.exact', without: 'so many orders' }, () =>
      bringsAll({ lab, redis, mysql, expect }),
    );
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
  async ({ lab, redis, mysql, tap, generated, undisturbed, expect }) => {
    const { orders, queries, commands, backlog, rows, whole } = await syncMany({
      lab,
      redis,
      mysql,
      tap,
      generated,
    });
    await undisturbed({ see: '01.sync.many', without: 'a look at how' }, async () => {
      const none = `Of ${MANY} orders it synced ${shown(orders)}: too few to say how`;
      expect(typeof orders === 'number' && orders >= MANY / 2, none).toBe(true);
    });
    const few = `${MANY} orders took ${queries} queries. One query for each order is what makes a sync slow: read pages, with their items`;
    expect(queries <= MANY / 5, few).toBe(true);
    // Not trips: without a hold they depend on when replies come, and with one a sync of many takes long.
    const alone = `${commands} commands went to Redis for ${MANY} orders, and never more than ${backlog.commands} at once. One round trip for each order is what makes a sync slow: write pipelines`;
    expect(commands <= MANY / 5 || backlog.commands >= 20, alone).toBe(true);
    const much = `${backlog.commands} commands (${backlog.bytes} bytes) were on their way to Redis at once. Send a batch, wait for its replies, then send the next`;
    expect(backlog.commands <= 5_000 && backlog.bytes <= 3_000_000, much).toBe(true);
    const held = `${rows} rows had arrived from MySQL before anything went on to Redis. With a million orders they would not fit in memory: read a page or a stream`;
    expect(rows <= 20_000 && !(whole && rows >= MANY), held).toBe(true);
  },
);

check(
  '01.sync.new-only',
  'syncAllOrdersToRedis() transfers only what is new at a second start',
  2,
  async ({ lab, redis, mysql, tap, draw, undisturbed, expect }) => {
    const second = await lab.$another();
    await addOrders(mysql, 120);
    await undisturbed({ see: '01.sync.exact', without: 'a second start' }, () =>
      bringsAll({ lab, redis, mysql, expect }),
    );
    const added = draw.int(2, 6);
    await addOrders(mysql, added, 1_200);
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
  '01.sync.later',
  'syncAllOrdersToRedis() brings what is new at every later start, whatever went meanwhile',
  1,
  async ({ lab, redis, mysql, draw, undisturbed, expect }) => {
    const next = await lab.$another();
    await lab.$crash(); // what it remembers of checks before this one is gone
    await undisturbed({ see: '01.sync.exact', without: 'an earlier start' }, () =>
      bringsAll({ lab, redis, mysql, expect }),
    );
    await redis.flushdb();
    const lost = 'Redis lost everything, the marker too, and the same process synced again: ';
    await bringsAll({ lab, redis, mysql, expect }, lost);
    await undisturbed({ see: '01.sync.new-only', without: 'cancelled orders' }, async () => {
      await addOrders(mysql, 3);
      await bringsAll({ lab: next, redis, mysql, expect });
    });
    await bringsAll({ lab: next, redis, mysql, expect }, 'After a start at which nothing was new: ');
    const ids = await addOrders(mysql, 4, 2_000);
    await bringsAll(
      { lab: next, redis, mysql, expect },
      'After one start at which nothing was new, and one with 4 new orders: ',
    );

    // As many go as come: who skips by a number, or compares two, misses some.
    const gone = [1, draw.pick([2, 3, 6]), 1_001, ids.at(-1)!];
    await mysql.query('DELETE FROM orders WHERE id IN (?)', [gone]);
    await addOrders(mysql, gone.length, 3_000);
    const orders = await next.syncAllOrdersToRedis();
    const when = `Orders ${gone.join(', ')} were cancelled in MySQL and ${gone.length} new ones came between two starts.`;
    const different = await firstDifference(mysql, redis, { gone });
    const sentence = `${when} ${different?.key} is not as MySQL has it: perhaps a number of orders stands where the last id should`;
    expect(different?.got, sentence).toEqual(different?.expected);
    const there = (await redisOrders(redis)).size;
    expect(orders, `${when} It resolves to the number of orders in Redis, not to that of MySQL`).toBe(there);
  },
);

/** Places of a sync of so many commands at which it is killed: soon, at three places in a row, and right before the end. */
function placesOf(commands: number): number[] {
  const third = Math.ceil(commands / 3);
  const places = [2, third, third + 1, third + 2, commands - 2, commands - 1];
  return [...new Set(places.map((at) => Math.min(Math.max(1, at), Math.max(1, commands - 1))))];
}

check(
  '01.sync.crash',
  'syncAllOrdersToRedis() finishes at the next start what a crash left half done',
  3,
  async ({ lab, redis, mysql, tap, draw, undisturbed, expect }) => {
    const nextStart = await lab.$another();
    const empty = await stateOf(redis);
    const added = draw.int(12, 15);
    const finishes = async (which: string, see: string, places: (commands: number) => number[]) => {
      const before = await stateOf(redis);
      await undisturbed({ see, without: 'a crash' }, () =>
        bringsAll({ lab: nextStart, redis, mysql, expect }),
      );
      const after = await stateOf(redis);
      await putBack(redis, before);
      tap.redis.reset();
      await undisturbed({ see, without: 'a crash' }, () => bringsAll({ lab, redis, mysql, expect }));
      const { commands } = tap.redis.counts();
      expect(commands > 0, `The ${which} sent Redis nothing at all`).toBe(true);
      for (const at of places(commands)) {
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
          `${killed} ${different?.key} is not as MySQL has it: perhaps a marker, or a key that is there, said more than was done`,
        ).toEqual(different?.expected);
        expect(orders, `${killed} the number of orders is wrong: some were counted twice or not at all`).toBe(
          await countOrders(mysql),
        );
      }
      await putBack(redis, after);
    };
    await addOrders(mysql, added);
    await finishes('first sync', '01.sync.exact', placesOf);
    await addOrders(mysql, added, 2_000);
    const atTheEnd = (commands: number) => placesOf(commands).slice(-3);
    await finishes(`second sync, with ${added} new orders`, '01.sync.new-only', atTheEnd);
    await putBack(redis, empty);
  },
);

check(
  '01.sync.errors',
  'syncAllOrdersToRedis() does not take a failed write for done',
  1,
  async ({ lab, redis, mysql, draw, undisturbed, expect }) => {
    await undisturbed({ see: '01.sync.exact', without: 'an error of Redis' }, () =>
      bringsAll({ lab, redis, mysql, expect }),
    );
    const ids = await addOrders(mysql, 20);
    const key = `order:${draw.pick(ids.slice(3, -3))}`;
    const says = 'look at the error of every reply, MULTI and pipelines do not throw them';
    await redis.set(key, 'something else stands here'); // HSET answers WRONGTYPE, in the reply of one command
    await thrownBy(lab.syncAllOrdersToRedis()); // to give up, or to make room for the order, are both right
    if ((await redis.type(key)) === 'string') {
      await redis.del(key);
      await lab.syncAllOrdersToRedis();
    }
    const one = await firstDifference(mysql, redis);
    const stood = `A text stood at ${key}, and ${one?.key} is not as MySQL has it after one more sync: ${says}`;
    expect(one?.got, stood).toEqual(one?.expected);

    const more = await addOrders(mysql, 20, 1_500);
    const refused = `order:${draw.pick(more.slice(3, -3))}`;
    await withoutKey(redis, refused, () => thrownBy(lab.syncAllOrdersToRedis()));
    await lab.syncAllOrdersToRedis();
    const other = await firstDifference(mysql, redis);
    const sentence = `Redis refused every command on ${refused} during a sync, and ${other?.key} is not as MySQL has it after one more: ${says}`;
    expect(other?.got, sentence).toEqual(other?.expected);

    await addOrders(mysql, 3, 2_000);
    await withoutRights(redis, '-@write', async () => {
      for (let call = 1; call <= POOL_AND_ONE; call++) {
        const leak = `Redis refuses to write, and after ${call - 1} syncs that failed the next one waits for ever: perhaps a connection of the pool is not given back where something fails`;
        await settles(leak, thrownBy(lab.syncAllOrdersToRedis()));
      }
    });
    await bringsAll(
      { lab, redis, mysql, expect },
      `Redis refused ${POOL_AND_ONE} syncs, and then took everything: `,
    );
  },
);

check(
  '01.sync.read-errors',
  'syncAllOrdersToRedis() does not take a failed read for an end',
  1,
  async ({ lab, redis, mysql, tap, undisturbed, expect }) => {
    const [next, other] = [await lab.$another(), await lab.$another()];
    await addOrders(mysql, 4);
    await withoutTable({ mysql, tap: tap.mysql }, 'order_items', () => thrownBy(lab.syncAllOrdersToRedis()));
    await thrownBy(next.syncAllOrdersToRedis());
    const different = await firstDifference(mysql, redis);
    if (!different) return;
    await redis.flushdb();
    await undisturbed({ see: '01.sync.exact', without: 'an error of MySQL' }, () =>
      bringsAll({ lab: other, redis, mysql, expect }),
    );
    const sentence = `MySQL refused every query of order_items during a sync, and after the next one ${different.key} is not as MySQL has it: an error is no empty list`;
    expect(different.got, sentence).toEqual(different.expected);
  },
);

check(
  '01.start.order',
  'startStoreManager() waits, syncs, and only then listens, once',
  2,
  async ({ lab, redis, mysql, tap, draw, undisturbed, expect }) => {
    const refused = draw.int(1, 4);
    const wait = { retries: 10, delayMs: 5 };
    await undisturbed({ see: '01.wait.retry', without: 'a start' }, async () => {
      tap.mysql.refuse(refused);
      expect(await lab.waitForMysql(wait), `MySQL refused ${refused} connections`).toBe(refused + 1);
    });
    await undisturbed({ see: '01.sync.exact', without: 'a start' }, () =>
      bringsAll({ lab, redis, mysql, expect }),
    );
    await redis.flushdb();
    tap.mysql.disconnectAll();
    tap.mysql.refuse(refused);
    const calls: number[] = [];
    const listen = async () => {
      calls.push((await redisOrders(redis)).size);
    };
    const report = await lab.startStoreManager({ listen, ...wait });
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
  async ({ lab, mysql, tap, undisturbed, expect }) => {
    const other = await lab.$another();
    let listened = 0;
    const listen = async () => {
      listened++;
    };
    const unread = await withoutTable({ mysql, tap: tap.mysql }, 'orders', () =>
      other.startStoreManager({ listen, retries: 2, delayMs: 5 }),
    );
    await undisturbed({ see: '01.start.order', without: 'a sync that fails' }, () =>
      startsWell({ lab, mysql, expect }),
    );
    const silent = lab.$output().length;
    expect(listened, 'MySQL refused every query of orders: listen all the same, once').toBe(1);
    const refused = 'MySQL refused every query of orders, so no number of them can be reported';
    expect(fieldOf(unread, 'orders'), refused).toBe(null);

    listened = 0;
    await redisGoesAway(tap);
    const report = await lab.startStoreManager({ listen, retries: 2, delayMs: 5 });
    expect(listened, 'Redis was down: a server that reads from MySQL is better than none').toBe(1);
    expect(
      fieldOf(report, 'orders'),
      'The sync failed, so no number of orders can be reported: a finally that reports success hides it',
    ).toBe(null);
    expect(fieldOf(report, 'attempts'), 'MySQL answered at once; it was Redis that was down').toBe(1);
    const warning = fieldOf(report, 'warning');
    expect(warning, 'The report must say why the sync failed').toEqual(expect.stringMatching(/\w/));
    expect(lab.$output().slice(silent), 'A failed sync must warn: console.warn').toMatch(/\w/);
  },
);

check(
  '01.start.no-mysql',
  'startStoreManager() listens also when MySQL stays away',
  1,
  async ({ lab, mysql, tap, draw, undisturbed, expect }) => {
    await undisturbed({ see: '01.start.order', without: 'a MySQL that stays away' }, () =>
      startsWell({ lab, mysql, expect }),
    );
    const silent = lab.$output().length;
    const retries = draw.int(4, 7);
    tap.meter.reset();
    tap.mysql.disconnectAll();
    tap.mysql.refuse(10_000);
    let listened = 0;
    const listen = async () => {
      listened++;
    };
    const late = `MySQL stayed away, and a start with retries: ${retries} and delayMs: 5 was not over after ${SOON_MS} ms: are both passed on to waitForMysql()?`;
    const report = await within(SOON_MS, late, lab.startStoreManager({ listen, retries, delayMs: 5 }));
    expect(listened, 'MySQL never answered: warn, then listen').toBe(1);
    const { refusedConnections: asked } = tap.mysql.counts();
    const often = `With retries: ${retries} MySQL was asked ${asked} times: pass the options on to waitForMysql()`;
    expect(asked >= retries && asked <= retries + 2, often).toBe(true);
    expect(fieldOf(report, 'attempts'), 'MySQL never answered, so no attempt succeeded').toBe(null);
    expect(fieldOf(report, 'orders'), 'Nothing was synced, so no number of orders can be reported').toBe(
      null,
    );
    const warning = fieldOf(report, 'warning');
    expect(warning, 'The report must say what failed').toEqual(expect.stringMatching(/\w/));
    expect(lab.$output().slice(silent), 'MySQL stayed away: warn with console.warn').toMatch(/\w/);
  },
);

check(
  '01.start.listen-fails',
  'startStoreManager() passes on the error of a listen() that fails',
  1,
  async ({ lab, mysql, tap, undisturbed, expect }) => {
    await undisturbed({ see: '01.start.order', without: 'an error of listen()' }, () =>
      startsWell({ lab, mysql, expect }),
    );
    let calls = 0;
    const listen = async () => {
      calls++;
      throw Object.assign(new Error('port 5000 is taken'), { code: 'EADDRINUSE' });
    };
    const passesOn = async (when: string) => {
      const error = await thrownBy(lab.startStoreManager({ listen, retries: 2, delayMs: 5 }));
      const sentence = `${when}Nobody can be served when listen() fails: its error is for the caller, not for a catch that only warns`;
      expect(error ? error.message : 'nothing was thrown', sentence).toContain('port 5000 is taken');
    };
    await passesOn('');
    tap.mysql.disconnectAll();
    tap.mysql.refuse(10_000);
    await passesOn('MySQL was away too. ');
    expect(calls, 'Two starts called listen(), once each').toBe(2);
  },
);
