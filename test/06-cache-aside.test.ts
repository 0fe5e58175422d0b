import type { ExpectStatic } from '@vitest/expect';
import type { Redis } from 'ioredis';
import type { CheckFixtures } from '../kit/judge/definition.ts';
import { CLOCK_START } from '../kit/judge/environment.ts';
import { MachineTooBusy } from '../kit/judge/machine-too-busy.ts';
import { withoutRights } from '../kit/judge/rights.ts';
import type { Draw } from '../kit/judge/seed.ts';
import { thrownBy } from '../kit/judge/thrown-by.ts';
import { withConfig } from '../kit/judge/with-config.ts';
import { checksOf } from '../src/checks.ts';
import type { CacheAside, CacheAsideOptions } from '../src/contracts/cache-aside.ts';
import { givenToLive } from './support/given-to-live.ts';
import { type HeldLoad, Loads } from './support/loads.ts';
import { oneOf } from './support/one-of.ts';
import { openConnections } from './support/open-connections.ts';
import { untilAt, withRealWaits } from './support/real-waits.ts';
import { redisGoesAway } from './support/redis-goes-away.ts';
import { saying } from './support/saying.ts';
import { settles } from './support/settles.ts';
import { promptly, until, within } from './support/until.ts';

const plainCheck = checksOf<CacheAside>('06-cache-aside');
type Process = CheckFixtures<CacheAside>['lab'];

interface Fixtures extends CheckFixtures<CacheAside> {
  expect: ExpectStatic;
  loads: Loads;
  /** As if `waitMs` had passed: a lock (what would end by then, or soon after) is gone, and clocks have moved on. */
  waitPasses(processes: Process[], waitMs: number): Promise<void>;
}

/** A check with a database that counts its loads; whatever it holds goes on in the end. */
function check(id: string, title: string, points: number, body: (fixtures: Fixtures) => Promise<void>): void {
  plainCheck(id, title, points, async (fixtures) => {
    const { redis } = fixtures;
    const loads = new Loads();
    let now = CLOCK_START;
    const waitPasses = async (processes: Process[], waitMs: number) => {
      now += waitMs + 1;
      for (const one of processes) await one.$setClock(now);
      for (const key of await redis.keys('*')) {
        const left = await redis.pttl(key);
        if (left >= 0 && left <= 2 * waitMs) await redis.del(key);
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
/** The same where a hundred readers may take their turns before one of them loads, ms. */
const LONG_ENOUGH_FOR_A_HUNDRED = 250;
/** So long that nothing ends by itself while a check holds it, ms: where it is to be over, the judge says so. */
const WAIT_MS = 60_000;
/** What the contract says where `waitMs` is not told, ms. */
const DEFAULT_WAIT_MS = 5_000;
/** A wait that a check really waits for, ms; on a slow machine it takes longer ones. */
const SHORT_WAIT_MS = 500;
/** The same, of which whole seconds make nearly twice as much. */
const OVER_A_SECOND_MS = 1_100;
/** So much later than its time a reader looks at its clock, ms. */
const LOOKS_BY_THEN = 70;
/** The share of waitMs after which whoever waits has seen that it is over. */
const IN_TIME = 0.5;
/** How far clocks may be apart, ms. */
const CLOCKS_APART = 20;
/** Whoever waits for the load of another has looked again by then, ms. */
const AT_ONCE_MS = 500;
/** A load that takes its time: whoever polls ten times has given up by then, ms. */
const LONG_LOAD_MS = 1_250;
/** A right solution looks, asks for the lock and looks again, with a script perhaps that Redis must be sent first. */
const MORE_TRIPS_THAN_A_MISS = 10;
/** Commands of one call, most of all: between each and the next the judge steps in. */
const MOST_COMMANDS = 8;
/** A client that is opened in each call and never closed is seen after so many. */
const CALLS_TO_LEAK = 9;
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
  await until(() => over, 1_000); // where a key waits for another, which is 06.one.keys
}

const NOT_WHAT_IS_KEPT =
  'The value stood in Redis, and the reader got another one: a hit is what is kept, without a load';

/** That an empty list, kept with these 30,000 ms for what is missing, lives for the hour of a value. */
async function emptyIsAValue({ redis, expect }: Pick<Fixtures, 'redis' | 'expect'>, key: string) {
  const left = await redis.pttl(key);
  const sentence = `load brought an empty list, which is a value: it lives for ttlMs (${HOUR}), and missingTtlMs (30000) is for null and undefined. PTTL says ${left} (-2: no key)`;
  expect(left > 30_000, sentence).toBe(true);
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

/** One miss and one hit, before the check disturbs them: where that fails, it has nothing to say of what it disturbs by. */
async function plainly(
  { lab, redis, loads, draw, expect, undisturbed }: Fixtures,
  without: string,
): Promise<void> {
  const [key, value] = [aKey(draw), [draw.int(1, 99)]];
  await undisturbed({ see: '06.miss.kept', without }, async () => {
    const got = await lab.getOrLoad(key, loads.of(value), { ttlMs: HOUR });
    expect(got, 'The reader gets what load brought').toEqual(value);
    expect(await kept(redis, key), `The value belongs under ${key}, as JSON.stringify gives it`).toEqual(
      value,
    );
  });
  await undisturbed({ see: '06.hit.no-load', without }, async () => {
    const got = await lab.getOrLoad(key, loads.of('from the database'), { ttlMs: HOUR });
    expect(got, NOT_WHAT_IS_KEPT).toEqual(value);
    expect(loads.begun, 'A hit asks nothing of the database').toBe(1);
  });
  loads.forget();
}

/** One process waits for the load of another, before the check disturbs that. */
async function waitsForAnother(
  { lab, loads, draw, expect, undisturbed }: Fixtures,
  { other, without }: { other: Process; without: string },
): Promise<void> {
  loads.forget();
  await undisturbed({ see: '06.one.processes', without }, async () => {
    const [key, value] = [aKey(draw), [draw.int(1, 99)]];
    const options = { ttlMs: HOUR, waitMs: WAIT_MS };
    const slow = loads.held(value);
    const first = begin(other.getOrLoad(key, slow.load, options));
    await slow.entered(first);
    const second = begin(lab.getOrLoad(key, loads.of(value), options));
    await until(() => loads.begun > 1, A_MOMENT);
    slow.go();
    const waits = 'The load was over, and a reader of another process still waits';
    const got = await within(AGES, waits, Promise.all([first, second]));
    expect(got, 'Both get the value').toEqual([value, value]);
    expect(loads.begun, 'Who waits for the load of another process does not load').toBe(1);
  });
  loads.forget();
}

/**
 * A call whose load ends when `end` says so, and which then stands still before its `at`-th command to Redis, if it has so
 * many.
 */
async function stopsBefore(
  at: number,
  { tap, call, slow, end }: { tap: Fixtures['tap']; call: Promise<unknown>; slow: HeldLoad; end: () => void },
): Promise<{ stopped: boolean; goOn(): void }> {
  await slow.entered(call);
  const stall = tap.redis.stallAt(at, { executed: false });
  end();
  const over = call.then(
    () => false,
    () => false,
  );
  const stopped = await Promise.race([stall.happened.then(() => true), over]);
  if (!stopped) stall.release();
  return { stopped, goOn: stall.release };
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
    for (const ttlMs of [HOUR, 90_001, 90_500, 90_999, draw.int(600, 799)]) {
      const { left, exact } = await givenToLive(redis, ttlMs, async () => {
        const key = aKey(draw);
        await lab.getOrLoad(key, loads.of([1]), { ttlMs, jitter: 0 });
        return key;
      });
      const sentence = `With ttlMs ${ttlMs} and no jitter the key should have that long to live, to the millisecond. PTTL says ${left} (-1: for ever, -2: no key). Perhaps ttlMs was taken for seconds, or made whole seconds`;
      expect(exact, sentence).toBe(true);
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
    const got = await lab.getOrLoad(key, loads.of('from the database'), { ttlMs: HOUR });
    expect(got, NOT_WHAT_IS_KEPT).toEqual(value);
    expect(loads.begun, 'A hit asks nothing of the database').toBe(0);
    await redis.pexpire(key, 30_000);
    await lab.getOrLoad(key, loads.of('from the database'), { ttlMs: HOUR });
    const left = await redis.pttl(key);
    const renewed = `The value had 30000 ms to live, and after a hit with ttlMs ${HOUR} PTTL says ${left}. A hit does not change when it ends: what is read all the time would never be loaded again`;
    expect(left > 0 && left <= 30_000, renewed).toBe(true);
  },
);

check('06.hit.one-trip', 'A hit takes one round trip', 2, async ({ lab, tap, loads, draw, expect }) => {
  const key = aKey(draw);
  const value = someListings(draw);
  await lab.getOrLoad(key, loads.of(value), { ttlMs: HOUR });
  tap.redis.holdMs = 5;
  tap.meter.reset();
  const got = await lab.getOrLoad(key, loads.of(value), { ttlMs: HOUR });
  expect(got, 'The second reader gets what was kept for the first').toEqual(value);
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

check('06.hit.foreign', 'What is not JSON is a miss, and is replaced', 1, async (fixtures) => {
  const { lab, redis, loads, draw, expect } = fixtures;
  const other = await lab.$another();
  // NaN: Python's json.dumps writes it, and cjson takes it for a number.
  for (const text of ['not JSON', '{"cut off":', '', 'undefined', "['single']", 'NaN']) {
    const key = aKey(draw);
    const value = someListings(draw);
    await redis.set(key, text);
    const sentence = `Somebody else wrote ${JSON.stringify(text)} under the key, which is no JSON: that is a miss, so load`;
    const got = await saying(sentence, lab.getOrLoad(key, loads.of(value), { ttlMs: HOUR }));
    expect(got, sentence).toEqual(value);
    const right = `Somebody else wrote ${JSON.stringify(text)} under the key, and a reader loaded: what it loaded takes that text's place`;
    expect(await kept(redis, key), right).toEqual(value);
  }
  await waitsForAnother(fixtures, { other, without: 'a text that is no JSON' });
  const key = aKey(draw);
  await redis.set(key, 'not JSON', 'PX', HOUR);
  const slow = loads.held([1]);
  const options = { ttlMs: HOUR, waitMs: WAIT_MS };
  const first = begin(lab.getOrLoad(key, slow.load, options));
  await slow.entered(first);
  const second = begin(other.getOrLoad(key, loads.of([1]), options));
  await until(() => loads.begun > 1, A_MOMENT);
  slow.go();
  const waited =
    'A text that is no JSON stood under the key, and one process was loading. Who waits for it waits for a value, not for any text';
  expect(await within(AGES, waited, Promise.all([first, second])), waited).toEqual([[1], [1]]);
  const again = `A text that is no JSON stood under the key, one process was loading and another waited for it, and ${loads.begun} loads began. Who gets the lock after a wait looks once more, and loads only where there is still no value`;
  expect(loads.begun, again).toBe(1);
});

check('06.nothing.kept', 'That there is nothing is kept too, for missingTtlMs', 2, async (fixtures) => {
  const { lab, redis, loads, draw, expect } = fixtures;
  for (const nothing of [null, undefined]) {
    for (const [options, longest] of [
      [{ ttlMs: HOUR, missingTtlMs: 30_500, jitter: 0 }, 30_500],
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
      expect(await redis.get(key), 'Of a load that found nothing the text null is kept').toBe('null');
      const { left, exact } = await givenToLive(redis, longest, async () => {
        const other = aKey(draw);
        await lab.getOrLoad(other, loads.of(nothing), options);
        return other;
      });
      const told = `"There is nothing" lives for missingTtlMs, and for ttlMs where that is not told: PTTL should be near ${longest}, not ${left}`;
      expect(exact, told).toBe(true);
    }
  }
  const key = aKey(draw);
  await lab.getOrLoad(key, loads.of([]), { ttlMs: HOUR, missingTtlMs: 30_000, jitter: 0 });
  await emptyIsAValue(fixtures, key);
  const other = await lab.$another();
  await waitsForAnother(fixtures, { other, without: 'a load that finds nothing' });
  const slow = loads.held(null);
  const patient = { ttlMs: HOUR, waitMs: WAIT_MS };
  const first = begin(lab.getOrLoad('market:weather', slow.load, patient));
  await slow.entered(first);
  const second = begin(other.getOrLoad('market:weather', loads.of(null), patient));
  await until(() => loads.begun > 1, A_MOMENT);
  slow.go();
  const still =
    'A load found nothing, and a reader of another process waits on: the text null is an answer, too';
  expect(await within(AGES, still, Promise.all([first, second])), still).toEqual([null, null]);
  expect(loads.begun, `A load found nothing, and who had waited for it loaded again`).toBe(1);
});

check(
  '06.nothing.zero',
  'With missingTtlMs 0 nothing is kept of a load that found nothing',
  1,
  async ({ lab, redis, loads, draw, expect, undisturbed }) => {
    const other = await lab.$another();
    await undisturbed({ see: '06.nothing.kept', without: 'a missingTtlMs of 0' }, async () => {
      const key = aKey(draw);
      await lab.getOrLoad(key, loads.of([]), { ttlMs: HOUR, missingTtlMs: 30_000, jitter: 0 });
      await emptyIsAValue({ redis, expect }, key);
    });
    loads.forget();
    const key = aKey(draw);
    const options = { ttlMs: HOUR, missingTtlMs: 0, waitMs: WAIT_MS };
    const got = [
      await lab.getOrLoad(key, loads.of(null), options),
      await lab.getOrLoad(key, loads.of(undefined), options),
    ];
    expect(
      got.map((one) => one ?? null),
      'Nothing was found, twice',
    ).toEqual([null, null]);
    const there = `load found nothing and missingTtlMs is 0, so nothing is to be kept; but ${key} is there`;
    expect((await redis.exists(key)) === 0, there).toBe(true);
    await lab.getOrLoad(key, loads.of([]), options);
    const value = `missingTtlMs is 0, and load brought an empty list. That is a value and is kept, but ${key} is not there`;
    expect((await redis.exists(key)) === 1, value).toBe(true);
    expect(loads.begun, 'Nothing was kept, so each reader loads. SET refuses a time to live of 0').toBe(3);
    loads.forget();
    const missing = aKey(draw);
    const slow = loads.held(null);
    const together = readers(3, lab, missing, slow.load, options);
    await slow.entered(Promise.race(together));
    const elsewhere = begin(other.getOrLoad(missing, loads.of(null), options));
    await until(() => loads.begun > 1, A_MOMENT);
    const one = `missingTtlMs is 0, and readers of one process waited for one load: it is theirs too, also where nothing is kept of it. ${loads.begun} loads began at once`;
    expect(loads.begun, one).toBe(1);
    slow.go();
    const all = within(
      AGES,
      'missingTtlMs is 0, and a load found nothing: a reader of another process still waits, though nobody loads',
      Promise.all([...together, elsewhere]),
    );
    expect(
      (await all).map((one) => one ?? null),
      'Each reader is told that there is nothing',
    ).toEqual([null, null, null, null]);
    const two = `missingTtlMs is 0, three readers of one process waited for one load and a fourth in another process, and ${loads.begun} loads began. That is one load for the three, also where it found nothing, and one for the fourth`;
    expect(loads.begun, two).toBe(2);
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
  async (fixtures) => {
    const { lab, loads, tap, draw, expect } = fixtures;
    await plainly(fixtures, 'a second reader');
    const key = aKey(draw);
    const value = someListings(draw);
    const slow = loads.held(value);
    // No reader has its first reply before all have begun.
    tap.redis.holdMs = 5;
    const all = readers(100, lab, key, slow.load, { ttlMs: HOUR, waitMs: WAIT_MS });
    await slow.entered(Promise.race(all));
    tap.redis.holdMs = 0;
    await until(() => loads.begun > 1, LONG_ENOUGH_FOR_A_HUNDRED);
    slow.go();
    const got = await Promise.all(all);
    const sentence = `100 readers missed at once, and ${loads.begun} of them loaded. Keep the promise of the load under way in a Map, by key, before the first await: who finds one there awaits it`;
    expect(loads.begun, sentence).toBe(1);
    expect(got, 'Each of them gets the value').toEqual(Array(100).fill(value));
  },
);

check('06.one.keys', 'Readers of other keys do not wait for a load', 2, async (fixtures) => {
  const { lab, loads, draw, expect } = fixtures;
  await plainly(fixtures, 'a second key');
  const other = await lab.$another();
  const slow = loads.held('slow');
  const loading = aKey(draw);
  const held = begin(lab.getOrLoad(loading, slow.load, { ttlMs: HOUR, waitMs: WAIT_MS }));
  await slow.entered(held);
  const options = { ttlMs: HOUR, waitMs: WAIT_MS };
  const value = someListings(draw);
  // Keys of Redis that differ in case are two.
  const calls = [aKey(draw), loading.toUpperCase()].flatMap((key) =>
    [lab, other].flatMap((one) => readers(2, one, key, loads.of(value), options)),
  );
  const sentence =
    'One key is being loaded, and readers of another key wait for it: a lock, or a promise, belongs to one key';
  const got = await within(AGES, sentence, Promise.all(calls));
  expect(got, 'Each of eight readers gets the value of its own key').toEqual(Array(8).fill(value));
  slow.go();
  expect(await held, 'The reader of the first key gets its value').toBe('slow');
});

check(
  '06.one.processes',
  'Sixty readers of one missing key in three processes cause one load',
  4,
  async (fixtures) => {
    const { lab, loads, tap, draw, expect } = fixtures;
    await plainly(fixtures, 'a second process');
    const other = await lab.$another();
    const processes = [lab, other, await lab.$another()];
    const options = { ttlMs: HOUR, waitMs: WAIT_MS };
    for (let round = 0; round < 2; round++) {
      const [key, value] = [aKey(draw), someListings(draw)];
      const slow = loads.held(value);
      loads.forget();
      const all = processes.flatMap((one) => readers(20, one, key, slow.load, options));
      await slow.entered(Promise.race(all));
      await until(() => loads.begun > 1, A_MOMENT);
      slow.go();
      const got = await within(
        AGES,
        'The load was over, and readers of other processes still wait',
        Promise.all(all),
      );
      const sentence = `Three processes missed at once, and ${loads.begun} loads began. A Map is one process's own: they must agree in Redis who loads, with SET NX, and look once more after they got the lock`;
      expect(loads.begun, sentence).toBe(1);
      expect(got, 'Each of them gets the value').toEqual(Array(60).fill(value));
    }
    for (let at = 1; at <= MOST_COMMANDS; at++) {
      const key = aKey(draw);
      const value = someListings(draw);
      loads.forget();
      const stall = tap.redis.stallAt(at);
      let command = '';
      const reading = begin(other.getOrLoad(key, loads.of(value), options));
      const stands = stall.happened.then((text) => (command = text));
      if (!(await Promise.race([stands, reading.then(() => '')]))) break;
      let over = false;
      const second = begin(lab.getOrLoad(key, loads.of(value), options));
      begin(second.finally(() => (over = true)));
      // Who has only looked so far keeps nobody waiting.
      await until(() => over, at === 1 ? 1_000 : A_MOMENT);
      stall.release();
      const got = await within(
        AGES,
        'The load was over, and a reader of another process still waits',
        Promise.all([reading, second]),
      );
      const sentence = `A reader had sent ${command.split(' ')[0]}, its command ${at}, and had not heard the answer; meanwhile another process read the same key; then ${loads.begun} loads had begun. Look once more after you got the lock: the other's load may be over by then`;
      expect(loads.begun, sentence).toBe(1);
      expect(got, 'Both get the value').toEqual([value, value]);
    }
  },
);

check(
  '06.one.long',
  'Who waits for a load that takes its time gets its value, and does not load',
  2,
  async (fixtures) => {
    const { lab, loads, draw, expect } = fixtures;
    await plainly(fixtures, 'a load that takes its time');
    const other = await lab.$another();
    const [key, value] = [aKey(draw), someListings(draw)];
    const slow = loads.held(value);
    const begun = performance.now();
    const first = begin(lab.getOrLoad(key, slow.load, { ttlMs: HOUR }));
    await slow.entered(first);
    const all = [first, ...[lab, other].flatMap((one) => readers(3, one, key, slow.load, { ttlMs: HOUR }))];
    const ends = performance.now() + LONG_LOAD_MS;
    await until(() => loads.begun > 1 || performance.now() > ends, LONG_LOAD_MS);
    slow.go();
    const got = await within(
      AGES,
      'A load took its time; it is over, and readers still wait',
      Promise.all(all),
    );
    const [, two] = loads.begunAt;
    if (two !== undefined && two > begun + DEFAULT_WAIT_MS - CLOCKS_APART)
      throw new MachineTooBusy('a load was to take one second, and took five');
    const sentence = `A load took ${LONG_LOAD_MS} ms, which is less than waitMs (default ${DEFAULT_WAIT_MS}), and ${loads.begun} loads began: who waits goes on waiting until waitMs is over`;
    expect(loads.begun, sentence).toBe(1);
    expect(got, `A load took ${LONG_LOAD_MS} ms: each of seven readers gets its value`).toEqual(
      Array(7).fill(value),
    );
  },
);

check(
  '06.fail.shared',
  'A load that fails keeps nothing: who waited gets its error, the next reader loads',
  3,
  async (fixtures) => {
    const { lab, redis, loads, draw, expect } = fixtures;
    await plainly(fixtures, 'an error');
    const key = aKey(draw);
    const slow = loads.held('never');
    const all = readers(10, lab, key, slow.load, { ttlMs: HOUR, waitMs: WAIT_MS });
    await slow.entered(Promise.race(all));
    await until(() => loads.begun > 1, A_MOMENT);
    slow.fail(Object.assign(new Error('MySQL has gone away'), { name: 'MysqlAway' }));
    const names = await Promise.all(all.map(async (call) => (await thrownBy(call))?.name));
    expect(names, "load failed: each of the ten readers gets load's own error").toEqual(
      Array(10).fill('MysqlAway'),
    );
    const many = `Ten readers waited for one load that failed, and ${loads.begun} loads began: who waited gets its error, and does not try again`;
    expect(loads.begun, many).toBe(1);
    expect(await redis.exists(key), 'A failed load keeps nothing').toBe(0);
    const next = within(
      AGES,
      'The load failed, and the next reader waits: perhaps for a promise that stayed in the Map, or for a lock that was not given back',
      saying(
        'A load failed, and the next reader, whose own load goes well, got an error. Perhaps the promise of the failed one stayed in the Map',
        lab.getOrLoad(key, loads.of([7]), { ttlMs: HOUR, waitMs: WAIT_MS }),
      ),
    );
    expect(await next, 'The next reader loads again').toEqual([7]);
  },
);

check(
  '06.fail.next',
  'After a failed load a reader of another process loads at once',
  2,
  async (fixtures) => {
    const { lab, tap, loads, draw, expect, undisturbed } = fixtures;
    await plainly(fixtures, 'an error');
    await undisturbed({ see: '06.fail.shared', without: 'a second process' }, async () => {
      const away = Object.assign(new Error('MySQL has gone away'), { name: 'MysqlAway' });
      const failing = lab.getOrLoad(aKey(draw), () => Promise.reject(away), { ttlMs: HOUR });
      expect((await thrownBy(failing))?.name, 'Who loaded gets the error').toBe('MysqlAway');
    });
    const other = await lab.$another();
    const key = aKey(draw);
    const options = { ttlMs: HOUR, waitMs: WAIT_MS };
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
    // Who doubles its pauses sleeps for long by the time a long load fails.
    loads.forget();
    const longKey = aKey(draw);
    const long = loads.held('never');
    const hanging = begin(other.getOrLoad(longKey, long.load, options));
    await long.entered(hanging);
    const patient = begin(lab.getOrLoad(longKey, loads.of([9]), options));
    await until(() => loads.begun > 1, LONG_LOAD_MS + LONG_ENOUGH_FOR_A_HUNDRED);
    // Right after a look, where it looks: who doubles its pauses sleeps longest from now on.
    const { commands } = tap.redis.counts();
    await until(() => loads.begun > 1 || tap.redis.counts().commands > commands, LONG_LOAD_MS);
    expect(loads.begun, 'A load is under way in another process').toBe(1);
    long.fail(Object.assign(new Error('MySQL has gone away'), { name: 'MysqlAway' }));
    await thrownBy(hanging);
    const once = `A load failed after ${LONG_LOAD_MS + LONG_ENOUGH_FOR_A_HUNDRED} ms, and ${AT_ONCE_MS} ms later the reader of another process who waited for it had not begun to load. Look often enough, however long the load takes: a pause that doubles needs a bound`;
    expect(await promptly(() => loads.begun > 1, AT_ONCE_MS, once), once).toBe(true);
    expect(await patient, 'It gets what its load brings').toEqual([9]);
  },
);

check(
  '06.lost.taken-over',
  'Where the process that loads is killed, exactly one of those who wait loads next',
  4,
  async (fixtures) => {
    const { lab, redis, loads, draw, expect } = fixtures;
    await plainly(fixtures, 'a crash');
    const [doomed, third] = await Promise.all([lab.$another(), lab.$another()]);
    await waitsForAnother(fixtures, { other: doomed, without: 'a crash' });
    let passed = 0;
    await withRealWaits(SHORT_WAIT_MS, async (waitMs) => {
      const [key, value] = [aKey(draw), someListings(draw)];
      const options = { ttlMs: HOUR, waitMs };
      loads.forget();
      const slow = loads.held('never');
      const begun = performance.now();
      const dying = begin(doomed.getOrLoad(key, slow.load, options));
      await slow.entered(dying);
      const next = loads.held(value);
      const waiting = [lab, third].flatMap((one) => readers(5, one, key, next.load, options));
      await Promise.all([lab, third].map((one) => askedForLock(one, { redis, draw })));
      const waited = performance.now();
      await untilAt(waited + waitMs / 3);
      const killed = performance.now();
      await doomed.$crash();
      await untilAt(begun + waitMs + 1);
      passed += waitMs + 1;
      for (const one of [lab, third]) await one.$setClock(CLOCK_START + passed);
      const sentence = `The process that was loading is dead, and those who wait for it go on waiting: after waitMs (${waitMs}) one of them should load. SET NX PX makes a lock that expires, in one command; a message from the dead never comes`;
      await within(AGES, sentence, next.entered(Promise.race(waiting)));
      // By then everybody's own wait is over, too, and the next load is not lost yet.
      const all = waited + waitMs + LOOKS_BY_THEN;
      await until(() => loads.begun > 2 || performance.now() > all, 3 * waitMs);
      next.go();
      const each =
        'A killed process was loading, ten readers waited, and one loaded: each gets the value of that load';
      const got = await within(AGES, sentence, saying(each, Promise.all(waiting)));
      const lost = Math.min(killed, begun + waitMs) + waitMs - CLOCKS_APART;
      const [, , more = Number.POSITIVE_INFINITY] = loads.begunAt;
      const many = `A killed process was loading, ten readers in two processes waited, and ${loads.begun - 1} loads followed. Whose wait is over tries to take the lock, as at first; only who gets it loads`;
      if (more < lost) expect(loads.begun, many).toBe(2);
      if (loads.begun > 2 || all > lost) return false;
      expect(got, each).toEqual(Array(10).fill(value));
      expect(await kept(redis, key), 'And the value is kept').toEqual(value);
      return true;
    });
    // Who waits alone has nobody beside it in its process who could wake it.
    await withRealWaits(OVER_A_SECOND_MS, async (waitMs) => {
      const [key, value] = [aKey(draw), someListings(draw)];
      const options = { ttlMs: HOUR, waitMs };
      const slow = loads.held('never');
      const begun = performance.now();
      const dying = begin(doomed.getOrLoad(key, slow.load, options));
      await slow.entered(dying);
      const locked = performance.now(); // at the latest: its process had to start first
      loads.forget();
      const alone = begin(third.getOrLoad(key, loads.of(value), options));
      await askedForLock(third, { redis, draw });
      const waits = performance.now() < begun + waitMs - CLOCKS_APART;
      await doomed.$crash();
      await untilAt(locked + waitMs + 1);
      passed += waitMs + 1;
      await third.$setClock(CLOCK_START + passed);
      const late = `The process that was loading is dead, and ${Math.round(IN_TIME * waitMs)} ms after waitMs (${waitMs}) was over, the only reader that waits for it had not begun to load. Let a lock live for waitMs, in milliseconds, and wait no longer than that: a message from the dead never comes`;
      expect(await until(() => loads.begun > 0, IN_TIME * waitMs), late).toBe(true);
      const sentence = `The process that was loading is dead, and the only reader that waits for it goes on waiting: after waitMs (${waitMs}) it should load. A message from the dead never comes`;
      expect(await within(AGES, sentence, alone), 'Who waits alone loads, too').toEqual(value);
      return waits;
    });
  },
);

check(
  '06.lost.same-process',
  'Readers of one process do not wait for a load that takes too long either: one of them loads next',
  2,
  async (fixtures) => {
    const { lab, redis, loads, draw, expect } = fixtures;
    await plainly(fixtures, 'a load that takes too long');
    let passed = 0;
    await withRealWaits(SHORT_WAIT_MS, async (waitMs) => {
      const [key, value] = [aKey(draw), someListings(draw)];
      const options = { ttlMs: HOUR, waitMs };
      loads.forget();
      const slow = loads.held('late');
      const begun = performance.now();
      const first = begin(lab.getOrLoad(key, slow.load, options));
      await slow.entered(first);
      const next = loads.held(value);
      const waiting = readers(5, lab, key, next.load, options);
      await askedForLock(lab, { redis, draw });
      const waited = performance.now();
      await untilAt(begun + waitMs + 1);
      passed += waitMs + 1;
      await lab.$setClock(CLOCK_START + passed);
      const sentence = `A load takes longer than waitMs (${waitMs}), and readers of the same process go on waiting for it: then a query that hangs stops everybody. Who waits for a promise in a Map waits no longer than waitMs`;
      await within(AGES, sentence, next.entered(Promise.race(waiting)));
      const all = waited + waitMs + LOOKS_BY_THEN;
      await until(() => loads.begun > 2 || performance.now() > all, 3 * waitMs);
      next.go();
      const got = await within(AGES, 'The next load is over, and readers still wait', Promise.all(waiting));
      slow.go();
      await within(AGES, 'The late load is over, too, and its reader still waits', first);
      const lost = begun + 2 * waitMs - CLOCKS_APART;
      const [, , more = Number.POSITIVE_INFINITY] = loads.begunAt;
      const many = `A load took longer than waitMs, five readers of the same process waited for it, and ${loads.begun - 1} loads followed: one of them loads, and the others wait for that one`;
      if (more < lost) expect(loads.begun, many).toBe(2);
      if (loads.begun > 2 || all > lost) return false;
      expect(got, 'Each of those who waited gets what the next load brought').toEqual(Array(5).fill(value));
      expect(await kept(redis, key), 'The late load does not replace what the next one kept').toEqual(value);
      return true;
    });
    // The late load ends first: its process has a token for each load, not one for all.
    await withRealWaits(SHORT_WAIT_MS, async (waitMs) => {
      const [key, value] = [aKey(draw), someListings(draw)];
      const options = { ttlMs: HOUR, waitMs };
      const slow = loads.held('late');
      const begun = performance.now();
      const first = begin(lab.getOrLoad(key, slow.load, options));
      await slow.entered(first);
      const next = loads.held(value);
      const came = begin(lab.getOrLoad(key, next.load, options));
      await untilAt(begun + waitMs + 1);
      passed += waitMs + 1;
      await lab.$setClock(CLOCK_START + passed);
      const sentence = `A load takes longer than waitMs (${waitMs}), and a reader of the same process goes on waiting for it`;
      await within(AGES, sentence, next.entered(came));
      const two = loads.begunAt.at(-1)!;
      slow.go();
      await within(AGES, 'The late load is over, and its reader still waits', first);
      next.go();
      const got = await within(AGES, 'The next load is over, and its reader still waits', came);
      if (performance.now() > two + waitMs - CLOCKS_APART) return false; // the next one was lost, too
      expect(got, 'Who waited gets what the next load brought').toEqual(value);
      const older =
        'A load was lost and ended while the next load of the same process was under way. What that next one brought is newer, and is what the cache should hold: a late load gives back no lock but its own, so draw a token for each load';
      expect(await kept(redis, key), older).toEqual(value);
      return true;
    });
  },
);

check(
  '06.lost.late',
  'A load that took too long does not overwrite what a later load kept',
  3,
  async (fixtures) => {
    const { lab, redis, tap, loads, draw, expect, waitPasses } = fixtures;
    await plainly(fixtures, 'a load that takes too long');
    const late = await lab.$another();
    const key = aKey(draw);
    const slow = loads.held('old');
    const first = begin(late.getOrLoad(key, slow.load, { ttlMs: HOUR }));
    await slow.entered(first);
    await waitPasses([lab, late], DEFAULT_WAIT_MS);
    const sentence = `A load in another process took longer than waitMs (default ${DEFAULT_WAIT_MS}): do not wait for it any longer`;
    const later = 'A later reader loads, and gets what its own load brought';
    const second = lab.getOrLoad(key, loads.of('new'), { ttlMs: HOUR });
    expect(await within(AGES, sentence, second), later).toBe('new');
    slow.go();
    const answer = await within(AGES, 'The late load is over, and its reader still waits', first);
    oneOf(
      answer,
      { 'what it loaded': 'old', 'what stands there by now': 'new' },
      'A load took too long, and its own reader got neither what it brought nor what a later load kept',
    );
    const overwrote =
      'A load had lost its lock because it took too long. A later one kept its value, and then the first wrote the older value over it. Look whose lock it is, and write, in one step (a script)';
    expect(await kept(redis, key), overwrote).toBe('new');
    for (let at = 1; at <= MOST_COMMANDS; at++) {
      const [key, options] = [aKey(draw), { ttlMs: HOUR, waitMs: WAIT_MS }];
      const slow = loads.held('old');
      const first = begin(late.getOrLoad(key, slow.load, options));
      const { stopped, goOn } = await stopsBefore(at, { tap, call: first, slow, end: slow.go });
      if (!stopped) break;
      await waitPasses([lab, late], WAIT_MS);
      await redis.del(key);
      const waits = `A load was over, its process stood still for longer than waitMs (${WAIT_MS}) before its command ${at} to Redis, and a reader of another process waits for it`;
      expect(await within(AGES, waits, lab.getOrLoad(key, loads.of('new'), options)), later).toBe('new');
      goOn();
      await within(AGES, 'The late load is over, and its reader still waits', first);
      const stood = `A load was over, and its process stood still for longer than waitMs before its command ${at} to Redis. A later load kept its value, and then the first wrote the older one over it. Look whose lock it is, and write, in one step (a script)`;
      expect(await kept(redis, key), stood).toBe('new');
    }
  },
);

check(
  '06.lost.not-mine',
  'A load that took too long does not give back the lock of a later one',
  3,
  async (fixtures) => {
    const { lab, redis, tap, loads, draw, expect, waitPasses } = fixtures;
    await plainly(fixtures, 'a load that takes too long');
    const [late, third] = await Promise.all([lab.$another(), lab.$another()]);
    await waitsForAnother(fixtures, { other: late, without: 'a load that takes too long' });
    for (const ending of ['fails', 'comes late'] as const) {
      const key = aKey(draw);
      const options = { ttlMs: HOUR, waitMs: WAIT_MS };
      const before = loads.begun;
      const slow = loads.held('old');
      const first = begin(late.getOrLoad(key, slow.load, options));
      await slow.entered(first);
      await waitPasses([lab, late, third], WAIT_MS);
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
      for (let at = 1; at <= MOST_COMMANDS; at++) {
        const key = aKey(draw);
        loads.forget();
        const slow = loads.held('old');
        const first = begin(late.getOrLoad(key, slow.load, options));
        const end = () => (ending === 'fails' ? slow.fail(new Error('too late in any case')) : slow.go());
        const { stopped, goOn } = await stopsBefore(at, { tap, call: first, slow, end });
        if (!stopped) break;
        await waitPasses([lab, late, third], WAIT_MS);
        await redis.del(key);
        const next = loads.held('new');
        const second = begin(lab.getOrLoad(key, next.load, options));
        await within(
          AGES,
          'A load that took longer than waitMs is not waited for any longer',
          next.entered(second),
        );
        goOn();
        await first.catch(() => {});
        const reading = begin(third.getOrLoad(key, loads.of('third'), options));
        await until(() => loads.begun > 2, A_MOMENT);
        next.go();
        const [got] = await within(
          AGES,
          'The second load is over, and readers still wait',
          Promise.all([second, reading]),
        );
        const steps = `A load ${ending}, and its process stood still for longer than waitMs before its command ${at} to Redis; then it deleted the lock, which another process held by then, and a third load began beside the second. Look whose lock it is, and delete it, in one step (a script)`;
        expect(loads.begun, steps).toBe(2);
        expect(got, 'The second load brought its own value').toBe('new');
        expect(await kept(redis, key), 'What the second load brought is newer than what stood still').toBe(
          'new',
        );
      }
    }
  },
);

check(
  '06.crash.expires',
  'Wherever the process is killed, all that it leaves in Redis expires',
  3,
  async (fixtures) => {
    const { lab, redis, tap, loads, draw, expect, undisturbed } = fixtures;
    await plainly(fixtures, 'a crash');
    const endless = async () => {
      const left = await redis.keys('*');
      const lives = await Promise.all(left.map((name) => redis.pttl(name)));
      return left.filter((_, i) => lives[i] === -1);
    };
    await undisturbed({ see: '06.miss.ttl', without: 'a crash' }, async () => {
      expect(await endless(), 'A value was kept, and this never expires').toEqual([]);
    });
    tap.meter.reset();
    await lab.getOrLoad(aKey(draw), loads.of([1]), { ttlMs: HOUR });
    const { commands } = tap.redis.counts();
    for (let at = 1; at <= Math.min(commands, 6); at++) {
      await redis.flushdb();
      const cut = tap.redis.cutAfter(at);
      const call = begin(lab.getOrLoad(aKey(draw), loads.of([1]), { ttlMs: HOUR }));
      await Promise.race([cut.happened, call]);
      const sentence = `A process that is killed between command ${at} and the next (of ${commands}) leaves this behind without an end: a lock that blocks all readers for ever, or a value that never changes. Say the time to live in the command that writes`;
      expect(await endless(), sentence).toEqual([]);
      await lab.$crash();
      cut.restore();
      await call.catch(() => {});
    }
    const other = await lab.$another();
    const [key, options] = [aKey(draw), { ttlMs: HOUR, waitMs: WAIT_MS }];
    const slow = loads.held('never');
    const failing = begin(other.getOrLoad(key, slow.load, options));
    await slow.entered(failing);
    const waiting = begin(lab.getOrLoad(key, loads.of([1]), options));
    await askedForLock(lab, { redis, draw });
    const waits =
      'One process loads and another waits for it. Were both killed now, this would stay without an end';
    expect(await endless(), waits).toEqual([]);
    slow.fail(new Error('MySQL has gone away'));
    await failing.catch(() => {});
    let over = false;
    begin(waiting.finally(() => (over = true)));
    await until(() => over, A_MOMENT); // where it waits on, which is 06.fail.next
    expect(await endless(), 'A load failed, and left this without an end').toEqual([]);
  },
);

check(
  '06.leaves.connections',
  'A hundred calls leave no more connections open than a few',
  1,
  async (fixtures) => {
    const { lab, redis, loads, draw, expect } = fixtures;
    const other = await lab.$another();
    // Clients that a process opened in another check would come back while this one counts.
    await Promise.all([lab, other].map((one) => one.$crash()));
    await plainly(fixtures, 'a second call');
    const options = { ttlMs: HOUR, waitMs: WAIT_MS };
    const open = () => openConnections(redis);
    const misses = () => lab.getOrLoad(aKey(draw), loads.of([1]), options);
    const fails = () =>
      lab.getOrLoad(aKey(draw), () => Promise.reject(new Error('MySQL has gone away')), options);
    const waits = async () => {
      const [key, slow] = [aKey(draw), loads.held([1])];
      const first = begin(other.getOrLoad(key, slow.load, options));
      await slow.entered(first);
      const second = begin(lab.getOrLoad(key, slow.load, options));
      await askedForLock(lab, { redis, draw });
      slow.go();
      await within(
        AGES,
        'A load is over, and a reader of another process still waits',
        Promise.all([first, second]),
      );
    };
    for (const [what, call] of Object.entries({
      misses: misses,
      'loads that fail': fails,
      'waits for another process': waits,
    })) {
      const times = async (n: number) => {
        for (let i = 0; i < n; i++) await begin(call()).catch(() => {});
      };
      await times(2);
      const before = await open();
      await times(CALLS_TO_LEAK);
      const enough = before + CALLS_TO_LEAK / 3;
      await until(async () => (await open()) <= enough, 1_000);
      const after = await open();
      const sentence = `${CALLS_TO_LEAK} ${what} left ${after - before} more connections to Redis open. Whatever you open, close it when the call is over, also where load fails, or keep one for the whole process`;
      expect(after <= enough, sentence).toBe(true);
    }
  },
);

check(
  '06.down.loads',
  'Where Redis does not answer, readers get the value from one load',
  3,
  async (fixtures) => {
    const { lab, tap, loads, draw, expect } = fixtures;
    await plainly(fixtures, 'a Redis that is away');
    await lab.$crash();
    tap.redis.refuse(100_000);
    const value = someListings(draw);
    const before = loads.begun;
    const slow = loads.held(value);
    const all = readers(20, lab, aKey(draw), slow.load, { ttlMs: HOUR, waitMs: WAIT_MS });
    const sentence =
      'Redis was down, and the reader got an error. A cache that fails is a miss: catch what Redis throws, and load';
    const waits =
      'Redis was down, and a reader went on waiting for it, without a load. A cache that fails is a miss: after the first error, load';
    await saying(sentence, settles(waits, slow.entered(Promise.race(all))));
    await until(() => loads.begun - before > 1, A_MOMENT);
    slow.go();
    const errors = await Promise.all(all.map((call) => thrownBy(call)));
    expect(errors.find(Boolean)?.message, sentence).toBe(undefined);
    expect(await Promise.all(all), 'Each reader gets the value').toEqual(Array(20).fill(value));
    const many = `Redis was down, and 20 readers of one key caused ${loads.begun - before} loads: the cache fails and the database with it. One load for all who ask at once needs no Redis`;
    expect(loads.begun - before, many).toBe(1);
  },
);

check(
  '06.down.refuses',
  'Where Redis begins to refuse, who waits for the load of another process loads',
  1,
  async (fixtures) => {
    const { lab, redis, loads, draw, expect } = fixtures;
    await plainly(fixtures, 'a Redis that refuses');
    const other = await lab.$another();
    await waitsForAnother(fixtures, { other, without: 'a Redis that refuses' });
    const [key, value, options] = [aKey(draw), someListings(draw), { ttlMs: HOUR, waitMs: SHORT_WAIT_MS }];
    const slow = loads.held('late');
    const first = begin(other.getOrLoad(key, slow.load, options));
    await slow.entered(first);
    const next = loads.held(value);
    const second = begin(lab.getOrLoad(key, next.load, options));
    await askedForLock(lab, { redis, draw });
    const sentence = `One process was loading and another waited for it; then Redis answered every command with an error, and waitMs (${SHORT_WAIT_MS}) later the one that waits had not begun to load. An error ends the wait: load`;
    await withoutRights(redis, '-@read -@write', async () => {
      await within(AGES, sentence, saying(sentence, next.entered(second)));
      next.go();
      expect(await second, 'Who waited gets what its own load brought').toEqual(value);
      slow.go();
      const unkept = 'Redis refused to keep what a load had brought, and its reader got an error';
      expect((await thrownBy(first))?.message, unkept).toBe(undefined);
    });
  },
);

check(
  '06.down.lost',
  'Where Redis refuses everything, a load that takes too long keeps nobody waiting either',
  1,
  async (fixtures) => {
    const { lab, redis, loads, draw, expect } = fixtures;
    await plainly(fixtures, 'a Redis that refuses');
    let passed = 0;
    const attempt = async (waitMs: number) => {
      const [key, value] = [aKey(draw), someListings(draw)];
      const options = { ttlMs: HOUR, waitMs };
      loads.forget();
      const slow = loads.held('late');
      const begun = performance.now();
      const first = begin(lab.getOrLoad(key, slow.load, options));
      const loadsNot = 'Redis refused every command, and a reader did not load';
      await saying(loadsNot, settles(loadsNot, slow.entered(first)));
      const next = loads.held(value);
      const waiting = begin(lab.getOrLoad(key, next.load, options));
      await untilAt(begun + waitMs + 1);
      passed += waitMs + 1;
      await lab.$setClock(CLOCK_START + passed);
      const sentence = `Redis refused every command, a load took longer than waitMs (${waitMs}), and a reader of the same process went on waiting for it: what ends a wait must not be only a key that expires`;
      await within(AGES, sentence, next.entered(waiting));
      slow.go();
      await within(AGES, 'The late load is over, and its reader still waits', first);
      const third = begin(lab.getOrLoad(key, loads.of(value), options));
      await until(() => loads.begun > 2, A_MOMENT);
      const [, two, more = Number.POSITIVE_INFINITY] = loads.begunAt;
      const looked = performance.now();
      next.go();
      const over = 'The next load is over, and readers still wait';
      const got = await within(AGES, over, Promise.all([waiting, third]));
      const beside = `Redis refused every command, and a lost load ended while the next one was under way; then a reader came, and a third load began beside the second. Who ends takes out of the Map what is its own, and nothing else`;
      const lost = two! + waitMs - CLOCKS_APART;
      if (more < lost) expect(loads.begun, beside).toBe(2);
      if (looked > lost) return false;
      expect(got, 'Both get what the next load brought').toEqual([value, value]);
      return true;
    };
    await withoutRights(redis, '-@read -@write', () => withRealWaits(SHORT_WAIT_MS, attempt));
  },
);

check(
  '06.down.meanwhile',
  'Where Redis goes away while load runs, the value comes all the same',
  2,
  async (fixtures) => {
    const { lab, tap, loads, draw, expect, undisturbed } = fixtures;
    await plainly(fixtures, 'a Redis that goes away');
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
    await lab.$crash(); // with a client that is connected
    tap.redis.refuse(0);
    await undisturbed({ see: '06.fail.shared', without: 'a Redis that goes away' }, async () => {
      const away = Object.assign(new Error('MySQL has gone away'), { name: 'MysqlAway' });
      const failing = lab.getOrLoad(aKey(draw), () => Promise.reject(away), { ttlMs: HOUR });
      expect((await thrownBy(failing))?.name, 'Who loaded gets the error').toBe('MysqlAway');
    });
    const failing = async () => {
      await redisGoesAway(tap);
      throw Object.assign(new Error('MySQL has gone away'), { name: 'MysqlAway' });
    };
    const error = await thrownBy(lab.getOrLoad(aKey(draw), failing, { ttlMs: HOUR }));
    const own =
      'Redis went away while load was running, and then load failed: the reader gets the error of load, not that of Redis, to which the lock could not be given back';
    expect(error?.name ?? 'no error', own).toBe('MysqlAway');
  },
);

check(
  '06.down.full',
  'Where Redis is full and refuses to keep anything, the value comes all the same',
  1,
  async (fixtures) => {
    const { lab, redis, loads, draw, expect } = fixtures;
    await plainly(fixtures, 'a Redis that is full');
    const value = someListings(draw);
    await withConfig(redis, { maxmemory: '1' }, async () => {
      const call = begin(lab.getOrLoad(aKey(draw), loads.of(value), { ttlMs: HOUR }));
      const sentence =
        'Redis was full and refused to write (OOM). The value was loaded all the same: give it to the reader';
      expect((await thrownBy(call))?.message, sentence).toBe(undefined);
      expect(await call, 'The reader gets what load brought').toEqual(value);
    });
  },
);
