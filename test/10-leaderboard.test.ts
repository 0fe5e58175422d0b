import { isDeepStrictEqual } from 'node:util';
import type { Redis } from 'ioredis';
import type { CheckFixtures } from '../kit/judge/definition.ts';
import type { Draw } from '../kit/judge/seed.ts';
import { listOf } from '../kit/judge/shapes.ts';
import { thrownBy } from '../kit/judge/thrown-by.ts';
import { checksOf } from '../src/checks.ts';
import type { Earning, Leaderboard } from '../src/contracts/leaderboard.ts';
import { boardOf, Sales } from './support/sales.ts';
import { until, within } from './support/until.ts';

const check = checksOf<Leaderboard>('10-leaderboard');
type Fixtures = CheckFixtures<Leaderboard>;
type Process = Fixtures['lab'];

/** Far longer than any right solution needs, ms. */
const AGES = 6_000;
/** Long enough for every call to have come as far as it gets, ms. */
const ALL_CAME = 400;
/** How long PTTL may have run down before the judge looks, ms. */
const SINCE = 5_000;
const kept = { limit: 100, ttlMs: 300_000, lockMs: 30_000 };

/** A call that goes on while the check does other things. */
function begin<T>(call: Promise<T>): Promise<T> {
  call.catch(() => {}); // who awaits it hears of it
  return call;
}

const settled = (call: Promise<unknown>) => call.catch(() => {});

/** As if so much time had passed: what would have ended by then is gone. */
async function passes(redis: Redis, ms: number): Promise<void> {
  for (const key of await redis.keys('*')) {
    const left = await redis.pttl(key);
    if (left >= 0 && left <= ms) await redis.del(key);
  }
}

/** Keys that never end. */
async function lasting(redis: Redis): Promise<string[]> {
  const names = await redis.keys('*');
  const lives = await Promise.all(names.map((name) => redis.pttl(name)));
  return names.filter((_, i) => lives[i] === -1).sort();
}

/** Runs `work` and kills the student's process when its `at`-th command has reached Redis; then all is up again. */
async function killedAt(
  { lab, tap }: Pick<Fixtures, 'lab' | 'tap'>,
  at: number,
  work: () => Promise<unknown>,
) {
  const cut = tap.redis.cutAfter(at);
  const broken = settled(work());
  await Promise.race([cut.happened, broken]);
  await lab.$crash();
  await broken;
  cut.restore();
}

/** Remembers all that is in Redis, to put it back later. */
async function copyOf(redis: Redis): Promise<() => Promise<void>> {
  const names = await redis.keys('*');
  const texts = await Promise.all(names.map((name) => redis.dumpBuffer(name)));
  return async () => {
    await redis.flushall();
    await Promise.all(names.map((name, i) => texts[i] && redis.restore(name, 0, texts[i], 'REPLACE')));
  };
}

/** What `work` sends to Redis, in commands. */
async function commandsOf(tap: Fixtures['tap'], work: () => Promise<unknown>): Promise<number> {
  tap.meter.reset();
  await work();
  return tap.redis.counts().commands;
}

const isOneOf = (boards: readonly unknown[], got: unknown) =>
  boards.some((board) => isDeepStrictEqual(board, got));

/** Where to kill a call of so many commands: after each of the first, and before the last. */
const places = (commands: number): number[] =>
  [...new Set([1, 2, 3, commands - 1])].filter((at) => at >= 1 && at < commands);

check(
  '10.load.sums',
  'loadLeaderboard() adds up what each player sold, most first',
  2,
  async ({ lab, mysql, draw, expect }) => {
    const sales = await Sales.into(mysql, draw, { players: draw.int(12, 20), sales: 60 });
    const board = sales.board();
    expect(
      await lab.loadLeaderboard({ limit: 1000 }),
      'Every player who earned something, once, with the sum of their own sales (as seller, not as buyer)',
    ).toEqual(board);
    const limit = draw.int(2, board.length - 2);
    expect(await lab.loadLeaderboard({ limit }), `With limit ${limit}: the first ${limit}`).toEqual(
      board.slice(0, limit),
    );
  },
);

check(
  '10.load.ties',
  'loadLeaderboard() gives equal sums one rank, and sorts them by player id',
  2,
  async ({ lab, mysql, draw, expect }) => {
    const sales = await Sales.into(mysql, draw, { players: 0, sales: 0 });
    await tied(sales, draw);
    const board = sales.board();
    const sentence =
      'Players 9 and 10 earned the same: they share a rank, 9 stands before 10, and the next rank is left out (1, 2, 2, 4)';
    expect(await lab.loadLeaderboard({ limit: 1000 }), sentence).toEqual(board);
    for (const limit of [2, 3, 5])
      expect(await lab.loadLeaderboard({ limit }), `The cut at ${limit} falls among equals`).toEqual(
        board.slice(0, limit),
      );
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
  async ({ lab, mysql, draw, expect }) => {
    const sales = await Sales.into(mysql, draw, { players: 0, sales: 0 });
    await sales.commit(large(sales, draw));
    const sentence =
      'Sums are whole numbers up to Number.MAX_SAFE_INTEGER. SUM() arrives as text, which sorts "90" before "600": CAST(SUM(...) AS UNSIGNED) is a number';
    expect(await lab.loadLeaderboard({ limit: 100 }), sentence).toEqual(sales.board());
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
    tap.meter.reset();
    for (const limit of [0, -1, 1.5, Number.NaN, 1001, '10', undefined] as number[]) {
      const calls = {
        loadLeaderboard: () => lab.loadLeaderboard({ limit }),
        refreshLeaderboard: () => lab.refreshLeaderboard({ ...kept, limit }),
        getLeaderboard: () => lab.getLeaderboard({ limit }),
        getLiveLeaderboard: () => lab.getLiveLeaderboard({ limit }),
      };
      for (const [name, call] of Object.entries(calls)) {
        const shown = typeof limit === 'string' ? `'${limit}'` : limit;
        const error = await thrownBy(call());
        expect(error?.name, `${name}() with limit ${shown}: throw a RangeError`).toBe('RangeError');
      }
    }
    expect(tap.meter.commands, 'Refuse a limit before you ask Redis or MySQL').toBe(0);
  },
);

check(
  '10.get.kept',
  'getLeaderboard() gives what was refreshed, in one round trip and without MySQL',
  2,
  async ({ lab, mysql, tap, draw, expect }) => {
    expect(await lab.getLeaderboard({ limit: 5 }), 'Nothing is kept yet: null').toBe(null);
    const sales = await Sales.into(mysql, draw, { players: 15, sales: 50 });
    expect(await lab.refreshLeaderboard(kept), 'This call loaded: true').toBe(true);
    tap.redis.holdMs = 5;
    tap.meter.reset();
    const got = await lab.getLeaderboard({ limit: 100 });
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
  async ({ lab, mysql, draw, expect }) => {
    const sales = await Sales.into(mysql, draw, { players: 30, sales: 90 });
    const limit = draw.int(9, 14);
    await lab.refreshLeaderboard({ ...kept, limit });
    for (const fewer of [1, 2, limit - 1, limit])
      expect(
        await lab.getLeaderboard({ limit: fewer }),
        `${limit} rows are kept, and ${fewer} asked for: the first ${fewer}, without another load`,
      ).toEqual(sales.board().slice(0, fewer));
    const sentence = `${limit} rows are kept, and more are asked for: null. A list that is cut short must not look like all there is`;
    expect(await lab.getLeaderboard({ limit: limit + 1 }), sentence).toBe(null);
    expect(await lab.getLeaderboard({ limit: 1000 }), sentence).toBe(null);
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
  async ({ lab, mysql, expect }) => {
    await mysql.query('DELETE FROM sales');
    expect(await lab.refreshLeaderboard(kept), 'This call loaded: true').toBe(true);
    const sentence =
      'Nobody has sold anything: the leaderboard is [], not null. `if (rows.length)` asks something else';
    expect(await lab.getLeaderboard({ limit: 10 }), sentence).toEqual([]);
  },
);

check(
  '10.refresh.ttl',
  'refreshLeaderboard() keeps it for ttlMs, and not for ever',
  2,
  async ({ lab, mysql, redis, draw, expect }) => {
    const sales = await Sales.into(mysql, draw, { players: 10, sales: 30 });
    for (const ttlMs of [300_000, 90_500]) {
      await lab.refreshLeaderboard({ ...kept, ttlMs });
      await passes(redis, ttlMs - SINCE);
      const early = `With ttlMs ${ttlMs} it should still be there after ${ttlMs - SINCE} ms. Is ttlMs taken for seconds, or the lock's time for it?`;
      expect(await lab.getLeaderboard({ limit: 100 }), early).toEqual(sales.board());
      await passes(redis, ttlMs);
      const late = `With ttlMs ${ttlMs} it should be gone after that: where no worker refreshes any more, an old leaderboard must not be shown for ever`;
      expect(await lab.getLeaderboard({ limit: 100 }), late).toBe(null);
    }
  },
);

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

check(
  '10.refresh.one-process',
  'Of twenty refreshes at once in one process, one loads',
  2,
  async (fixtures) => {
    const { lab, mysql, draw, expect } = fixtures;
    await Sales.into(mysql, draw, { players: 40, sales: 120 });
    const many = await crowd(fixtures, [lab], { calls: 20 });
    const sentence = `Twenty called at once, and MySQL was asked ${many.loads} times. Take a lock in Redis first: SET key token NX PX ms. Who does not get it returns false`;
    expect(many.loads, sentence).toBe(1);
    expect(many.loaded, 'One call loaded and resolves to true, the others to false').toBe(1);
  },
);

check(
  '10.refresh.processes',
  'Of fifteen refreshes at once in three processes, one loads',
  3,
  async (fixtures) => {
    const { lab, mysql, draw, expect } = fixtures;
    const workers = [lab, ...(await Promise.all([lab.$another(), lab.$another()]))];
    await Sales.into(mysql, draw, { players: 40, sales: 120 });
    const many = await crowd(fixtures, workers, { calls: 5 });
    const sentence = `Three processes refreshed at once, and MySQL was asked ${many.loads} times. A variable is one process's own: they must agree in Redis who loads`;
    expect(many.loads, sentence).toBe(1);
    expect(many.loaded, 'One call loaded and resolves to true, the others to false').toBe(1);
  },
);

check(
  '10.refresh.again',
  'A refresh after the last one loads anew',
  2,
  async ({ lab, mysql, draw, expect }) => {
    const sales = await Sales.into(mysql, draw, { players: 10, sales: 30 });
    for (let round = 0; round < 3; round++) {
      expect(await lab.refreshLeaderboard(kept), 'No other refresh was under way: this one loads').toBe(true);
      expect(await lab.getLeaderboard({ limit: 100 }), 'The kept leaderboard is not the newest').toEqual(
        sales.board(),
      );
      await sales.commit([sales.draft(draw.int(31, 39), draw.int(1_000, 9_000))]);
    }
  },
);

check(
  '10.refresh.before',
  'Readers during a refresh see the leaderboard before it',
  4,
  async ({ lab, mysql, tap, draw, expect }) => {
    const sales = await Sales.into(mysql, draw, { players: 20, sales: 60 });
    await lab.refreshLeaderboard(kept);
    const before = sales.board();
    await sales.commit([sales.draft(31, 9_999_999)]);
    const held = tap.mysql.stallAtRows();
    const refreshing = begin(lab.refreshLeaderboard(kept));
    await Promise.race([held.happened, settled(refreshing)]);
    const seen = await Promise.all([1, 20, 100].map((limit) => lab.getLeaderboard({ limit })));
    held.release();
    const nothing =
      'A refresh is loading, and readers find nothing: all of them would ask MySQL now. Do not delete the old one before the new one is there';
    expect(seen.includes(null), nothing).toBe(false);
    expect(seen, 'A refresh is loading: readers see the leaderboard before it').toEqual(
      [1, 20, 100].map((limit) => before.slice(0, limit)),
    );
    expect(await refreshing, 'This call loaded: true').toBe(true);
    expect(await lab.getLeaderboard({ limit: 100 }), 'And then the new one').toEqual(sales.board());
  },
);

check(
  '10.refresh.whole',
  'Wherever a refresh is killed, readers see the old leaderboard or the new one, with an end',
  3,
  async ({ lab, mysql, redis, tap, draw, expect }) => {
    const sales = await Sales.into(mysql, draw, { players: 20, sales: 60 });
    const commands = await commandsOf(tap, () => lab.refreshLeaderboard(kept));
    expect(commands > 0, 'It sent Redis nothing at all').toBe(true);
    for (const at of places(commands)) {
      await redis.flushall();
      await lab.refreshLeaderboard(kept);
      const before = sales.board();
      await sales.commit([sales.draft(draw.int(31, 39), 1_000_000 * at)]);
      await killedAt({ lab, tap }, at, () => lab.refreshLeaderboard(kept));
      const got = await within(AGES, 'getLeaderboard() did not answer', lab.getLeaderboard({ limit: 100 }));
      const place = `Between command ${at} of a refresh and the next (of ${commands})`;
      expect(got === null, `${place} there is no leaderboard at all`).toBe(false);
      const both = [before, sales.board()];
      const half = `${place} readers see neither the old leaderboard nor the new one. Write it whole, in one command or one step`;
      expect(isOneOf(both, got), half).toBe(true);
      const forever = `${place} this stands in Redis without an end. Say the time to live in the command that writes`;
      expect(await lasting(redis), forever).toEqual([]);
    }
  },
);

check(
  '10.refresh.fails',
  "A load that fails is the caller's error, leaves the old leaderboard, and lets the next one load",
  3,
  async ({ lab, mysql, tap, draw, expect }) => {
    const sales = await Sales.into(mysql, draw, { players: 12, sales: 40 });
    await lab.refreshLeaderboard(kept);
    const before = sales.board();
    tap.mysql.refuse(1_000);
    tap.mysql.disconnectAll();
    const error = await thrownBy(lab.refreshLeaderboard(kept));
    expect(error === undefined, 'MySQL was away, and the refresh resolved as if it had loaded').toBe(false);
    const sentence = 'MySQL is away: readers go on with the leaderboard that was kept';
    expect(await lab.getLeaderboard({ limit: 100 }), sentence).toEqual(before);
    tap.mysql.refuse(0);
    await sales.commit([sales.draft(31, draw.int(1_000, 9_000))]);
    const again =
      'MySQL is back, and the next refresh did not load. Give the lock back where the load fails, too';
    expect(await lab.refreshLeaderboard(kept), again).toBe(true);
    expect(await lab.getLeaderboard({ limit: 100 }), again).toEqual(sales.board());
  },
);

check(
  '10.refresh.killed',
  'A worker that is killed while it loads keeps others from loading for lockMs at most',
  3,
  async ({ lab, mysql, redis, tap, draw, expect }) => {
    const doomed = await lab.$another();
    const sales = await Sales.into(mysql, draw, { players: 12, sales: 40 });
    await lab.refreshLeaderboard(kept);
    const before = sales.board();
    await sales.commit([sales.draft(31, 50_000)]);
    const lockMs = draw.int(40, 60) * 1_000;
    const held = tap.mysql.stallAtRows();
    const dying = settled(doomed.refreshLeaderboard({ ...kept, lockMs }));
    await Promise.race([held.happened, dying]);
    expect(
      await lab.refreshLeaderboard({ ...kept, lockMs }),
      'A worker is loading: another one does not load',
    ).toBe(false);
    await doomed.$crash();
    held.release();
    await dying;
    await passes(redis, lockMs - SINCE);
    expect(await lab.getLeaderboard({ limit: 100 }), 'Readers see the old one meanwhile').toEqual(before);
    await passes(redis, lockMs);
    const sentence = `A worker was killed while it loaded, and ${lockMs} ms later (lockMs) nobody can refresh. The lock must end by itself: SET key token NX PX lockMs, in one command`;
    expect(await lab.refreshLeaderboard({ ...kept, lockMs }), sentence).toBe(true);
    expect(await lab.getLeaderboard({ limit: 100 }), sentence).toEqual(sales.board());
  },
);

check(
  '10.refresh.late',
  'A worker that comes back after its lock has ended keeps nothing, and leaves the lock of the next',
  4,
  async ({ lab, mysql, redis, tap, draw, expect }) => {
    const late = await lab.$another();
    const sales = await Sales.into(mysql, draw, { players: 12, sales: 40 });
    const held = tap.mysql.stallAtRows();
    const first = begin(late.refreshLeaderboard(kept));
    await Promise.race([held.happened, settled(first)]);
    await passes(redis, kept.lockMs);
    await sales.commit([sales.draft(31, 50_000)]);
    expect(await lab.refreshLeaderboard(kept), 'The lock has ended: the next worker loads').toBe(true);
    held.release();
    const sentence =
      'A worker loaded, came back after its lock had ended, and put its old leaderboard over a newer one. Look whose lock it is and write in one step (a script)';
    expect(await first, `${sentence}. It resolves to false: what it loaded is not kept`).toBe(false);
    expect(await lab.getLeaderboard({ limit: 100 }), sentence).toEqual(sales.board());

    const again = tap.mysql.stallAtRows();
    const second = begin(late.refreshLeaderboard(kept));
    await Promise.race([again.happened, settled(second)]);
    await passes(redis, kept.lockMs);
    const next = tap.mysql.stallAtRows();
    const third = begin(lab.refreshLeaderboard(kept));
    await Promise.race([next.happened, settled(third)]);
    again.release();
    await settled(second);
    const fourth = await late.refreshLeaderboard(kept);
    next.release();
    const own =
      'A worker came back after its lock had ended and deleted the lock, which another held by then: two load at once. Put a random token into the lock, and delete it only where it is yours';
    expect(fourth, own).toBe(false);
    expect(await third, 'Whose lock it is, keeps what it loaded').toBe(true);
  },
);

/** Tells the live leaderboard of sales, all at once. */
const tell = (process: Process, sales: readonly Earning[]) =>
  Promise.all(sales.map((sale) => process.recordEarning(sale)));

const all = { limit: 1000 };

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
    const sentence = 'Each player once, with the sum of their sales, most first, with login and rank';
    expect(await lab.getLiveLeaderboard(all), sentence).toEqual(board);
    for (const limit of [1, 5])
      expect(await lab.getLiveLeaderboard({ limit }), `The first ${limit}`).toEqual(board.slice(0, limit));
  },
);

check(
  '10.live.ties',
  'getLiveLeaderboard() gives equal sums one rank, and sorts them by player id',
  3,
  async ({ lab, mysql, draw, expect }) => {
    const sales = await Sales.into(mysql, draw, { players: 0, sales: 0 });
    await tell(lab, await tied(sales, draw));
    const board = sales.board();
    const sentence =
      'A sorted set puts members of one score in the order of their text: "10" before "9", and ZREVRANGE turns that round. Equal sums share a rank and stand by player id';
    expect(await lab.getLiveLeaderboard(all), sentence).toEqual(board);
    for (const limit of [2, 3, 4, 7])
      expect(
        await lab.getLiveLeaderboard({ limit }),
        `${sentence}. With limit ${limit} the cut falls among equals`,
      ).toEqual(board.slice(0, limit));
  },
);

check(
  '10.live.exact',
  'The live leaderboard is exact up to Number.MAX_SAFE_INTEGER',
  2,
  async ({ lab, mysql, draw, expect }) => {
    const sales = await Sales.into(mysql, draw, { players: 0, sales: 0 });
    const told = large(sales, draw);
    await tell(lab, told);
    const sentence =
      'A score is a double: exact up to 2^53, until tostring() in a script makes 9.007199254741e+15 of it, or something else is packed into it';
    expect(await lab.getLiveLeaderboard(all), sentence).toEqual(boardOf(told));
  },
);

check(
  '10.live.once',
  'recordEarning() counts a sale once, however often it is told',
  3,
  async ({ lab, mysql, tap, draw, expect }) => {
    const other = await lab.$another();
    const sales = await Sales.into(mysql, draw, { players: 0, sales: 0 });
    const told = Array.from({ length: 30 }, () => sales.draft(draw.int(1, 4), draw.pick([100, 200])));
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
  },
);

check(
  '10.live.crash',
  'A sale told again after a crash is counted exactly once',
  3,
  async ({ lab, mysql, tap, draw, expect }) => {
    const sales = await Sales.into(mysql, draw, { players: 0, sales: 0 });
    const told = [sales.draft(1, draw.int(1, 900)), sales.draft(2, draw.int(1, 900))];
    await tell(lab, told);
    const last = sales.draft(1, draw.int(1, 900));
    const commands = await commandsOf(tap, () => lab.recordEarning(last));
    expect(commands > 0, 'It sent Redis nothing at all').toBe(true);
    told.push(last);
    for (const at of new Set([1, 2, 3, commands - 1, commands].filter((n) => n >= 1 && n <= commands))) {
      const sale = sales.draft(draw.int(1, 3), draw.int(1, 900));
      await killedAt({ lab, tap }, at, () => lab.recordEarning(sale));
      await lab.recordEarning(sale);
      told.push(sale);
      const sentence = `A process was killed between command ${at} of recordEarning and the next (of ${commands}), and the sale was told again: it counts once, neither twice nor never. Do it in one step`;
      expect(await lab.getLiveLeaderboard(all), sentence).toEqual(boardOf(told));
    }
  },
);

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
      for (const value of [0, -1, 1.5, Number.NaN, '7', undefined, null] as number[]) {
        const error = await thrownBy(lab.recordEarning({ ...sale, [name]: value }));
        const shown = typeof value === 'string' ? `'${value}'` : value;
        expect(error?.name, `${name} ${shown}: throw a RangeError`).toBe('RangeError');
      }
    expect(await redis.keys('*'), 'Nothing may be written of a sale that is none').toEqual([]);
  },
);

check(
  '10.rebuild.exact',
  'rebuildLiveLeaderboard() makes it anew from MySQL, and says how many players it holds',
  2,
  async ({ lab, mysql, redis, draw, expect }) => {
    const sales = await Sales.into(mysql, draw, { players: 20, sales: 60 });
    await sales.commit([sales.draft(9, 70), sales.draft(40, 3)], { ago: 60_000 });
    await sales.commit(large(sales, draw), { ago: 1_000 });
    await tell(lab, [
      { saleId: 100_000, playerId: 77, login: 'nobody', earned: 4_000 },
      { saleId: 100_001, playerId: 3, login: sales.login(3), earned: 4_000 },
    ]);
    const board = sales.board();
    expect(await lab.rebuildLiveLeaderboard(), 'The number of players on it').toBe(board.length);
    const sentence =
      'After a rebuild it holds what MySQL holds, and nothing that was told before of sales that are none';
    expect(await lab.getLiveLeaderboard(all), sentence).toEqual(board);
    await passes(redis, 1e12);
    expect(await lab.getLiveLeaderboard(all), 'The live leaderboard has no end').toEqual(board);
    await mysql.query('DELETE FROM sales');
    expect(await lab.rebuildLiveLeaderboard(), 'No sale is left: 0 players').toBe(0);
    expect(await lab.getLiveLeaderboard(all), 'No sale is left: []').toEqual([]);
  },
);

check(
  '10.rebuild.counted',
  'A rebuild remembers which sales it counted, and no others',
  3,
  async ({ lab, mysql, draw, expect }) => {
    const sales = await Sales.into(mysql, draw, { players: 8, sales: 30 });
    const old = sales.committed[draw.int(0, 29)]!;
    const open = sales.draft(draw.int(1, 8), 1_000); // its transaction is still open
    const recent = [sales.draft(3, 70), sales.draft(9, 90)];
    await sales.commit(recent, { ago: 5_000 });
    await lab.rebuildLiveLeaderboard();
    await tell(lab, [...recent, old, sales.committed[0]!]);
    const twice =
      'These sales were in MySQL when it was rebuilt, and were told of afterwards: they must not count again';
    expect(await lab.getLiveLeaderboard(all), twice).toEqual(sales.board());
    const fresh = sales.draft(2, 5_000);
    await sales.commit([open, fresh], { ago: 4_000 });
    await tell(lab, [fresh, open]);
    const lost = `Sale ${open.saleId} was not yet committed when the leaderboard was rebuilt, though sale ${recent.at(-1)!.saleId} was. "All up to the greatest id" would never count it: ids are given when a transaction writes, not when it commits`;
    expect(await lab.getLiveLeaderboard(all), lost).toEqual(sales.board());
  },
);

check(
  '10.rebuild.meanwhile',
  'Sales that are told during a rebuild are neither lost nor counted twice',
  4,
  async ({ lab, mysql, tap, draw, expect }) => {
    const seller = await lab.$another();
    const sales = await Sales.into(mysql, draw, { players: 10, sales: 30 });
    await lab.rebuildLiveLeaderboard();
    const make = async (playerId: number) => {
      const sale = sales.draft(playerId, draw.int(100, 900));
      await sales.commit([sale], { ago: 2_000 });
      return sale;
    };
    await tell(lab, [await make(1)]);

    const held = tap.mysql.stallAtRows();
    const first = begin(lab.rebuildLiveLeaderboard());
    await Promise.race([held.happened, settled(first)]);
    const after = [await make(2), await make(31)];
    await tell(seller, after);
    held.release();
    await first;
    const lost =
      'MySQL was read, then a sale was made and told, and then the new leaderboard took the place of the old: the sale is gone. In the same step that swaps, add what was told since MySQL was read';
    expect(await lab.getLiveLeaderboard(all), lost).toEqual(sales.board());
    await tell(seller, after);
    expect(
      await lab.getLiveLeaderboard(all),
      `${lost}. And it stays counted: told again, it changes nothing`,
    ).toEqual(sales.board());

    tap.meter.reset();
    tap.redis.latencyMs = 60; // what the rebuild asked of Redis is answered, and the answer is on its way
    const second = begin(lab.rebuildLiveLeaderboard());
    await until(() => tap.redis.counts().commands > 0, AGES);
    const begun = tap.redis.counts().commands;
    const early = begin(tell(seller, [await make(32)]));
    await until(() => tap.redis.counts().commands > begun, AGES);
    tap.redis.latencyMs = 0;
    await early;
    await second;
    await tell(seller, sales.committed.slice(-4));
    const twice =
      'A sale was made while the rebuild was on its way to MySQL, and told: MySQL shows it, and it was told as well. It counts once';
    expect(await lab.getLiveLeaderboard(all), twice).toEqual(sales.board());
  },
);

check(
  '10.rebuild.swap',
  'Wherever a rebuild is killed, readers see the old leaderboard or the new one, and counting goes on',
  4,
  async ({ lab, mysql, redis, tap, draw, expect }) => {
    const sales = await Sales.into(mysql, draw, { players: 12, sales: 30 });
    await lab.rebuildLiveLeaderboard();
    const told = sales.draft(draw.int(1, 12), 500);
    await sales.commit([told], { ago: 4_000 });
    await tell(lab, [told]);
    const before = sales.board();
    const restore = await copyOf(redis);
    const made = [sales.draft(draw.int(1, 12), 60_000), sales.draft(31, 70_000)];
    await sales.commit(made, { ago: 3_000 });
    const both = [before, sales.board()];
    const commands = await commandsOf(tap, () => lab.rebuildLiveLeaderboard());
    expect(commands > 0, 'It sent Redis nothing at all').toBe(true);
    const clean = await lasting(redis);
    for (const at of new Set([2, commands - 2, commands - 1].filter((n) => n >= 1 && n < commands))) {
      await restore();
      await killedAt({ lab, tap }, at, () => lab.rebuildLiveLeaderboard());
      const got = await within(AGES, 'getLiveLeaderboard() did not answer', lab.getLiveLeaderboard(all));
      const place = `Between command ${at} of a rebuild and the next (of ${commands})`;
      const { length } = listOf(got, `${place} what getLiveLeaderboard() gives`);
      const half = `${place} readers see ${length} players, neither the old leaderboard nor the new one. Make the new one under other names, and RENAME them in one step`;
      expect(isOneOf(both, got), half).toBe(true);
      await tell(lab, made);
      const apart = `${place} a process was killed; then the last sales were told, and the sums are wrong: the leaderboard and what is remembered of its sales must change in one step`;
      expect(await lab.getLiveLeaderboard(all), apart).toEqual(sales.board());
    }
    await lab.rebuildLiveLeaderboard();
    const litter =
      'Rebuilds were killed, and what they left in Redis stays for ever. Give what is being made an end, and take it away with the swap (PERSIST)';
    expect(await lasting(redis), litter).toEqual(clean);
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

check(
  '10.rebuild.forgets',
  'What is remembered of old sales does not grow for ever',
  2,
  async ({ lab, mysql, redis, draw, expect }) => {
    const sales = await Sales.into(mysql, draw, { players: 8, sales: 40 });
    await tell(lab, sales.committed);
    await lab.rebuildLiveLeaderboard();
    const before = await remembered(redis);
    const more = Array.from({ length: 200 }, () => sales.draft(draw.int(1, 8), draw.int(1, 900)));
    await sales.commit(more);
    await tell(lab, more);
    await lab.rebuildLiveLeaderboard();
    const grown = (await remembered(redis)) - before;
    expect(await lab.getLiveLeaderboard(all), 'The leaderboard itself must be right').toEqual(sales.board());
    const sentence = `200 sales, all older than an hour, were told, and after a rebuild Redis remembers ${grown} things more than before: in a year that is all of Redis. Of old sales the greatest id is enough`;
    expect(grown < 40, sentence).toBe(true);
  },
);

check(
  '10.rebuild.agrees',
  'After sales, repetitions, a crash and a rebuild the live leaderboard is what MySQL says',
  3,
  async ({ lab, mysql, tap, draw, expect }) => {
    const sales = await Sales.into(mysql, draw, { players: 10, sales: 20 });
    await lab.rebuildLiveLeaderboard();
    const rebuildIn = draw.int(0, 2);
    for (let round = 0; round < 3; round++) {
      const made = Array.from({ length: draw.int(5, 9) }, () =>
        sales.draft(draw.int(1, 14), draw.int(1, 900)),
      );
      await sales.commit(made, { ago: 9_000 });
      if (round === 1) await killedAt({ lab, tap }, draw.int(1, 3), () => tell(lab, made));
      await Promise.all([tell(lab, made), round === rebuildIn ? lab.rebuildLiveLeaderboard() : undefined]);
      await tell(lab, [...made.slice(2), ...sales.committed.slice(draw.int(1, 10), 20)]);
      const live = await lab.getLiveLeaderboard(all);
      expect(live, 'The live leaderboard is not what MySQL says').toEqual(sales.board());
      expect(await lab.loadLeaderboard(all), 'loadLeaderboard is not what MySQL says').toEqual(live);
    }
  },
);
