import type { ExpectStatic } from '@vitest/expect';
import type { Redis } from 'ioredis';
import { NotGradable } from '../kit/judge/check-errors.ts';
import type { CheckFixtures } from '../kit/judge/definition.ts';
import { CLOCK_START } from '../kit/judge/environment.ts';
import type { Draw } from '../kit/judge/seed.ts';
import { thrownBy } from '../kit/judge/thrown-by.ts';
import { checksOf } from '../src/checks.ts';
import type { CacheAside, CacheAsideOptions } from '../src/contracts/cache-aside.ts';
import { Loads } from './support/loads.ts';
import { redisGoesAway } from './support/redis-goes-away.ts';
import { until, within } from './support/until.ts';

const plainCheck = checksOf<CacheAside>('06-cache-aside');
type Process = CheckFixtures<CacheAside>['lab'];

interface Fixtures extends CheckFixtures<CacheAside> {
  expect: ExpectStatic;
  loads: Loads;
  /** As if `WAIT_MS` had passed: a lock (what would end by then, or soon after) is gone, and clocks have moved on. */
  waitPasses(...processes: Process[]): Promise<void>;
}

/** A check with a database that counts its loads; whatever it holds goes on in the end. */
function check(id: string, title: string, points: number, body: (fixtures: Fixtures) => Promise<void>): void {
  plainCheck(id, title, points, async (fixtures) => {
    const { redis } = fixtures;
    const loads = new Loads();
    let now = CLOCK_START;
    const waitPasses = async (...processes: Process[]) => {
      now += WAIT_MS + 1;
      for (const one of processes) await one.$setClock(now);
      for (const key of await redis.keys('*')) {
        const left = await redis.pttl(key);
        if (left >= 0 && left <= 2 * WAIT_MS) await redis.del(key);
      }
    };
    try {
      await body({ ...fixtures, loads, waitPasses });
    } finally {
      loads.letGo();
    }
  });
}

/** Far longer than any right solution needs, ms. */
const AGES = 6_000;
/** Long enough for a second load to begin where one is to begin, ms. */
const A_MOMENT = 50;
/** So long that nothing ends by itself while a check holds it, and short enough to be waited for, ms. */
const WAIT_MS = 2_000;
/** A right solution looks, asks for the lock and looks again, with a script perhaps that Redis must be sent first. */
const MORE_TRIPS_THAN_A_MISS = 10;
/** How long PTTL may have run down before the judge looks, ms. */
const SINCE = 5_000;
const HOUR = 3_600_000;

const aKey = (draw: Draw) => `market:listings:active:${draw.int(1, 1_000_000_000)}`;
const someListings = (draw: Draw) =>
  Array.from({ length: draw.int(1, 4) }, (_, i) => ({
    id: i + 1,
    resource: draw.pick(['iron ore', 'Eichenholz', 'éclat de "lune"']),
    quantity: draw.int(1, 99),
    unitPrice: draw.int(1, 9_999),
  }));

/** A call that goes on while the check does other things. */
function begin<T>(call: Promise<T>): Promise<T> {
  call.catch(() => {}); // who awaits it hears of it
  return call;
}

const readers = (n: number, process: Process, ...args: Parameters<Process['getOrLoad']>) =>
  Array.from({ length: n }, () => begin(process.getOrLoad(...args)));

/**
 * Waits until the readers whose calls have begun in this process were told that the lock of their key is taken. One
 * connection answers in turn: while another key is read so often, one after the other, they have had as many answers.
 */
async function askedForLock(
  process: Process,
  { redis, draw }: Pick<Fixtures, 'redis' | 'draw'>,
): Promise<void> {
  const key = aKey(draw);
  await redis.set(key, '[1]', 'PX', HOUR);
  const hit = () => process.getOrLoad(key, async () => [1], { ttlMs: HOUR });
  let over = false;
  const hits = async () => {
    for (let i = 0; i < MORE_TRIPS_THAN_A_MISS; i++) await hit();
  };
  begin(hits().finally(() => (over = true)));
  await until(() => over, WAIT_MS / 2); // where a key waits for another, which is 06.one.keys
}

/** What is kept under a key, as a value; undefined where nothing is, and what is not JSON is shown as that. */
async function kept(redis: Redis, key: string): Promise<unknown> {
  const text = await redis.get(key);
  if (text === null) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return { 'not JSON': text };
  }
}

/** One miss on a healthy Redis, so that the process is connected; a cache that keeps nothing shall not pass for a robust one. */
async function warmUp({ lab, redis, loads, draw, expect }: Fixtures): Promise<void> {
  const key = aKey(draw);
  await lab.getOrLoad(key, loads.of([1]), { ttlMs: HOUR });
  expect(await redis.exists(key), 'Nothing was kept, though Redis was up').toBe(1);
}

check(
  '06.miss.kept',
  'getOrLoad() loads a missing value, returns it, and keeps it under its key as JSON',
  2,
  async ({ lab, redis, loads, draw, expect }) => {
    for (const value of [
      someListings(draw),
      { coins: draw.int(1, 1e9) },
      draw.int(1, 99),
      `"${draw.int(1, 9)}`,
    ]) {
      const key = aKey(draw);
      const before = loads.begun;
      expect(
        await lab.getOrLoad(key, loads.of(value), { ttlMs: HOUR }),
        'The reader gets what load brought',
      ).toEqual(value);
      expect(loads.begun - before, 'A miss calls load once').toBe(1);
      expect(await kept(redis, key), `The value belongs under ${key}, as JSON.stringify gives it`).toEqual(
        value,
      );
    }
  },
);

check(
  '06.miss.ttl',
  'getOrLoad() keeps a value for ttlMs, and not for ever',
  2,
  async ({ lab, redis, loads, draw, expect }) => {
    for (const ttlMs of [HOUR, 90_500]) {
      const key = aKey(draw);
      await lab.getOrLoad(key, loads.of([1]), { ttlMs, jitter: 0 });
      const left = await redis.pttl(key);
      const sentence = `With ttlMs ${ttlMs} and no jitter the key should have that long to live. PTTL says ${left} (-1: for ever, -2: no key). Is ttlMs taken for seconds?`;
      expect(left > ttlMs - SINCE && left <= ttlMs, sentence).toBe(true);
    }
  },
);

check(
  '06.hit.no-load',
  'getOrLoad() returns what is kept without calling load',
  2,
  async ({ lab, redis, loads, draw, expect }) => {
    const key = aKey(draw);
    const value = someListings(draw);
    await redis.set(key, JSON.stringify(value), 'PX', HOUR);
    expect(
      await lab.getOrLoad(key, loads.of('from the database'), { ttlMs: HOUR }),
      'The value was in Redis',
    ).toEqual(value);
    expect(loads.begun, 'A hit asks nothing of the database').toBe(0);
  },
);

check('06.hit.one-trip', 'A hit takes one round trip', 2, async ({ lab, tap, loads, draw, expect }) => {
  const key = aKey(draw);
  const value = someListings(draw);
  await lab.getOrLoad(key, loads.of(value), { ttlMs: HOUR });
  tap.redis.holdMs = 5;
  tap.meter.reset();
  expect(await lab.getOrLoad(key, loads.of(value), { ttlMs: HOUR })).toEqual(value);
  const { trips } = tap.meter;
  const sentence = `A hit took ${trips} trips. One GET says both whether there is a value and what it is: no EXISTS before it, and no lock for what is there`;
  expect(trips, sentence).toBe(1);
});

check(
  '06.hit.falsy',
  'An empty list, 0, an empty text and false are hits',
  2,
  async ({ lab, loads, draw, expect }) => {
    for (const value of [[], 0, '', false, {}]) {
      const key = aKey(draw);
      const before = loads.begun;
      const got = [];
      for (let i = 0; i < 3; i++) got.push(await lab.getOrLoad(key, loads.of(value), { ttlMs: HOUR }));
      const shown = JSON.stringify(value);
      expect(got, `Each of three readers gets ${shown}`).toEqual([value, value, value]);
      const sentence = `${shown} was loaded for each of three readers: \`if (cached)\` takes it for a miss. Ask whether GET gave null`;
      expect(loads.begun - before, sentence).toBe(1);
    }
  },
);

check(
  '06.hit.foreign',
  'What is not JSON is a miss, and is replaced',
  1,
  async ({ lab, redis, loads, draw, expect }) => {
    for (const text of ['not JSON', '{"cut off":', '', 'undefined']) {
      const key = aKey(draw);
      const value = someListings(draw);
      await redis.set(key, text);
      const sentence = `Somebody else wrote ${JSON.stringify(text)} under the key: load, and put it right`;
      expect(await lab.getOrLoad(key, loads.of(value), { ttlMs: HOUR }), sentence).toEqual(value);
      expect(await kept(redis, key), sentence).toEqual(value);
    }
  },
);

check(
  '06.nothing.kept',
  'That there is nothing is kept too, for missingTtlMs',
  2,
  async ({ lab, redis, loads, draw, expect }) => {
    for (const nothing of [null, undefined]) {
      for (const [options, longest] of [
        [{ ttlMs: HOUR, missingTtlMs: 30_000, jitter: 0 }, 30_000],
        [{ ttlMs: HOUR, jitter: 0 }, HOUR],
      ] as [CacheAsideOptions, number][]) {
        const key = aKey(draw);
        const before = loads.begun;
        const got = [];
        for (let i = 0; i < 3; i++) got.push(await lab.getOrLoad(key, loads.of(nothing), options));
        expect(
          got.map((one) => one ?? null),
          'There is nothing: null',
        ).toEqual([null, null, null]);
        const sentence = `load resolved to ${nothing} and was called again for the next reader: who asks for what does not exist would reach the database every time`;
        expect(loads.begun - before, sentence).toBe(1);
        const left = await redis.pttl(key);
        const told = `"There is nothing" lives for missingTtlMs, and for ttlMs where that is not told: PTTL should be near ${longest}, not ${left}`;
        expect(left > longest - SINCE && left <= longest, told).toBe(true);
      }
    }
    const key = aKey(draw);
    await lab.getOrLoad(key, loads.of([]), { ttlMs: HOUR, missingTtlMs: 30_000, jitter: 0 });
    expect(await redis.pttl(key), 'An empty list is a value: it lives for ttlMs').toBeGreaterThan(30_000);
  },
);

check(
  '06.nothing.zero',
  'With missingTtlMs 0 nothing is kept of a load that found nothing',
  1,
  async ({ lab, redis, loads, draw, expect }) => {
    const key = aKey(draw);
    const options = { ttlMs: HOUR, missingTtlMs: 0 };
    const got = [
      await lab.getOrLoad(key, loads.of(null), options),
      await lab.getOrLoad(key, loads.of(null), options),
    ];
    expect(got, 'Nothing was found, twice').toEqual([null, null]);
    expect(await redis.exists(key), 'missingTtlMs 0: the key should not be there').toBe(0);
    await lab.getOrLoad(key, loads.of([]), options);
    expect(await redis.exists(key), 'missingTtlMs is for nothing found: an empty list is kept').toBe(1);
    expect(loads.begun, 'Nothing was kept, so each reader loads. SET refuses a time to live of 0').toBe(3);
  },
);

check(
  '06.jitter.spread',
  'Keys made together do not end together',
  2,
  async ({ lab, redis, loads, draw, expect }) => {
    const ends = async (n: number, value: unknown, options: Omit<CacheAsideOptions, 'ttlMs'>) => {
      const keys = Array.from({ length: n }, () => aKey(draw));
      await Promise.all(keys.map((key) => lab.getOrLoad(key, loads.of(value), { ttlMs: HOUR, ...options })));
      return Promise.all(keys.map((key) => redis.pttl(key)));
    };
    for (const [what, jitter, all] of [
      ['jitter 0.5', 0.5, await ends(40, [1], { jitter: 0.5 })],
      ['jitter not told (0.1)', 0.1, await ends(40, [1], {})],
      ['jitter 0.5 and nothing found', 0.5, await ends(40, null, { jitter: 0.5 })],
    ] as [string, number, number[]][]) {
      const [least, most] = [Math.min(...all), Math.max(...all)];
      const spread = `${what}: 40 keys live from ${least} to ${most} ms`;
      expect(
        most <= HOUR,
        `${spread}. Jitter shortens, so that nothing lives longer than ttlMs ${HOUR}`,
      ).toBe(true);
      expect(
        least > HOUR * (1 - jitter) - SINCE,
        `${spread}. It may take away at most its share of ttlMs ${HOUR}`,
      ).toBe(true);
      const sentence = `${spread}. They were loaded together and would end nearly together, and all be loaded again at once. Draw a share for each key, from 0 up to jitter`;
      expect(most - least > (HOUR * jitter) / 2, sentence).toBe(true);
    }
  },
);

check(
  '06.one.process',
  'A hundred readers of one missing key in one process cause one load',
  3,
  async ({ lab, loads, draw, expect }) => {
    const key = aKey(draw);
    const value = someListings(draw);
    const slow = loads.held(value);
    const all = readers(100, lab, key, slow.load, { ttlMs: HOUR });
    await slow.entered(Promise.race(all));
    await until(() => loads.begun > 1, A_MOMENT);
    slow.go();
    const got = await Promise.all(all);
    const sentence = `100 readers missed at once, and ${loads.begun} of them loaded. Keep the promise of the load under way in a Map, by key: who finds one there awaits it`;
    expect(loads.begun, sentence).toBe(1);
    expect(got, 'Each of them gets the value').toEqual(Array(100).fill(value));
  },
);

check(
  '06.one.keys',
  'Readers of other keys do not wait for a load',
  2,
  async ({ lab, loads, draw, expect }) => {
    const other = await lab.$another();
    const slow = loads.held('slow');
    const held = begin(lab.getOrLoad(aKey(draw), slow.load, { ttlMs: HOUR, waitMs: 60_000 }));
    await slow.entered(held);
    const options = { ttlMs: HOUR, waitMs: 60_000 };
    const value = someListings(draw);
    const calls = [lab, other].flatMap((one) => readers(3, one, aKey(draw), loads.of(value), options));
    const sentence =
      'One key is being loaded, and readers of another key wait for it: a lock, or a promise, belongs to one key';
    expect(await within(AGES, sentence, Promise.all(calls))).toEqual(Array(6).fill(value));
    slow.go();
    expect(await held).toBe('slow');
  },
);

check(
  '06.one.processes',
  'Sixty readers of one missing key in three processes cause one load',
  4,
  async ({ lab, loads, draw, expect }) => {
    const processes = [lab, ...(await Promise.all([lab.$another(), lab.$another()]))];
    for (let round = 0; round < 2; round++) {
      const key = aKey(draw);
      const value = someListings(draw);
      const slow = loads.held(value);
      const before = loads.begun;
      const all = processes.flatMap((one) => readers(20, one, key, slow.load, { ttlMs: HOUR }));
      await slow.entered(Promise.race(all));
      await until(() => loads.begun - before > 1, A_MOMENT);
      slow.go();
      const got = await within(
        AGES,
        'The load was over, and readers of other processes still wait',
        Promise.all(all),
      );
      const begun = loads.begun - before;
      const sentence = `Three processes missed at once, and ${begun} loads began. A Map is one process's own: they must agree in Redis who loads, with SET NX, and look once more after they got the lock`;
      expect(begun, sentence).toBe(1);
      expect(got, 'Each of them gets the value').toEqual(Array(60).fill(value));
    }
  },
);

check(
  '06.fail.shared',
  'A load that fails keeps nothing: who waited gets its error, the next reader loads',
  3,
  async ({ lab, redis, loads, draw, expect }) => {
    const key = aKey(draw);
    const slow = loads.held('never');
    const all = readers(10, lab, key, slow.load, { ttlMs: HOUR, waitMs: 60_000 });
    await slow.entered(Promise.race(all));
    await until(() => loads.begun > 1, A_MOMENT);
    slow.fail(Object.assign(new Error('MySQL has gone away'), { name: 'MysqlAway' }));
    const names = await Promise.all(all.map(async (call) => (await thrownBy(call))?.name));
    expect(names, "load failed: each of the ten readers gets load's own error").toEqual(
      Array(10).fill('MysqlAway'),
    );
    expect(loads.begun, 'Ten readers waited for one load that failed: not each tries again').toBe(1);
    expect(await redis.exists(key), 'A failed load keeps nothing').toBe(0);
    const next = within(
      AGES,
      'The load failed, and the next reader waits. For a promise that stayed in the Map, or a lock that was not given back?',
      lab.getOrLoad(key, loads.of([7]), { ttlMs: HOUR, waitMs: 60_000 }),
    );
    expect(await next, 'The next reader loads again').toEqual([7]);
  },
);

check(
  '06.fail.next',
  'After a failed load a reader of another process loads at once',
  2,
  async ({ lab, loads, draw, expect }) => {
    const other = await lab.$another();
    const key = aKey(draw);
    const options = { ttlMs: HOUR, waitMs: 60_000 };
    const slow = loads.held('never');
    const failing = begin(other.getOrLoad(key, slow.load, options));
    await slow.entered(failing);
    const waiting = readers(5, lab, key, loads.of([8]), options);
    await until(() => loads.begun > 1, A_MOMENT);
    expect(loads.begun, 'A load is under way in another process').toBe(1);
    slow.fail(Object.assign(new Error('MySQL has gone away'), { name: 'MysqlAway' }));
    expect((await thrownBy(failing))?.name, 'Who loaded gets the error').toBe('MysqlAway');
    const sentence =
      'The load failed and with it the reason to wait, but readers of another process wait on. Give the lock back also where load fails';
    expect(await within(AGES, sentence, Promise.all(waiting)), 'They get what the next load brings').toEqual(
      Array(5).fill([8]),
    );
    expect(loads.begun, 'One of them loads, not all').toBe(2);
  },
);

check(
  '06.lost.taken-over',
  'Where the process that loads is killed, exactly one of those who wait loads next',
  4,
  async ({ lab, redis, loads, draw, expect, waitPasses }) => {
    const [doomed, third] = await Promise.all([lab.$another(), lab.$another()]);
    const key = aKey(draw);
    const value = someListings(draw);
    const options = { ttlMs: HOUR, waitMs: WAIT_MS };
    const slow = loads.held('never');
    const dying = begin(doomed.getOrLoad(key, slow.load, options));
    await slow.entered(dying);
    const next = loads.held(value);
    const waiting = [lab, third].flatMap((one) => readers(5, one, key, next.load, options));
    await Promise.all([lab, third].map((one) => askedForLock(one, { redis, draw })));
    await doomed.$crash();
    await waitPasses(lab, third);
    const sentence = `The process that was loading is dead, and so is its lock for ever: after waitMs (${WAIT_MS}) somebody else should load. SET NX PX makes a lock that expires, in one command`;
    await within(AGES, sentence, next.entered(Promise.race(waiting)));
    await until(() => loads.begun > 2, A_MOMENT);
    next.go();
    expect(await within(AGES, sentence, Promise.all(waiting))).toEqual(Array(10).fill(value));
    const many = `A killed process was loading, ten readers in two processes waited, and ${loads.begun - 1} loads followed. Whose wait is over tries to take the lock, as at first; only who gets it loads`;
    expect(loads.begun, many).toBe(2);
    expect(await kept(redis, key), 'And the value is kept').toEqual(value);
  },
);

check(
  '06.lost.late',
  'A load that took too long does not overwrite what a later load kept',
  3,
  async ({ lab, redis, loads, draw, expect, waitPasses }) => {
    const late = await lab.$another();
    const key = aKey(draw);
    const options = { ttlMs: HOUR, waitMs: WAIT_MS };
    const slow = loads.held('old');
    const first = begin(late.getOrLoad(key, slow.load, options));
    await slow.entered(first);
    await waitPasses(lab, late);
    const sentence = `A load in another process took longer than waitMs (${WAIT_MS}): do not wait for it any longer`;
    expect(await within(AGES, sentence, lab.getOrLoad(key, loads.of('new'), options))).toBe('new');
    slow.go();
    const answer = await within(AGES, 'The late load is over, and its reader still waits', first);
    expect(['old', 'new'], 'Its own reader gets an answer').toContain(answer);
    const overwrote =
      'A load had lost its lock because it took too long. A later one kept its value, and then the first wrote the older value over it. Look whose lock it is, and write, in one step (a script)';
    expect(await kept(redis, key), overwrote).toBe('new');
  },
);

check(
  '06.lost.not-mine',
  'A load that took too long does not give back the lock of a later one',
  3,
  async ({ lab, redis, loads, draw, expect, waitPasses }) => {
    const [late, third] = await Promise.all([lab.$another(), lab.$another()]);
    for (const ending of ['fails', 'comes late'] as const) {
      const key = aKey(draw);
      const options = { ttlMs: HOUR, waitMs: WAIT_MS };
      const before = loads.begun;
      const slow = loads.held('old');
      const first = begin(late.getOrLoad(key, slow.load, options));
      await slow.entered(first);
      await waitPasses(lab, late, third);
      const next = loads.held('new');
      const second = begin(lab.getOrLoad(key, next.load, options));
      await within(
        AGES,
        'A load that took longer than waitMs is not waited for any longer',
        next.entered(second),
      );
      if (ending === 'fails') slow.fail(new Error('too late in any case'));
      else slow.go();
      await within(
        AGES,
        'The first load is over, and its reader still waits',
        first.catch(() => {}),
      );
      const reading = begin(third.getOrLoad(key, loads.of('third'), options));
      await until(() => loads.begun - before > 2, A_MOMENT);
      next.go();
      const got = await within(
        AGES,
        'The second load is over, and readers still wait',
        Promise.all([second, reading]),
      );
      const sentence = `A load that had lost its lock ${ending}; then it deleted the lock, which another process held by then, and a third load began beside the second. Put a random token into the lock, and delete it only where it is yours`;
      expect(loads.begun - before, sentence).toBe(2);
      expect(got[0], 'The second load brought its own value').toBe('new');
      const newest = `A load that had lost its lock ${ending} while another held it. What that other one brought is newer, and it had the lock to the end: it is what the cache should hold`;
      expect(await kept(redis, key), newest).toBe('new');
    }
  },
);

check(
  '06.crash.expires',
  'Wherever the process is killed, all that it leaves in Redis expires',
  3,
  async (fixtures) => {
    const { lab, redis, tap, loads, draw, expect } = fixtures;
    await warmUp(fixtures);
    tap.meter.reset();
    await lab.getOrLoad(aKey(draw), loads.of([1]), { ttlMs: HOUR });
    const { commands } = tap.redis.counts();
    for (let at = 1; at <= Math.min(commands, 6); at++) {
      await redis.flushall();
      const cut = tap.redis.cutAfter(at);
      const call = begin(lab.getOrLoad(aKey(draw), loads.of([1]), { ttlMs: HOUR }));
      await Promise.race([cut.happened, call]);
      const left = await redis.keys('*');
      const lives = await Promise.all(left.map((name) => redis.pttl(name)));
      const forever = left.filter((_, i) => lives[i] === -1);
      const sentence = `A process that is killed between command ${at} and the next (of ${commands}) leaves this behind without an end: a lock that blocks all readers for ever, or a value that never changes. Say the time to live in the command that writes`;
      expect(forever, sentence).toEqual([]);
      await lab.$crash();
      cut.restore();
      await call.catch(() => {});
    }
  },
);

check(
  '06.down.loads',
  'Where Redis does not answer, readers get the value from one load',
  3,
  async (fixtures) => {
    const { lab, tap, loads, draw, expect } = fixtures;
    await warmUp(fixtures);
    await lab.$crash();
    tap.redis.refuse(100_000);
    const value = someListings(draw);
    const before = loads.begun;
    const slow = loads.held(value);
    const all = readers(20, lab, aKey(draw), slow.load, { ttlMs: HOUR });
    await slow.entered(Promise.race(all));
    await until(() => loads.begun - before > 1, A_MOMENT);
    slow.go();
    const errors = await Promise.all(all.map((call) => thrownBy(call)));
    const sentence =
      'Redis was down, and the reader got an error. A cache that fails is a miss: catch what Redis throws, and load';
    expect(errors.find(Boolean)?.message, sentence).toBe(undefined);
    expect(await Promise.all(all), 'Each reader gets the value').toEqual(Array(20).fill(value));
    const many = `Redis was down, and 20 readers of one key caused ${loads.begun - before} loads: the cache fails and the database with it. One load for all who ask at once needs no Redis`;
    expect(loads.begun - before, many).toBe(1);
  },
);

check(
  '06.down.meanwhile',
  'Where Redis goes away while load runs, the value comes all the same',
  2,
  async (fixtures) => {
    const { lab, tap, loads, draw, expect } = fixtures;
    await warmUp(fixtures);
    const value = someListings(draw);
    const before = loads.begun;
    const load = async () => {
      await redisGoesAway(tap);
      return loads.of(value)();
    };
    const call = begin(lab.getOrLoad(aKey(draw), load, { ttlMs: HOUR }));
    const sentence =
      'Redis went away while the value was being loaded, and the reader got an error: to keep a value may fail as well as to look for it, and the value is there';
    expect((await thrownBy(call))?.message, sentence).toBe(undefined);
    expect(await call, 'The reader gets what load brought').toEqual(value);
    const again = 'The value was loaded, and Redis could not keep it: that is no reason to load once more';
    expect(loads.begun - before, again).toBe(1);
  },
);

check(
  '06.down.full',
  'Where Redis is full and refuses to keep anything, the value comes all the same',
  1,
  async (fixtures) => {
    const { lab, redis, loads, draw, expect } = fixtures;
    await warmUp(fixtures);
    const value = someListings(draw);
    const [, before] = (await redis.config('GET', 'maxmemory').catch(() => [])) as string[];
    if (before === undefined)
      throw new NotGradable("This Redis is not the judge's own, so it cannot be made full.");
    await redis.config('SET', 'maxmemory', '1');
    try {
      const call = begin(lab.getOrLoad(aKey(draw), loads.of(value), { ttlMs: HOUR }));
      const sentence =
        'Redis was full and refused to write (OOM). The value was loaded all the same: give it to the reader';
      expect((await thrownBy(call))?.message, sentence).toBe(undefined);
      expect(await call).toEqual(value);
    } finally {
      await redis.config('SET', 'maxmemory', before);
    }
  },
);
