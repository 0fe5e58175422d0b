import { isDeepStrictEqual } from 'node:util';
import type { Redis } from 'ioredis';
import { countOf } from '../kit/base/count-of.ts';
import { CheckFailed } from '../kit/judge/check-errors.ts';
import type { CheckFixtures } from '../kit/judge/definition.ts';
import { CLOCK_START } from '../kit/judge/environment.ts';
import { withoutRights } from '../kit/judge/rights.ts';
import type { Draw } from '../kit/judge/seed.ts';
import { listOf } from '../kit/judge/shapes.ts';
import { thrownBy } from '../kit/judge/thrown-by.ts';
import type { Stall } from '../kit/tap/tap.ts';
import { checksOf } from '../src/checks.ts';
import type { Earning, Leaderboard } from '../src/contracts/leaderboard.ts';
import { killedAfter } from './support/killed-after.ts';
import { moreConnections, openConnections } from './support/open-connections.ts';
import { otherAtEachWait } from './support/other-at-each-wait.ts';
import { putBack, stateOf } from './support/redis-state.ts';
import { boardOf, Sales } from './support/sales.ts';
import { sameBoard, type WhatBoardsSay } from './support/same-board.ts';
import { saying } from './support/saying.ts';
import { begin, overOrStill } from './support/standstill.ts';
import { stoppedAfter } from './support/stopped-after.ts';
import { outcomeOf, thrown } from './support/throws.ts';
import { lasting, passes } from './support/time-passes.ts';
import { until, within } from './support/until.ts';
import { withLockWait } from './support/with-lock-wait.ts';

const check = checksOf<Leaderboard>('10-leaderboard');
type Fixtures = CheckFixtures<Leaderboard>;
type Expecting = Parameters<Parameters<typeof check>[3]>[0];
type Process = Fixtures['lab'];

/** Far longer than any right solution needs, ms. */
const AGES = 6_000;
/** Long enough for every call to have come as far as it gets, ms. */
const ALL_CAME = 400;
const kept = { limit: 100, ttlMs: 300_000, lockMs: 30_000 };

const settled = (call: Promise<unknown>) => call.catch(() => {});

/** More connections than a pool has. */
const MORE_THAN_A_POOL = 11;
const HOUR = 3_600_000;

/** Fewer rows than are kept, and more than a check has that is about something else. */
const all = { limit: 50 };

/** As if nearly `ms` had passed since `start` (of `performance.now()`), the time that really has included. */
async function nearlyPasses(redis: Redis, { ms, start }: { ms: number; start: number }): Promise<void> {
  const names = await redis.keys('*');
  const lives = await Promise.all(names.map((name) => redis.pttl(name)));
  const left = ms - (performance.now() - start) - 10;
  await Promise.all(names.map((name, i) => (lives[i]! >= 0 && lives[i]! <= left ? redis.del(name) : 0)));
}

/** Three players with sums of 1 to 3: no two alike, and less than anybody else in the check has. */
const few = (sales: Sales): Earning[] => [1, 2, 3].map((sum) => sales.draft(50 + sum, sum));

/** What to tell of a leaderboard that `name` gave and that is wrong. */
const boardOfMysql = (name: string): WhatBoardsSay => ({
  name,
  sums: 'every player who earned something, once, with the sum of their own sales (as seller, not as buyer)',
  order: 'who earned most comes first, compared as numbers: as text 90 is more than 8000',
  ties: 'of equal sums the smaller player id comes first, as a number: 9 before 10, whatever the logins are',
  rows: 'each row has the login of its player and a rank: equal sums share one, and as many are left out after them (1, 2, 2, 4)',
});

/** The same of the live one, where Redis sorts. */
const boardOfRedis: WhatBoardsSay = {
  ...boardOfMysql('getLiveLeaderboard()'),
  sums: 'every player of whom a sale was told, once, with the sum of their sales',
  ties: 'of equal sums the smaller player id comes first, as a number: 9 before 10. A sorted set puts members of one score in the order of their text, "10" before "9", and ZREVRANGE turns that round',
};

/** A load, of everybody and of the first two, that nothing disturbs: who stands there, and in which order. */
const loaded = (
  { lab, undisturbed, expect }: Expecting,
  { sales, without }: { sales: Sales; without: string },
) =>
  undisturbed({ see: '10.load.sums', without }, async () => {
    const players = sales.board().map(({ playerId }) => ({ playerId }));
    expect(await lab.loadLeaderboard(all), 'Other players than in MySQL').toMatchObject(players);
    const two = await lab.loadLeaderboard({ limit: 2 });
    expect(two, 'Others than the first two').toMatchObject(players.slice(0, 2));
  });

/** A refresh, by default of 100 rows, that nothing disturbs. */
const refreshed = (
  { lab, undisturbed, expect }: Expecting,
  { sales, without, limit = kept.limit }: { sales: Sales; without: string; limit?: number },
) =>
  undisturbed({ see: '10.get.kept', without }, async () => {
    expect(await lab.refreshLeaderboard({ ...kept, limit }), 'This call loaded: true').toBe(true);
    expect(await lab.getLeaderboard(all), 'It is not what MySQL says').toEqual(sales.board());
  });

/** A refresh after another one and one more sale, by default of 100 rows, that nothing disturbs. */
const refreshedAgain = (
  { lab, undisturbed, expect }: Expecting,
  { sales, without, limit = kept.limit }: { sales: Sales; without: string; limit?: number },
) =>
  undisturbed({ see: '10.refresh.again', without }, async () => {
    await sales.commit([sales.draft(1, 30_000)]);
    expect(await lab.refreshLeaderboard({ ...kept, limit }), 'This call loaded: true').toBe(true);
    expect(await lab.getLeaderboard(all), 'It is not the newest').toEqual(sales.board());
  });

/** A refresh while another process loads, with nothing else to disturb it. */
const refusedMeanwhile = (
  { lab, tap, undisturbed, expect }: Expecting,
  { other, without }: { other: Process; without: string },
) =>
  undisturbed({ see: '10.refresh.processes', without }, async () => {
    const held = tap.mysql.stallAtRows();
    const first = settled(begin(other.refreshLeaderboard(kept)));
    await Promise.race([held.happened, first]);
    const second = await lab.refreshLeaderboard(kept);
    held.release();
    await first;
    expect(second, 'A worker is loading: another one does not load').toBe(false);
  });

/** A rebuild that nothing disturbs. */
const rebuilt = (
  { lab, undisturbed, expect }: Expecting,
  { sales, without }: { sales: Sales; without: string },
) =>
  undisturbed({ see: '10.rebuild.exact', without }, async () => {
    await lab.rebuildLiveLeaderboard();
    expect(await lab.getLiveLeaderboard(all), 'It is not what MySQL says').toEqual(sales.board());
  });

/** Sales that are told once, with nothing to disturb it. */
const counted = (
  { lab, undisturbed, expect }: Expecting,
  { told, without }: { told: Earning[]; without: string },
) =>
  undisturbed({ see: '10.live.sums', without }, async () => {
    await tell(lab, told);
    expect(await lab.getLiveLeaderboard(all), 'Each sale was told once').toEqual(boardOf(told));
  });

/** What `work` sends to Redis, in commands. */
async function commandsOf(tap: Fixtures['tap'], work: () => Promise<unknown>): Promise<number> {
  tap.meter.reset();
  await work();
  return tap.redis.counts().commands;
}

const isOneOf = (boards: readonly unknown[], got: unknown) =>
  boards.some((board) => isDeepStrictEqual(board, got));

/** Where to stop a call of so many commands: after each of the first, and before the last ones. */
const places = (commands: number): number[] =>
  [...new Set([1, 2, 3, commands - 3, commands - 2, commands - 1])]
    .filter((at) => at >= 1 && at < commands)
    .sort((a, b) => a - b);

check(
  '10.load.sums',
  'loadLeaderboard() adds up what each player sold, most first',
  2,
  async ({ lab, mysql, draw, expect }) => {
    const sales = await Sales.into(mysql, draw, { players: draw.int(12, 20), sales: 60 });
    const board = sales.board();
    sameBoard(expect, await lab.loadLeaderboard(all), board, boardOfMysql('loadLeaderboard()'));
    const limit = draw.int(2, board.length - 2);
    const first = `loadLeaderboard({ limit: ${limit} }) gives the first ${limit} of ${board.length} players`;
    expect(await lab.loadLeaderboard({ limit }), first).toEqual(board.slice(0, limit));
  },
);

check(
  '10.load.ties',
  'loadLeaderboard() gives equal sums one rank, and sorts them by player id',
  2,
  async (fixtures) => {
    const { lab, mysql, draw, expect } = fixtures;
    const sales = await Sales.into(mysql, draw, { players: 0, sales: 0 });
    await sales.commit(few(sales));
    await loaded(fixtures, { sales, without: 'equal sums' });
    await tied(sales, draw);
    const board = sales.board();
    sameBoard(expect, await lab.loadLeaderboard(all), board, boardOfMysql('loadLeaderboard()'));
    for (const limit of [2, 3, 5]) {
      const cut = `loadLeaderboard({ limit: ${limit} }): the cut falls among players with equal sums, and of these the smallest ids stay`;
      expect(await lab.loadLeaderboard({ limit }), cut).toEqual(board.slice(0, limit));
    }
  },
);

/** Sales after which players 9, 10, 100, 101 and others share sums, in a drawn order. */
async function tied(sales: Sales, draw: Draw): Promise<Earning[]> {
  const [top, middle, low] = [draw.int(5_000, 9_000), draw.int(500, 900), draw.int(9, 90)];
  const sums: [number, number][] = [
    [30, top],
    [100, middle],
    [9, middle],
    [101, middle],
    [10, middle],
    [2, middle - 1],
    [11, low],
    [3, low],
  ];
  const told: Earning[] = [];
  for (const [seller, sum] of sums.sort(() => draw.int(0, 1) - 0.5)) {
    const part = draw.int(1, sum - 1);
    for (const earned of [part, sum - part]) told.push(sales.draft(seller, earned));
  }
  await sales.commit(told);
  return told;
}

check(
  '10.load.exact',
  'loadLeaderboard() is exact beyond 32 bits, and gives numbers',
  2,
  async (fixtures) => {
    const { lab, mysql, draw, expect } = fixtures;
    const sales = await Sales.into(mysql, draw, { players: 0, sales: 0 });
    await sales.commit(few(sales));
    await loaded(fixtures, { sales, without: 'large sums' });
    await sales.commit(large(sales, draw));
    const sentence =
      'Sums are whole numbers up to Number.MAX_SAFE_INTEGER. SUM() arrives as text, which sorts "90" before "600", and a FLOAT has seven digits: CAST(SUM(...) AS UNSIGNED) is a number, and exact';
    expect(await lab.loadLeaderboard(all), sentence).toEqual(sales.board());
  },
);

/** Sales whose sums need more than 32 bits, and all 53. */
function large(sales: Sales, draw: Draw): Earning[] {
  const most = Number.MAX_SAFE_INTEGER - draw.int(0, 50);
  return [
    sales.draft(21, most - 1_000_000_007),
    sales.draft(21, 1_000_000_007),
    sales.draft(22, most - 2),
    sales.draft(22, 1),
    sales.draft(23, 2_147_483_647),
    sales.draft(23, draw.int(1, 9)),
    sales.draft(24, 4_294_967_295),
    sales.draft(25, 90),
    sales.draft(26, 600),
    sales.draft(27, 5_000_000_000_000 + draw.int(1, 9)),
  ];
}

check(
  '10.limit.refused',
  'A limit that is no whole number from 1 to 1000 is a RangeError, before any command',
  1,
  async ({ lab, tap, expect }) => {
    const calls = {
      loadLeaderboard: (limit: number) => lab.loadLeaderboard({ limit }),
      refreshLeaderboard: (limit: number) => lab.refreshLeaderboard({ ...kept, limit }),
      getLeaderboard: (limit: number) => lab.getLeaderboard({ limit }),
      getLiveLeaderboard: (limit: number) => lab.getLiveLeaderboard({ limit }),
    };
    tap.meter.reset();
    for (const limit of [
      0,
      -1,
      1.5,
      Number.NaN,
      1001,
      Number.POSITIVE_INFINITY,
      '10',
      null,
      undefined,
    ] as number[]) {
      for (const [name, call] of Object.entries(calls)) {
        const shown = typeof limit === 'string' ? `'${limit}'` : limit;
        const sentence = `${name}() was called with limit ${shown}, and a limit is a whole number from 1 to 1000: throw a RangeError`;
        thrown(await outcomeOf(call(limit)), 'RangeError', sentence);
      }
    }
    expect(
      tap.meter.commands,
      'A limit was refused, but Redis or MySQL was asked before: look at it first',
    ).toBe(0);
    for (const limit of [1, 1000])
      for (const [name, call] of Object.entries(calls)) {
        const allowed = `${name}() was called with limit ${limit}, which is allowed (from 1 to 1000)`;
        await saying(allowed, call(limit));
      }
  },
);

check(
  '10.get.kept',
  'getLeaderboard() gives what was refreshed, in one round trip and without MySQL',
  2,
  async ({ lab, mysql, tap, draw, undisturbed, expect }) => {
    expect(
      await lab.getLeaderboard({ limit: 5 }),
      'Nothing is kept yet, so getLeaderboard() gives null: a reader never loads',
    ).toBe(null);
    const sales = await Sales.into(mysql, draw, { players: 15, sales: 50 });
    await undisturbed({ see: '10.load.sums', without: 'Redis' }, async () => {
      expect(await lab.loadLeaderboard(all), 'It is not what MySQL says').toEqual(sales.board());
    });
    expect(await lab.refreshLeaderboard(kept), 'This call loaded: true').toBe(true);
    tap.redis.holdMs = 5;
    tap.meter.reset();
    const got = await lab.getLeaderboard(all);
    const { trips } = tap.meter;
    expect(got, 'The kept leaderboard is what loadLeaderboard would give').toEqual(sales.board());
    expect(tap.mysql.counts().commands, 'A reader never asks MySQL').toBe(0);
    expect(trips, `A reader took ${trips} trips: one GET says all`).toBe(1);
  },
);

check(
  '10.get.limits',
  'getLeaderboard() gives the first of what is kept, and null where more is asked for',
  2,
  async (fixtures) => {
    const { lab, mysql, draw, expect } = fixtures;
    const sales = await Sales.into(mysql, draw, { players: 30, sales: 90 });
    const plain = { sales, without: 'another limit', ...all };
    await refreshed(fixtures, plain);
    await refreshedAgain(fixtures, plain);
    const limit = draw.int(9, 14);
    await lab.refreshLeaderboard({ ...kept, limit });
    for (const fewer of [1, 2, limit - 1, limit])
      expect(
        await lab.getLeaderboard({ limit: fewer }),
        `${limit} rows are kept, and ${fewer} asked for: the first ${fewer}, without another load`,
      ).toEqual(sales.board().slice(0, fewer));
    const sentence = `${limit} rows are kept, and more are asked for: null. A list that is cut short must not look like all there is`;
    expect(await lab.getLeaderboard({ limit: limit + 1 }), sentence).toBe(null);
    expect(await lab.getLeaderboard({ limit: 100 }), sentence).toBe(null);
    await lab.refreshLeaderboard({ ...kept, limit: 20 });
    expect(
      await lab.getLeaderboard({ limit: limit + 1 }),
      'A refresh with a larger limit takes the place of the one before',
    ).toEqual(sales.board().slice(0, limit + 1));
  },
);

check(
  '10.get.nobody',
  'A leaderboard without anybody is kept and given like any other',
  1,
  async ({ lab, mysql, undisturbed, expect }) => {
    await mysql.query('DELETE FROM sales');
    await undisturbed({ see: '10.load.sums', without: 'Redis' }, async () => {
      expect(await lab.loadLeaderboard(all), 'Nobody has sold anything: []').toEqual([]);
    });
    expect(await lab.refreshLeaderboard(kept), 'This call loaded: true').toBe(true);
    const sentence =
      'Nobody has sold anything: the leaderboard is [], not null. `if (rows.length)` asks something else';
    expect(await lab.getLeaderboard({ limit: 10 }), sentence).toEqual([]);
  },
);

check('10.refresh.ttl', 'refreshLeaderboard() keeps it for ttlMs, and not for ever', 2, async (fixtures) => {
  const { lab, mysql, redis, draw, expect } = fixtures;
  const sales = await Sales.into(mysql, draw, { players: 10, sales: 30 });
  await refreshed(fixtures, { sales, without: 'time that passes' });
  await passes(redis, kept.ttlMs);
  for (const ttlMs of [300_000, 90_400]) {
    const start = performance.now();
    await lab.refreshLeaderboard({ ...kept, ttlMs });
    await nearlyPasses(redis, { ms: ttlMs, start });
    const early = `With ttlMs ${ttlMs} it should still be there shortly before they are over. Perhaps ttlMs is taken for seconds or cut to whole ones, or it lives as long as the lock`;
    expect(await lab.getLeaderboard(all), early).toEqual(sales.board());
    await passes(redis, ttlMs);
    const late = `With ttlMs ${ttlMs} it should be gone after that: where no worker refreshes any more, an old leaderboard must not be shown for ever`;
    expect(await lab.getLeaderboard(all), late).toBe(null);
  }
  const short = 'With ttlMs 800 it is kept for 0.8 s: Redis takes milliseconds by PX and PEXPIRE';
  expect(await saying(short, lab.refreshLeaderboard({ ...kept, ttlMs: 800 })), short).toBe(true);
});

/** Lets each of `workers` call so often while the first load is kept waiting: how many loads, and how many `true`. */
async function crowd({ tap }: Fixtures, workers: Process[], { calls }: { calls: number }) {
  for (const worker of workers) await worker.getLeaderboard({ limit: 1 }); // connections are made before
  tap.meter.reset();
  await workers[0]!.refreshLeaderboard(kept);
  const one = tap.mysql.counts().rows;
  tap.meter.reset();
  const held = tap.mysql.stallAtRows();
  const all = workers.flatMap((worker) =>
    Array.from({ length: calls }, () => begin(worker.refreshLeaderboard(kept))),
  );
  let over = 0;
  for (const call of all) settled(call).then(() => over++);
  // All others have come back, or wait for the first: then they have had their time to load.
  await until(() => over >= all.length - 1 || tap.mysql.counts().rows >= one, ALL_CAME);
  held.release();
  const answers = await within(AGES, 'One worker loaded, and others never came back', Promise.all(all));
  return {
    loads: Math.round(tap.mysql.counts().rows / one), // one load may be several commands
    loaded: answers.filter((answer) => answer === true).length,
  };
}

/** Lets `second` refresh while the reply to the first command of `first` is on its way: loads, and how many `true`. */
async function oneInFrontOfTheOther(
  { tap }: Fixtures,
  { first, second }: { first: Process; second: Process },
) {
  tap.meter.reset();
  await first.refreshLeaderboard(kept);
  const one = tap.mysql.counts().rows;
  tap.meter.reset();
  const stall = tap.redis.stallAt(1);
  const held = tap.mysql.stallAtRows();
  const early = begin(first.refreshLeaderboard(kept));
  await Promise.race([stall.happened, settled(early)]);
  const late = begin(second.refreshLeaderboard(kept));
  await Promise.race([held.happened, settled(late)]);
  stall.release();
  // It loads, or comes back: its own load is held only where the other one has none.
  await Promise.race([settled(early), until(() => tap.mysql.counts().rows > one, ALL_CAME)]);
  held.release();
  const answers = await within(AGES, 'One of two workers never came back', Promise.all([early, late]));
  return {
    loads: Math.round(tap.mysql.counts().rows / one),
    loaded: answers.filter((answer) => answer === true).length,
  };
}

check(
  '10.refresh.one-process',
  'Of twenty refreshes at once in one process, one loads',
  2,
  async (fixtures) => {
    const { lab, mysql, draw, expect } = fixtures;
    const sales = await Sales.into(mysql, draw, { players: 40, sales: 120 });
    await refreshed(fixtures, { sales, without: 'others that refresh too' });
    const many = await crowd(fixtures, [lab], { calls: 20 });
    const sentence = `Twenty called at once, and MySQL was asked ${many.loads} times. Take a lock in Redis first: SET key token NX PX ms. Who does not get it returns false`;
    expect(many.loads, sentence).toBe(1);
    const said = `Twenty called at once, one of them loaded, and ${many.loaded} resolved to true: the one that loaded says true, the others say false`;
    expect(many.loaded === 1, said).toBe(true);
  },
);

check(
  '10.refresh.processes',
  'Of fifteen refreshes at once in three processes, one loads',
  3,
  async (fixtures) => {
    const { lab, mysql, draw, expect } = fixtures;
    const workers = [lab, ...(await Promise.all([lab.$another(), lab.$another()]))];
    const sales = await Sales.into(mysql, draw, { players: 40, sales: 120 });
    await refreshed(fixtures, { sales, without: 'others that refresh too' });
    const many = await crowd(fixtures, workers, { calls: 5 });
    const sentence = `Three processes refreshed at once, and MySQL was asked ${many.loads} times. A variable is one process's own: they must agree in Redis who loads`;
    expect(many.loads, sentence).toBe(1);
    const said = `Fifteen called at once, one of them loaded, and ${many.loaded} resolved to true: the one that loaded says true, the others say false`;
    expect(many.loaded === 1, said).toBe(true);
    const two = await oneInFrontOfTheOther(fixtures, { first: workers[0]!, second: workers[1]! });
    const between = `A worker had sent its first command, and before it had the reply another one refreshed: MySQL was asked ${two.loads} times. Do not look whether there is a lock and then take it: SET key token NX PX ms does both`;
    expect(two.loads, between).toBe(1);
    expect(two.loaded, 'One of the two loaded and resolves to true, the other to false').toBe(1);
  },
);

check('10.refresh.again', 'A refresh after the last one loads anew', 2, async (fixtures) => {
  const { lab, mysql, draw, expect } = fixtures;
  const sales = await Sales.into(mysql, draw, { players: 10, sales: 30 });
  await refreshed(fixtures, { sales, without: 'another one after it' });
  for (let round = 0; round < 3; round++) {
    const loads =
      'refreshLeaderboard() was called when no other one was under way: it loads, and resolves to true. Perhaps the last one kept its lock, or it loads only where nothing is kept';
    expect(await lab.refreshLeaderboard(kept), loads).toBe(true);
    expect(await lab.getLeaderboard(all), 'The kept leaderboard is not the newest').toEqual(sales.board());
    await sales.commit([sales.draft(draw.int(31, 39), draw.int(1_000, 9_000))]);
  }
});

check('10.refresh.before', 'Readers during a refresh see the leaderboard before it', 4, async (fixtures) => {
  const { lab, mysql, tap, draw, expect } = fixtures;
  const sales = await Sales.into(mysql, draw, { players: 20, sales: 60 });
  await refreshed(fixtures, { sales, without: 'a reader meanwhile' });
  const before = sales.board();
  await sales.commit([sales.draft(31, 9_999_999)]);
  const held = tap.mysql.stallAtRows();
  const refreshing = begin(lab.refreshLeaderboard(kept));
  await Promise.race([held.happened, settled(refreshing)]);
  const seen = await Promise.all([1, 20, 50].map((limit) => lab.getLeaderboard({ limit })));
  held.release();
  const nothing =
    'A refresh has begun, and readers find nothing: all of them would ask MySQL now. Do not delete the old one before the new one is there';
  expect(seen.includes(null), nothing).toBe(false);
  expect(seen, 'A refresh is loading: readers see the leaderboard before it').toEqual(
    [1, 20, 50].map((limit) => before.slice(0, limit)),
  );
  expect(await refreshing, 'This call loaded: true').toBe(true);
  const [then, after] = [await lab.getLeaderboard(all), sales.board()];
  await refreshedAgain(fixtures, { sales, without: 'a reader meanwhile' });
  expect(then, 'And then the new one').toEqual(after);
});

check(
  '10.refresh.whole',
  'Wherever a refresh is killed, readers see the old leaderboard or the new one, with an end',
  3,
  async (fixtures) => {
    const { lab, mysql, redis, tap, draw, expect } = fixtures;
    const sales = await Sales.into(mysql, draw, { players: 20, sales: 60 });
    await refreshed(fixtures, { sales, without: 'a crash' });
    const commands = await commandsOf(tap, () => lab.refreshLeaderboard(kept));
    // What such a call leaves for ever anyway, as a number that it counts up, is none of a crash.
    const clean = await lasting(redis);
    for (const at of places(commands)) {
      await redis.flushdb();
      await lab.refreshLeaderboard(kept);
      const before = sales.board();
      await sales.commit([sales.draft(draw.int(31, 39), 1_000_000 * at)]);
      await killedAfter({ lab, redis, tap }, at, () => lab.refreshLeaderboard(kept));
      const got = await within(AGES, 'getLeaderboard() did not answer', lab.getLeaderboard(all));
      const place = `A refresh was killed after command ${at}`;
      expect(got === null, `${place}, and there is no leaderboard at all`).toBe(false);
      const both = [before, sales.board()];
      const half = `${place}, and readers see neither the old leaderboard nor the new one. Write it whole, in one command or one step`;
      expect(isOneOf(both, got), half).toBe(true);
      const left = await lasting(redis);
      const forever = `${place}, and of what stands in Redis more has no end than after a whole one: ${left.join(', ')}. Say the time to live in the command that writes`;
      expect(left.length <= clean.length, forever).toBe(true);
    }
  },
);

check(
  '10.refresh.fails',
  "A load that fails is the caller's error, leaves the old leaderboard, and lets the next one load",
  3,
  async (fixtures) => {
    const { lab, mysql, tap, draw, expect } = fixtures;
    const sales = await Sales.into(mysql, draw, { players: 12, sales: 40 });
    await refreshed(fixtures, { sales, without: 'an error of MySQL' });
    await refreshedAgain(fixtures, { sales, without: 'an error of MySQL' });
    const before = sales.board();
    tap.mysql.refuse(1_000);
    tap.mysql.disconnectAll();
    const error = await thrownBy(lab.refreshLeaderboard(kept));
    expect(error === undefined, 'MySQL was away, and the refresh resolved as if it had loaded').toBe(false);
    const sentence = 'MySQL is away: readers go on with the leaderboard that was kept';
    expect(await lab.getLeaderboard(all), sentence).toEqual(before);
    tap.mysql.refuse(0);
    await sales.commit([sales.draft(31, draw.int(1_000, 9_000))]);
    const again =
      'MySQL is back, and the next refresh did not load. Give the lock back where the load fails, too';
    expect(await lab.refreshLeaderboard(kept), again).toBe(true);
    expect(await lab.getLeaderboard(all), again).toEqual(sales.board());
  },
);

check(
  '10.refresh.killed',
  'A worker that is killed while it loads keeps others from loading for lockMs at most',
  3,
  async (fixtures) => {
    const { lab, mysql, redis, tap, draw, undisturbed, expect } = fixtures;
    const doomed = await lab.$another();
    const sales = await Sales.into(mysql, draw, { players: 12, sales: 40 });
    await refreshed(fixtures, { sales, without: 'a crash' });
    await refreshedAgain(fixtures, { sales, without: 'a crash' });
    await refusedMeanwhile(fixtures, { other: doomed, without: 'a crash' });
    const before = sales.board();
    // 40.4 s: cut or rounded up to whole seconds, the lock would last too long.
    for (const lockMs of [draw.int(40, 60) * 1_000 + 400, undefined]) {
      const options = { limit: kept.limit, ttlMs: kept.ttlMs, ...(lockMs ? { lockMs } : {}) };
      await sales.commit([sales.draft(31, 50_000)]);
      const held = tap.mysql.stallAtRows();
      const dying = settled(doomed.refreshLeaderboard(options));
      await Promise.race([held.happened, dying]);
      expect(await lab.refreshLeaderboard(options), 'A worker is loading: another one does not load').toBe(
        false,
      );
      const readersSeeTheOld = async () => {
        if (lockMs)
          expect(await lab.getLeaderboard(all), 'Readers see the old one meanwhile').toEqual(before);
      };
      await undisturbed({ see: '10.refresh.before', without: 'a crash' }, readersSeeTheOld);
      await doomed.$crash();
      held.release();
      await dying;
      await readersSeeTheOld();
      const ends = lockMs ?? 30_000;
      await passes(redis, ends);
      const told = lockMs ? `lockMs` : `the default of lockMs`;
      const sentence = `A worker was killed while it loaded, and ${ends} ms later (${told}) nobody can refresh. The lock must end by itself: SET key token NX PX lockMs, in one command`;
      expect(await lab.refreshLeaderboard(options), sentence).toBe(true);
      const newest = `A worker was killed while it loaded, the next one loaded ${ends} ms later, and what is kept is not what MySQL says`;
      expect(await lab.getLeaderboard(all), newest).toEqual(sales.board());
    }
    const short = 'With lockMs 800 the lock ends after 0.8 s: Redis takes milliseconds by PX and PEXPIRE';
    await saying(short, lab.refreshLeaderboard({ ...kept, lockMs: 800 }));
  },
);

check(
  '10.refresh.late',
  'A worker that comes back after its lock has ended keeps nothing, and leaves the lock of the next',
  4,
  async (fixtures) => {
    const { lab, mysql, redis, tap, draw, expect } = fixtures;
    const late = await lab.$another();
    const sales = await Sales.into(mysql, draw, { players: 12, sales: 40 });
    await refreshed(fixtures, { sales, without: 'a worker that is late' });
    await refreshedAgain(fixtures, { sales, without: 'a worker that is late' });
    await refusedMeanwhile(fixtures, { other: late, without: 'a worker that is late' });
    const commands = await commandsOf(tap, () => lab.refreshLeaderboard(kept));
    const held = tap.mysql.stallAtRows();
    const first = begin(late.refreshLeaderboard(kept));
    await Promise.race([held.happened, settled(first)]);
    await passes(redis, kept.lockMs);
    await sales.commit([sales.draft(31, 50_000)]);
    expect(await lab.refreshLeaderboard(kept), 'The lock has ended: the next worker loads').toBe(true);
    held.release();
    const sentence =
      'A worker loaded, came back after its lock had ended, and put its old leaderboard over a newer one. Look whose lock it is and write in one step (a script)';
    const said = await first;
    expect(await lab.getLeaderboard(all), sentence).toEqual(sales.board());
    const honest =
      'A worker loaded, and came back after its lock had ended and another one had loaded: what it loaded is not kept, so it resolves to false';
    expect(said, honest).toBe(false);

    const again = tap.mysql.stallAtRows();
    await comesBackLate(fixtures, {
      late,
      slow: again,
      sentence:
        'A worker came back after its lock had ended and deleted the lock, which another held by then: two load at once. Put a random token into the lock, and delete it only where it is yours',
    });
    // One that looks whose lock it is, and then writes or deletes, may be slow between the two.
    for (const at of places(commands).filter((n) => n > 1)) {
      const slow = tap.redis.stallAt(at + 1, { executed: false });
      const looked = begin(late.refreshLeaderboard(kept));
      await Promise.race([slow.happened, settled(looked)]);
      await redis.ping();
      await passes(redis, kept.lockMs);
      await sales.commit([sales.draft(32, 1_000)]);
      await lab.refreshLeaderboard(kept);
      slow.release();
      await settled(looked);
      const place = `A worker was slow after command ${at} of its refresh, its lock ended, and another one loaded meanwhile`;
      const over = `${place}. Then it put its old leaderboard over the newer one: look whose lock it is and write in one step (a script)`;
      expect(await lab.getLeaderboard(all), over).toEqual(sales.board());
      await comesBackLate(fixtures, {
        late,
        slow: tap.redis.stallAt(at + 1, { executed: false }),
        sentence: `${place}. Then it deleted the lock of the other: look whose lock it is and delete it in one step (a script)`,
      });
    }
  },
);

/** A worker stands still in `slow` until its lock has ended; while the next one loads it comes back. A third must not load. */
async function comesBackLate(
  { lab, redis, tap, expect }: Expecting,
  { late, slow, sentence }: { late: Process; slow: Stall; sentence: string },
): Promise<void> {
  const second = begin(late.refreshLeaderboard(kept));
  await Promise.race([slow.happened, settled(second)]);
  await passes(redis, kept.lockMs);
  const next = tap.mysql.stallAtRows();
  const third = begin(lab.refreshLeaderboard(kept));
  await Promise.race([next.happened, settled(third)]);
  slow.release();
  await settled(second);
  const fourth = await late.refreshLeaderboard(kept);
  next.release();
  expect(fourth, sentence).toBe(false);
  expect(await third, 'Whose lock it is, keeps what it loaded').toBe(true);
}

/** Tells the live leaderboard of sales, all at once. */
const tell = (process: Process, sales: readonly Earning[]) =>
  Promise.all(sales.map((sale) => process.recordEarning(sale)));

check(
  '10.live.sums',
  'recordEarning() adds up, getLiveLeaderboard() gives ranks and logins',
  2,
  async ({ lab, mysql, draw, expect }) => {
    expect(await lab.getLiveLeaderboard(all), 'Nobody sold anything yet: []').toEqual([]);
    const sales = await Sales.into(mysql, draw, { players: 0, sales: 0 });
    const told = Array.from({ length: 50 }, () => sales.draft(draw.int(1, 12), draw.int(1, 9_000)));
    await tell(lab, told);
    const board = boardOf(told);
    sameBoard(expect, await lab.getLiveLeaderboard(all), board, boardOfRedis);
    for (const limit of [1, 5]) {
      const first = `getLiveLeaderboard({ limit: ${limit} }) gives the first ${limit} of ${board.length} players`;
      expect(await lab.getLiveLeaderboard({ limit }), first).toEqual(board.slice(0, limit));
    }
  },
);

check(
  '10.live.ties',
  'getLiveLeaderboard() gives equal sums one rank, and sorts them by player id',
  3,
  async (fixtures) => {
    const { lab, mysql, draw, expect } = fixtures;
    const sales = await Sales.into(mysql, draw, { players: 0, sales: 0 });
    const apart = few(sales);
    await counted(fixtures, { told: apart, without: 'equal sums' });
    const told = await tied(sales, draw);
    await tell(lab, told);
    const board = boardOf([...apart, ...told]);
    sameBoard(expect, await lab.getLiveLeaderboard(all), board, boardOfRedis);
    for (const limit of [2, 3, 4, 7]) {
      const cut = `getLiveLeaderboard({ limit: ${limit} }): the cut falls among players with equal sums, and of these the smallest ids stay. Redis chooses by the text of the members: take all of the last score, then sort and cut`;
      expect(await lab.getLiveLeaderboard({ limit }), cut).toEqual(board.slice(0, limit));
    }
  },
);

check('10.live.exact', 'The live leaderboard is exact up to Number.MAX_SAFE_INTEGER', 2, async (fixtures) => {
  const { lab, mysql, draw, expect } = fixtures;
  const sales = await Sales.into(mysql, draw, { players: 0, sales: 0 });
  const apart = few(sales);
  await counted(fixtures, { told: apart, without: 'large sums' });
  const told = large(sales, draw);
  await tell(lab, told);
  const sentence =
    'A score is a double: exact up to 2^53, until tostring() in a script makes 9.007199254741e+15 of it, or something else is packed into it';
  expect(await lab.getLiveLeaderboard(all), sentence).toEqual(boardOf([...apart, ...told]));
});

check('10.live.once', 'recordEarning() counts a sale once, however often it is told', 3, async (fixtures) => {
  const { lab, mysql, redis, tap, draw, expect } = fixtures;
  const other = await lab.$another();
  const sales = await Sales.into(mysql, draw, { players: 0, sales: 0 });
  // The sums of the players lie apart, whatever is drawn.
  const apart = [1, 2, 3, 4].map((player) => sales.draft(player, 50_000 * player));
  await counted(fixtures, { told: apart, without: 'a second time' });
  const more = Array.from({ length: 30 }, () => sales.draft(draw.int(1, 4), draw.pick([100, 200])));
  const told = [...apart, ...more];
  await tell(lab, told);
  await Promise.all([tell(lab, told), tell(other, told), tell(other, told)]);
  const again = 'Each sale was told four times. Remember its id, and look and count in one step';
  expect(await lab.getLiveLeaderboard(all), again).toEqual(boardOf(told));
  const fresh = Array.from({ length: 30 }, () => sales.draft(draw.int(1, 4), draw.pick([100, 200])));
  tap.redis.latencyMs = 20; // who looks first has not counted yet when the next one looks
  await Promise.all([tell(other, fresh), tell(lab, fresh), tell(lab, fresh.toReversed())]);
  tap.redis.latencyMs = 0;
  const atOnce =
    'New sales were told three times at once, by two processes. Who looks first and counts then, counts twice: do both in one step (a script)';
  expect(await lab.getLiveLeaderboard(all), atOnce).toEqual(boardOf([...told, ...fresh]));
  const seen = [...told, ...fresh];
  let sale = fresh[0]!;
  for await (const { commands } of otherAtEachWait(
    { tap, redis },
    {
      prepare: async () => {
        sale = sales.draft(draw.int(1, 4), 100);
        seen.push(sale);
      },
      call: () => lab.recordEarning(sale),
      other: () => other.recordEarning(sale),
    },
  )) {
    const between = `Between command ${commands} of recordEarning and the next, another process told the same sale. Who looks first and counts then, counts twice: do both in one step (a script)`;
    expect(await lab.getLiveLeaderboard(all), between).toEqual(boardOf(seen));
  }
});

check('10.live.crash', 'A sale told again after a crash is counted exactly once', 3, async (fixtures) => {
  const { lab, mysql, redis, tap, draw, expect } = fixtures;
  const sales = await Sales.into(mysql, draw, { players: 0, sales: 0 });
  const told = [1, 2, 3].map((player) => sales.draft(player, 50_000 * player));
  await counted(fixtures, { told, without: 'a crash' });
  const last = sales.draft(1, draw.int(1, 900));
  const commands = await commandsOf(tap, () => lab.recordEarning(last));
  expect(commands > 0, 'It sent Redis nothing at all').toBe(true);
  told.push(last);
  for (const at of new Set([1, 2, 3, commands - 1, commands].filter((n) => n >= 1 && n <= commands))) {
    const sale = sales.draft(draw.int(1, 3), draw.int(1, 900));
    await killedAfter({ lab, redis, tap }, at, () => lab.recordEarning(sale));
    await lab.recordEarning(sale);
    told.push(sale);
    const sentence = `A process was killed after command ${at} of recordEarning (of ${commands}), and the sale was told again: it counts once, neither twice nor never. Do it in one step`;
    expect(await lab.getLiveLeaderboard(all), sentence).toEqual(boardOf(told));
  }
});

check(
  '10.live.trips',
  'recordEarning() takes one round trip, getLiveLeaderboard() two at most, and neither asks MySQL',
  2,
  async ({ lab, mysql, tap, draw, expect }) => {
    const sales = await Sales.into(mysql, draw, { players: 0, sales: 0 });
    const told = Array.from({ length: 60 }, (_, i) => sales.draft(i + 1, draw.int(1, 9_000)));
    await tell(lab, told);
    tap.redis.holdMs = 5;
    tap.meter.reset();
    await lab.recordEarning(sales.draft(7, 5));
    const recording = tap.meter.trips;
    tap.meter.reset();
    await lab.getLiveLeaderboard({ limit: 50 });
    const reading = tap.meter.trips;
    expect(recording, `recordEarning took ${recording} trips: one script asks and counts in one`).toBe(1);
    const sentence = `50 rows took ${reading} trips. One ZRANGE with scores, one HMGET for all logins; or one script`;
    expect(reading <= 2, sentence).toBe(true);
    expect(tap.mysql.counts().commands, 'The live leaderboard is all in Redis').toBe(0);
  },
);

check(
  '10.live.values',
  'recordEarning() refuses what is no sale, before it writes',
  1,
  async ({ lab, redis, draw, expect }) => {
    const sale = { saleId: draw.int(1, 99), playerId: 3, login: 'chloe', earned: 5 };
    for (const name of ['saleId', 'playerId', 'earned'] as const)
      for (const value of [
        0,
        -1,
        1.5,
        Number.NaN,
        Number.POSITIVE_INFINITY,
        '7',
        undefined,
        null,
      ] as number[]) {
        const shown = typeof value === 'string' ? `'${value}'` : value;
        const refuse = `recordEarning() was told of a sale whose ${name} is ${shown}, and it is a whole number from 1 on: throw a RangeError, and write nothing`;
        thrown(await outcomeOf(lab.recordEarning({ ...sale, [name]: value })), 'RangeError', refuse);
      }
    expect(await redis.keys('*'), 'Nothing may be written of a sale that is none').toEqual([]);
  },
);

check(
  '10.rebuild.exact',
  'rebuildLiveLeaderboard() makes it anew from MySQL, and says how many players it holds',
  2,
  async (fixtures) => {
    const { lab, mysql, redis, draw, expect } = fixtures;
    const sales = await Sales.into(mysql, draw, { players: 20, sales: 60 });
    await sales.commit([sales.draft(9, 70), sales.draft(40, 3)], { ago: 60_000 });
    await sales.commit(large(sales, draw), { ago: 1_000 });
    const ghosts = [
      { saleId: 100_000, playerId: 77, login: 'nobody', earned: 4_000 },
      { saleId: 100_001, playerId: 3, login: sales.login(3), earned: 3_000 },
    ];
    await counted(fixtures, { told: ghosts, without: 'a rebuild' });
    const board = sales.board();
    const players = await lab.rebuildLiveLeaderboard();
    const sentence =
      'After a rebuild it holds what MySQL holds, and nothing that was told before of sales that are none';
    expect(await lab.getLiveLeaderboard(all), sentence).toEqual(board);
    const many = 'rebuildLiveLeaderboard() resolves to how many players stand on the leaderboard then';
    expect(players, many).toBe(board.length);
    await passes(redis, 1e12);
    const ends =
      'A very long time passed, and the live leaderboard is not what it was: its keys must never expire. Perhaps one kept the end that it had while it was being made (PERSIST takes it away)';
    expect(await lab.getLiveLeaderboard(all), ends).toEqual(board);
    await mysql.query('DELETE FROM sales');
    const none =
      'MySQL has no sale any more: a rebuild is no error, and resolves to 0 players. RENAME of a key that is not there is an error';
    expect(await saying(none, lab.rebuildLiveLeaderboard()), none).toBe(0);
    const empty = 'MySQL has no sale any more, and the leaderboard was rebuilt: it is []';
    expect(await lab.getLiveLeaderboard(all), empty).toEqual([]);
  },
);

check(
  '10.rebuild.counted',
  'A rebuild remembers which sales it counted, and no others',
  3,
  async (fixtures) => {
    const { lab, mysql, draw, expect } = fixtures;
    const sales = await Sales.into(mysql, draw, { players: 8, sales: 30 });
    const old = sales.committed[draw.int(0, 29)]!;
    const open = sales.draft(draw.int(1, 8), 1_000); // its transaction is still open
    const recent = [sales.draft(3, 70), sales.draft(9, 90)];
    await sales.commit(recent, { ago: 50 * 60_000 });
    await rebuilt(fixtures, { sales, without: 'a sale that is told afterwards' });
    await tell(lab, [...recent, old, sales.committed[0]!]);
    const twice =
      'These sales were in MySQL when it was rebuilt, and were told of afterwards: they must not count again';
    expect(await lab.getLiveLeaderboard(all), twice).toEqual(sales.board());
    const fresh = sales.draft(2, 5_000);
    await sales.commit([open], { ago: 55 * 60_000 });
    await sales.commit([fresh], { ago: 4_000 });
    await tell(lab, [fresh, open]);
    const lost = `Sale ${open.saleId}, of 55 minutes ago, was not yet committed when the leaderboard was rebuilt, though sale ${recent.at(-1)!.saleId} was. "All up to the greatest id" would never count it: ids are given when a transaction writes, not when it commits`;
    expect(await lab.getLiveLeaderboard(all), lost).toEqual(sales.board());
  },
);

check(
  '10.rebuild.meanwhile',
  'Sales that are told during a rebuild are neither lost nor counted twice',
  4,
  async (fixtures) => {
    const { lab, mysql, redis, tap, draw, expect } = fixtures;
    const seller = await lab.$another();
    const sales = await Sales.into(mysql, draw, { players: 10, sales: 30 });
    // To add to this sum takes all digits of a number.
    await sales.commit([sales.draft(33, Number.MAX_SAFE_INTEGER - 100_000_000)]);
    await rebuilt(fixtures, { sales, without: 'a sale meanwhile' });
    const make = async (playerId: number) => {
      const sale = sales.draft(playerId, draw.int(100_000, 900_000));
      await sales.commit([sale], { ago: 2_000 });
      return sale;
    };
    await tell(lab, [await make(1)]);

    const held = tap.mysql.stallAtRows();
    const first = begin(lab.rebuildLiveLeaderboard());
    await Promise.race([held.happened, settled(first)]);
    const after = [await make(2), await make(31), await make(33)];
    await tell(seller, after);
    held.release();
    await first;
    const lost =
      'MySQL was read, then sales were made and told, and then the new leaderboard took the place of the old: a sale is gone, or counted twice. In the same step that swaps, add what was told since MySQL was read';
    expect(await lab.getLiveLeaderboard(all), lost).toEqual(sales.board());
    await tell(seller, after);
    const again =
      'Sales were told while a rebuild was under way and were counted; then they were told again, and counted again. Remember them in the same step that adds them';
    expect(await lab.getLiveLeaderboard(all), again).toEqual(sales.board());

    tap.meter.reset();
    await lab.rebuildLiveLeaderboard();
    const queries = tap.mysql.counts().commands;
    for (let n = 1; n <= Math.min(queries, 8); n++) {
      const stall = tap.mysql.stallAt(n);
      const running = begin(lab.rebuildLiveLeaderboard());
      await Promise.race([stall.happened, settled(running)]);
      const one = await make(32);
      await tell(seller, [one]);
      stall.release();
      await running;
      const sentence = `MySQL had carried out command ${n} of ${queries} of a rebuild, and then a sale was made and told: it is lost, or counted twice. Read sums and ids of one moment (START TRANSACTION WITH CONSISTENT SNAPSHOT), and where MySQL shows a sale that was told as well, count it once`;
      expect(await lab.getLiveLeaderboard(all), sentence).toEqual(sales.board());
      await tell(seller, [one]);
      expect(await lab.getLiveLeaderboard(all), sentence).toEqual(sales.board());
    }

    // What a rebuild sends grows with the sales that are new, so these places are counted from its end.
    for (const back of [0, 1, 2, 3]) {
      const commands = await commandsOf(tap, () => lab.rebuildLiveLeaderboard());
      tap.meter.reset();
      const stall = tap.redis.stallAt(Math.max(1, commands - back));
      const running = begin(lab.rebuildLiveLeaderboard());
      await Promise.race([stall.happened, settled(running)]);
      await redis.ping();
      const one = await make(2);
      const telling = begin(tell(seller, [one]));
      await overOrStill(tap, telling);
      stall.release();
      await running;
      await telling;
      const sentence = `Redis had carried out ${back === 0 ? 'all commands' : `all but ${countOf(back, 'command')}`} of a rebuild, which had not heard the answer, and then a sale was made and told: it is lost, or counted twice. Look at what was told and swap in one step (a script)`;
      expect(await lab.getLiveLeaderboard(all), sentence).toEqual(sales.board());
      await tell(seller, [one]);
      expect(await lab.getLiveLeaderboard(all), sentence).toEqual(sales.board());
    }
    let one = after[0]!;
    for await (const { commands } of otherAtEachWait(
      { tap, redis },
      {
        call: () => lab.rebuildLiveLeaderboard(),
        other: async () => {
          one = await make(2);
          await tell(seller, [one]);
        },
        most: 8,
      },
    )) {
      const sentence = `Redis had carried out ${countOf(commands, 'command')} of a rebuild, and then a sale was made and told, before the next one: it is lost, or counted twice. Look at what was told and swap in one step (a script)`;
      expect(await lab.getLiveLeaderboard(all), sentence).toEqual(sales.board());
      await tell(seller, [one]);
      expect(await lab.getLiveLeaderboard(all), sentence).toEqual(sales.board());
    }
  },
);

check(
  '10.rebuild.swap',
  'Wherever a rebuild is killed, readers see the old leaderboard or the new one, and counting goes on',
  4,
  async (fixtures) => {
    const { lab, mysql, redis, tap, draw, expect } = fixtures;
    const other = await lab.$another();
    const sales = await Sales.into(mysql, draw, { players: 12, sales: 30 });
    await rebuilt(fixtures, { sales, without: 'a crash' });
    const told = sales.draft(draw.int(1, 12), 50_000);
    await sales.commit([told], { ago: 4_000 });
    await tell(lab, [told]);
    const before = sales.board();
    const state = await stateOf(redis);
    const made = [sales.draft(draw.int(1, 12), 160_000), sales.draft(31, 570_000)];
    await sales.commit(made, { ago: 3_000 });
    const both = [before, sales.board()];
    const commands = await commandsOf(tap, () => lab.rebuildLiveLeaderboard());
    // Whatever the keys are called: a new one may have new names each time.
    const clean = await lasting(redis);
    const look = async (reader: Process, place: string) => {
      const got = await within(AGES, 'getLiveLeaderboard() did not answer', reader.getLiveLeaderboard(all));
      const { length } = listOf(got, `${place} what getLiveLeaderboard() gives`);
      const half = `${place} readers see ${length} players, neither the old leaderboard nor the new one. Make the new one under other names, and RENAME them in one step`;
      expect(isOneOf(both, got), half).toBe(true);
      await tell(reader, made);
      const apart = `${place} it stopped; then the last sales were told, and the sums are wrong: the leaderboard and what is remembered of its sales must change in one step`;
      expect(await reader.getLiveLeaderboard(all), apart).toEqual(sales.board());
    };
    for (const at of places(commands)) {
      await putBack(redis, state);
      await stoppedAfter({ redis, tap }, at, {
        work: () => settled(lab.rebuildLiveLeaderboard()),
        look: () => look(other, `After command ${at} of ${commands} of a rebuild`),
      });
    }
    for (const at of new Set([2, commands - 1].filter((n) => n >= 1 && n < commands))) {
      await putBack(redis, state);
      await killedAfter({ lab, redis, tap }, at, () => lab.rebuildLiveLeaderboard());
      await look(lab, `A rebuild was killed after command ${at} of ${commands}, and`);
    }
    await lab.rebuildLiveLeaderboard();
    const left = await lasting(redis);
    const litter = `Rebuilds were killed, and ${left.length} keys have no end, where ${clean.length} had none before: ${left.join(', ')}. Give what is being made an end, and take it away with the swap (PERSIST)`;
    expect(left.length <= clean.length, litter).toBe(true);
  },
);

/** How much is remembered in Redis: fields, members, and long texts by their length. */
async function remembered(redis: Redis): Promise<number> {
  let sum = 0;
  for (const key of await redis.keys('*')) {
    const type = await redis.type(key);
    if (type === 'hash') sum += await redis.hlen(key);
    else if (type === 'zset') sum += await redis.zcard(key);
    else if (type === 'set') sum += await redis.scard(key);
    else if (type === 'list') sum += await redis.llen(key);
    else if (type === 'stream') sum += await redis.xlen(key);
    else sum += 1 + Math.floor((await redis.strlen(key)) / 100);
  }
  return sum;
}

check('10.rebuild.forgets', 'What is remembered of old sales does not grow for ever', 2, async (fixtures) => {
  const { lab, mysql, redis, draw, expect } = fixtures;
  const sales = await Sales.into(mysql, draw, { players: 8, sales: 40 });
  await rebuilt(fixtures, { sales, without: 'time that passes' });
  const before = await remembered(redis);
  const more = Array.from({ length: 200 }, () => sales.draft(draw.int(1, 8), draw.int(1, 900)));
  await sales.commit(more, { ago: 60_000 });
  await tell(lab, more);
  await lab.rebuildLiveLeaderboard();
  await lab.$setClock(CLOCK_START + 2 * HOUR);
  await lab.rebuildLiveLeaderboard();
  const grown = (await remembered(redis)) - before;
  await tell(lab, more.slice(0, 20));
  const again = 'Sales of two hours ago were told again after a rebuild: they must not count again';
  expect(await lab.getLiveLeaderboard(all), again).toEqual(sales.board());
  const sentence = `200 sales were told, two hours passed by now(), and after a rebuild Redis remembers ${grown} things more than before: in a year that is all of Redis. Of old sales the greatest id is enough`;
  expect(grown < 40, sentence).toBe(true);
});

check(
  '10.rebuild.agrees',
  'After sales, repetitions, a crash and a rebuild the live leaderboard is what MySQL says',
  3,
  async (fixtures) => {
    const { lab, mysql, redis, tap, draw, expect } = fixtures;
    const sales = await Sales.into(mysql, draw, { players: 10, sales: 20 });
    await rebuilt(fixtures, { sales, without: 'sales, repetitions and a crash' });
    for (let round = 0; round < 3; round++) {
      const made = Array.from({ length: draw.int(5, 9) }, () =>
        sales.draft(draw.int(1, 14), draw.int(1, 900)),
      );
      await sales.commit(made, { ago: 9_000 });
      if (round === 1) await killedAfter({ lab, redis, tap }, draw.int(1, 3), () => tell(lab, made));
      await Promise.all([tell(lab, made), lab.rebuildLiveLeaderboard()]);
      await tell(lab, [...made.slice(2), ...sales.committed.slice(draw.int(1, 10), 20)]);
      const live = await lab.getLiveLeaderboard(all);
      expect(live, 'The live leaderboard is not what MySQL says').toEqual(sales.board());
    }
  },
);

check(
  '10.keys.names',
  'Names of keys begin with `leaderboard:`',
  1,
  async ({ lab, mysql, redis, tap, draw, expect }) => {
    const sales = await Sales.into(mysql, draw, { players: 5, sales: 10 });
    const seen = new Set<string>();
    const look = async () => {
      for (const key of await redis.keys('*')) seen.add(key);
    };
    const held = tap.mysql.stallAtRows();
    const refreshing = begin(lab.refreshLeaderboard(kept));
    await Promise.race([held.happened, settled(refreshing)]);
    await look();
    held.release();
    await refreshing;
    await tell(lab, sales.committed);
    await look();
    const commands = await commandsOf(tap, () => lab.rebuildLiveLeaderboard());
    await look();
    for (const at of places(commands))
      await stoppedAfter({ redis, tap }, at, { work: () => lab.rebuildLiveLeaderboard(), look });
    expect(seen.size > 0, 'Nothing stood in Redis after a refresh, sales and a rebuild').toBe(true);
    const others = [...seen].filter((key) => !key.startsWith('leaderboard:')).sort();
    expect(
      others,
      'The game has other keys: locks and what is being made, too, are called leaderboard:…',
    ).toEqual([]);
  },
);

check(
  '10.errors.told',
  'An error of Redis is the caller’s: it never looks like a leaderboard, or like a success',
  1,
  async ({ lab, mysql, redis, draw, undisturbed, expect }) => {
    const sales = await Sales.into(mysql, draw, { players: 5, sales: 10 });
    await undisturbed({ see: '10.get.kept and 10.live.sums', without: 'an error of Redis' }, async () => {
      await lab.refreshLeaderboard(kept);
      await tell(lab, sales.committed);
      expect(await lab.getLeaderboard(all), 'The kept leaderboard is wrong').toEqual(sales.board());
      expect(await lab.getLiveLeaderboard(all), 'The live leaderboard is wrong').toEqual(sales.board());
    });
    const calls = {
      getLeaderboard: ['-@read', () => lab.getLeaderboard(all)],
      getLiveLeaderboard: ['-@read', () => lab.getLiveLeaderboard(all)],
      recordEarning: ['-@write', () => lab.recordEarning(sales.draft(1, 5))],
      refreshLeaderboard: ['-@write', () => lab.refreshLeaderboard(kept)],
      rebuildLiveLeaderboard: ['-@write', () => lab.rebuildLiveLeaderboard()],
    } as const;
    for (const [name, [rights, call]] of Object.entries(calls)) {
      const error = await withoutRights(redis, rights, () => thrownBy(call()));
      const what = rights === '-@read' ? 'reads' : 'writes';
      const sentence = `Redis refused every command that ${what}, and ${name} resolved as if all were well: let the error reach the caller`;
      expect(error !== undefined, sentence).toBe(true);
    }
  },
);

check(
  '10.errors.end',
  'A rebuild or a refresh that fails gives back what it has taken',
  1,
  async (fixtures) => {
    const { lab, mysql, redis, draw, expect } = fixtures;
    const sales = await Sales.into(mysql, draw, { players: 5, sales: 10 });
    await refreshed(fixtures, { sales, without: 'an error of MySQL' });
    await rebuilt(fixtures, { sales, without: 'an error of MySQL' });
    const before = await openConnections(redis);
    const calls = {
      rebuildLiveLeaderboard: () => lab.rebuildLiveLeaderboard(),
      refreshLeaderboard: () => lab.refreshLeaderboard(kept),
    };
    await withoutSales(mysql, async () => {
      for (const [name, call] of Object.entries(calls))
        for (let n = 1; n <= MORE_THAN_A_POOL; n++) {
          const stuck = `MySQL refused the query for the sales, and call ${n} of ${name} never came back. A pool has ten connections: give each back, also where something fails (finally)`;
          const error = await within(AGES, stuck, thrownBy(call()));
          const told = `MySQL refused the query for the sales, and ${name} resolved as if all were well: let the error reach the caller`;
          expect(error !== undefined, told).toBe(true);
        }
    });
    const more = await moreConnections(redis, before);
    const open = `${MORE_THAN_A_POOL} refreshes and rebuilds that failed left ${more} connections to Redis open: end what you open, also where something fails`;
    expect(more <= 1, open).toBe(true);
    const again = 'MySQL answers again, and what failed before must work';
    await within(AGES, again, lab.rebuildLiveLeaderboard());
    expect(await lab.getLiveLeaderboard(all), again).toEqual(sales.board());
    expect(await within(AGES, again, lab.refreshLeaderboard(kept)), again).toBe(true);
  },
);

/** Takes the table of the sales away while `work` runs: every query for them is an error of MySQL, not of the connection. */
async function withoutSales(mysql: Fixtures['mysql'], work: () => Promise<void>): Promise<void> {
  await withLockWait(mysql, 3, async () => {
    await mysql.query('RENAME TABLE sales TO sales_away').catch((error: { code?: string }) => {
      if (error.code !== 'ER_LOCK_WAIT_TIMEOUT') throw error;
      throw new CheckFailed(
        'A transaction that read the sales is still open after the call: COMMIT it, also where nothing was written',
      );
    });
    try {
      await work();
    } finally {
      await mysql.query('RENAME TABLE sales_away TO sales');
    }
  });
}
