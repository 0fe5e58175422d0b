import { isDeepStrictEqual } from 'node:util';
import type { ExpectStatic } from '@vitest/expect';
import type { Redis } from 'ioredis';
import { countOf } from '../kit/base/count-of.ts';
import type { CheckFixtures } from '../kit/judge/definition.ts';
import { shown } from '../kit/judge/explain.ts';
import type { Draw } from '../kit/judge/seed.ts';
import { fieldOf } from '../kit/judge/shapes.ts';
import { thrownBy } from '../kit/judge/thrown-by.ts';
import { withConfig } from '../kit/judge/with-config.ts';
import { checksOf } from '../src/checks.ts';
import type { Invalidation, InvalidationEvent, TaggedEntry } from '../src/contracts/invalidation.ts';
import { listening, subscriber, tagsOfEvent } from './support/listening.ts';
import { newClients } from './support/new-clients.ts';
import { pass } from './support/pass.ts';
import { plantTagged } from './support/plant-tagged.ts';
import { saying } from './support/saying.ts';
import { steppedIn } from './support/stepped-in.ts';
import { until } from './support/until.ts';

const plainCheck = checksOf<Invalidation>('09-invalidation');
type Process = CheckFixtures<Invalidation>['lab'];
type Fixtures = CheckFixtures<Invalidation> & { expect: ExpectStatic };

/** A check after which nobody listens any more: a process that failed is ended. */
function check(id: string, title: string, points: number, body: (fixtures: Fixtures) => Promise<void>): void {
  plainCheck(id, title, points, async (fixtures) => {
    try {
      await body(fixtures);
    } catch (error) {
      await fixtures.lab.$crash();
      throw error;
    }
  });
}

const MINUTE = 60_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** How long a right solution may take to tell what happened, ms; far more than it needs. */
const SOON = 2_000;
/** How long a load may take, ms: a generation that nobody invalidated is still the same then. */
const A_LOAD = 30_000;

/** What Redis takes the time to be, ms since 1970. */
async function redisNow(redis: Redis): Promise<number> {
  const [seconds, micros] = await redis.time();
  return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
}

const someValue = (draw: Draw) => ({
  listings: [
    {
      id: draw.int(1, 9_999),
      resource: draw.pick(['iron ore', 'éclat de "lune"']),
      quantity: draw.int(1, 99),
    },
  ],
});

/** An entry of its own, by default under a tag of its own, for an hour. */
function anEntry(draw: Draw, { tags = [`listings:${draw.int(1, 1e9)}`], ttlMs = HOUR } = {}): TaggedEntry {
  return { key: `market:listings:active:${draw.int(1, 1e9)}`, value: someValue(draw), tags, ttlMs };
}

/** The generation of tags: whatever it is, it is handed back as it came. */
const generationOf = async (lab: Process, tags: string[]) => (await lab.readGeneration(tags)) as string;

/** Reads the generation and keeps, as a reader does whom nobody disturbs. */
async function keep(lab: Process, ...entries: TaggedEntry[]): Promise<unknown[]> {
  return Promise.all(
    entries.map(async (entry) => lab.keepTagged(entry, await generationOf(lab, entry.tags))),
  );
}

const keysOf = (entries: readonly TaggedEntry[]) => entries.map(({ key }) => key);

/** Which of these entries are still there, by key. */
async function kept(redis: Redis, entries: readonly TaggedEntry[]): Promise<string[]> {
  const texts = await redis.mget(keysOf(entries));
  return keysOf(entries).filter((_, i) => texts[i] !== null);
}

/** What became of a value that a reader was to keep. */
const outcomeOf = async (redis: Redis, { key }: TaggedEntry, said: unknown) => ({
  'keepTagged() resolved to': said,
  'under its key': await redis.get(key),
});

/** The same where it was refused, as it was loaded before an invalidation. */
const REFUSED = { 'keepTagged() resolved to': false, 'under its key': null };

/** Every key of Redis but those of values. */
async function helperKeys(redis: Redis, values: readonly TaggedEntry[]): Promise<string[]> {
  const own = new Set(keysOf(values));
  return (await redis.keys('*')).filter((key) => !own.has(key));
}

check(
  '09.keep.kept',
  'keepTagged() keeps a value under its key as JSON and says so',
  2,
  async ({ lab, redis, draw, expect }) => {
    for (const value of [someValue(draw), [], 0, '', false, null, `"${draw.int(1, 9)}`]) {
      const entry = { ...anEntry(draw), value };
      const [said] = await keep(lab, entry);
      const keeps = `Nothing was invalidated while ${JSON.stringify(value)} was loaded, and keepTagged() resolved to ${shown(said)}: it keeps that, as any value, and resolves to true`;
      expect(said, keeps).toBe(true);
      const text = (await redis.get(entry.key)) ?? '(no key)';
      expect(text, `The value belongs under ${entry.key}, as JSON.stringify gives it`).toBe(
        JSON.stringify(value),
      );
    }
  },
);

check(
  '09.keep.ttl',
  'keepTagged() keeps a value for ttlMs, and not for ever',
  1,
  async ({ lab, redis, draw, expect }) => {
    for (const ttlMs of [HOUR, 90_501, 20_999]) {
      const entry = anEntry(draw, { ttlMs });
      const before = await redisNow(redis);
      await keep(lab, entry);
      const after = await redisNow(redis);
      const end = Number(await redis.call('PEXPIRETIME', entry.key));
      const lives = end < 0 ? `PTTL says ${end} (-1: for ever, -2: no key)` : `it got ${end - before}`;
      const sentence = `With ttlMs ${ttlMs} the key should have that many milliseconds to live, and ${lives}. Too short and it is loaded too often; without an end, an invalidation that is lost would never be made good`;
      expect(end - ttlMs >= before && end - ttlMs <= after, sentence).toBe(true);
    }
  },
);

check(
  '09.generation.same',
  'readGeneration() gives all readers the same text until a tag is invalidated',
  1,
  async ({ lab, redis, draw, expect }) => {
    const { tags } = anEntry(draw, {
      tags: [`listings:${draw.int(1, 1e9)}`, `inventory:${draw.int(1, 1e9)}`],
    });
    const [first, second] = [await lab.readGeneration(tags), await lab.readGeneration(tags)];
    expect(second, 'Nothing was invalidated between two readers: both must be told the same generation').toBe(
      first,
    );
    await lab.invalidateTags([`listings:${draw.int(2e9, 3e9)}`]);
    const others =
      'Another tag was invalidated, and the generation of these two must stay the same. With one for all tags nobody keeps anything on a busy market';
    expect(await lab.readGeneration(tags), others).toBe(first);
    await pass(redis, A_LOAD);
    expect(
      await lab.readGeneration(tags),
      'Half a minute went by, as long as a slow load takes, and nothing was invalidated: it must still be the same generation',
    ).toBe(first);
    for (const tag of tags) {
      const before = await lab.readGeneration(tags);
      await lab.invalidateTags([tag]);
      expect(
        await lab.readGeneration(tags),
        `One of the tags was invalidated, ${tag}: a new generation begins`,
      ).not.toBe(before);
    }
  },
);

check(
  '09.generation.trip',
  'readGeneration() takes one round trip',
  1,
  async ({ lab, tap, draw, expect }) => {
    const tags = Array.from({ length: 120 }, () => `listings:${draw.int(1, 1e9)}`);
    const before = await lab.readGeneration(tags);
    expect(typeof before, 'A generation is a text').toBe('string');
    await lab.invalidateTags(tags);
    tap.redis.holdMs = 5;
    for (const when of ['after an invalidation', 'again']) {
      tap.meter.reset();
      await lab.readGeneration(tags);
      const { trips } = tap.meter;
      const sentence = `${tags.length} tags were asked for ${when}, in ${trips} trips. Every miss pays them: ask for all at once (MGET, MULTI, a script)`;
      expect(trips, sentence).toBeLessThanOrEqual(1);
    }
  },
);

check(
  '09.tags.exact',
  'invalidateTags() deletes what was kept under one of the tags, and nothing else',
  3,
  async ({ lab, redis, draw, expect }) => {
    const n = draw.int(1, 9);
    const [both, first, second] = [
      [`listings:${n}`, 'listings'],
      [`listings:${n}`],
      [`inventory:${n}`, 'players'],
    ].map((tags) => anEntry(draw, { tags })) as [TaggedEntry, TaggedEntry, TaggedEntry];
    const stay = [
      [`listings:${n}0`, 'listings'],
      ['listings'],
      [`inventory:1${n}`, 'players'],
      [`x:listings:${n}`],
      [`listings:*`, `listings:[${n}]`, 'listings:?'],
      [`LISTINGS:${n}`, `listings:${n} `, `listings:${n},1`, `l\u0169stings:${n}`],
    ].map((tags) => anEntry(draw, { tags }));
    const foreign = `market:listings:active:${n}`;
    await redis.set(foreign, 'of somebody else');
    await keep(lab, both, first, second, ...stay);
    await lab.invalidateTags([`listings:${n}`, `inventory:${n}`]);
    const left = await kept(redis, [both, first, second]);
    expect(left, `These were kept under listings:${n} or inventory:${n}, and are still there`).toEqual([]);
    expect(
      await kept(redis, stay),
      `listings:${n} and inventory:${n} were invalidated. What was kept under listings, listings:${n}0, inventory:1${n}, x:listings:${n}, listings:*, LISTINGS:${n} or "listings:${n},1" must stay: tags that differ in anything are two`,
    ).toEqual(keysOf(stay));
    expect(await redis.get(foreign), `${foreign} was never kept under a tag: it must stay`).toBe(
      'of somebody else',
    );
    await namesApart({ lab, redis, draw, expect });
  },
);

/** A value under the name of its tag, and tags that would have the same notes as another one if names were put together carelessly. */
async function namesApart({ lab, redis, draw, expect }: Pick<Fixtures, 'lab' | 'redis' | 'draw' | 'expect'>) {
  const same = { ...anEntry(draw, { tags: ['leaderboard'] }), key: 'leaderboard' };
  const both =
    'A value has the key leaderboard and the tag leaderboard: it is kept, and it goes with its tag. What you note of a tag needs a name of its own: tag:leaderboard';
  await saying(both, keep(lab, same));
  expect(await redis.get(same.key), both).toBe(JSON.stringify(same.value));
  expect(await saying(both, lab.invalidateTags(same.tags)), both).toBe(1);
  await redis.flushdb();
  const entry = anEntry(draw);
  const tag = entry.tags[0]!;
  await keep(lab, entry);
  const names = await helperKeys(redis, [entry]);
  for (const other of lookalikes(names, tag)) {
    const sentence = `Values were kept under the tags ${tag} and ${other}, and the second was invalidated. These are two tags, and your names for what you note of them are the same: put what varies last, as in tag:keys:${tag}`;
    const another = anEntry(draw, { tags: [other] });
    expect(await saying(sentence, keep(lab, entry, another)), sentence).toEqual([true, true]);
    await saying(sentence, lab.invalidateTags([other]));
    expect(await kept(redis, [entry, another]), sentence).toEqual([entry.key]);
  }
}

/** Tags with one of whose notes a note of `tag` would be the same: of `note:a` and `note:a:keys` it is `a:keys`. */
function lookalikes(notes: readonly string[], tag: string): string[] {
  const around = notes.flatMap((note) => {
    const at = note.indexOf(tag);
    return at < 0 ? [] : [[note.slice(0, at), note.slice(at + tag.length)] as const];
  });
  const tags = notes.flatMap((note) =>
    around
      .filter(([before, after]) => note.startsWith(before) && note.endsWith(after))
      .map(([before, after]) => note.slice(before.length, note.length - after.length)),
  );
  return [...new Set(tags)].filter((other) => other !== '' && other !== tag);
}

check(
  '09.tags.count',
  'invalidateTags() resolves to how many values it really deleted',
  2,
  async ({ lab, redis, draw, expect }) => {
    const [a, b] = [`listings:${draw.int(1, 1e9)}`, `inventory:${draw.int(1, 1e9)}`];
    const under = (...tags: string[]) => anEntry(draw, { tags });
    const gone = under(a);
    await keep(lab, under(a, b), under(a), under(b), gone);
    await redis.del(gone.key);
    const said = [await lab.invalidateTags([a, b, a]), await lab.invalidateTags([a, b])];
    expect(
      said,
      'Four were kept, one of them had expired, and one stood under both tags: 3, and a second time 0. Add up what UNLINK or DEL of each value says; your own bookkeeping is no value',
    ).toEqual([3, 0]);
  },
);

check(
  '09.tags.nothing',
  'invalidateTags() of what is not there is 0 and no error',
  1,
  async ({ lab, redis, tap, draw, expect }) => {
    const entry = anEntry(draw);
    await keep(lab, entry);
    const said: unknown[] = [];
    for (const tags of [[`recipes:${draw.int(1, 1e9)}`], ['never', 'seen'], []]) {
      const error = await thrownBy(lab.invalidateTags(tags).then((count) => said.push(count)));
      const sentence = `invalidateTags(${JSON.stringify(tags)}) threw. Nothing was kept under these tags: that is 0, and no error`;
      expect(error?.message, sentence).toBeUndefined();
    }
    expect(said, 'Nothing was kept under these tags: nothing was deleted').toEqual([0, 0, 0]);
    tap.meter.reset();
    await lab.invalidateTags([]);
    const { commands } = tap.meter;
    const none = `invalidateTags([]) sent Redis ${countOf(commands, 'command')}: for no tags it does nothing at all, and tells nobody`;
    expect(commands === 0, none).toBe(true);
    expect(await kept(redis, [entry]), 'What is kept under another tag stays').toEqual([entry.key]);
  },
);

check(
  '09.tags.whole',
  'invalidateTags() and invalidateSale() are one step: no reader sees half of it',
  3,
  async ({ lab, redis, tap, draw, undisturbed, expect }) => {
    const sale = aSale(draw);
    const tags = tagsOf(sale);
    const entries = tags.flatMap((tag) => [anEntry(draw, { tags: [tag] }), anEntry(draw, { tags: [tag] })]);
    const prepare = () => keep(lab, ...entries);
    await undisturbed({ see: '09.tags.exact', without: 'a reader between two commands' }, async () => {
      expect(await prepare(), 'Ten values are kept: nobody disturbs').toEqual(entries.map(() => true));
      await lab.invalidateTags(tags);
      expect(await kept(redis, entries), 'These were kept under the five tags, and are still there').toEqual(
        [],
      );
    });
    await undisturbed({ see: '09.sale.exact', without: 'a reader between two commands' }, async () => {
      await prepare();
      await lab.invalidateSale(sale);
      const there = 'These were kept under the five tags of a sale, and are still there';
      expect(await kept(redis, entries), there).toEqual([]);
    });
    const step = () => kept(redis, entries);
    for (const call of [() => lab.invalidateTags(tags), () => lab.invalidateSale(sale)]) {
      for await (const { commands, stepped: left } of steppedIn(tap, { prepare, call, step })) {
        const sentence = `A reader came after command ${commands} and found ${left.length} of ${entries.length} values still there: some old, some gone, and a page that shows both. One MULTI or one script deletes them all`;
        expect(left.length === 0 || left.length === entries.length, sentence).toBe(true);
      }
    }
  },
);

check(
  '09.tags.cost',
  'What tags cost does not grow with the other keys of the database',
  3,
  async ({ lab, redis, tap, draw, expect }) => {
    const others = Array.from({ length: 10_000 }, (_, i) => [`session:${i}`, '1']).flat();
    await redis.mset(others);
    const tag = `listings:${draw.int(1, 1e9)}`;
    const entries = Array.from({ length: 30 }, () => anEntry(draw, { tags: [tag] }));
    const looks = async () => {
      const stats = await redis.info('commandstats');
      const calls = (name: string) =>
        Number(new RegExp(`^cmdstat_${name}:calls=(\\d+)`, 'm').exec(stats)?.[1] ?? 0);
      return { KEYS: calls('keys'), SCAN: calls('scan') };
    };
    const before = await looks();
    await keep(lab, ...entries);
    await lab.invalidateTags([`listings:${draw.int(2e9, 3e9)}`]);
    tap.redis.holdMs = 5;
    tap.meter.reset();
    expect(await lab.invalidateTags([tag]), '30 values were kept under one tag').toBe(30);
    const { trips } = tap.meter;
    const after = await looks();
    expect(
      { KEYS: after.KEYS - before.KEYS, SCAN: after.SCAN - before.SCAN },
      '30 keys were to go, and all 10,030 keys of the database were looked at for it, while everybody else waited (commandstats of Redis). Note the keys of a tag when you keep them',
    ).toEqual({ KEYS: 0, SCAN: 0 });
    const sentence = `Deleting 30 keys of one tag took ${trips} trips. One key at a time is one trip each: delete them together`;
    expect(trips, sentence).toBeLessThanOrEqual(6);
  },
);

/** More values than Lua's `unpack` hands to one command: it ends at some 8,000. */
const VERY_MANY = 9_000;

check(
  '09.tags.many',
  'invalidateTags() deletes nine thousand values of one tag as it deletes one',
  2,
  async ({ lab, redis, draw, undisturbed, expect }) => {
    const entry = anEntry(draw);
    await undisturbed({ see: '09.tags.count', without: 'so many values' }, async () => {
      await keep(lab, entry);
      expect(await lab.invalidateTags(entry.tags), 'One value was kept under the tag').toBe(1);
    });
    await keep(lab, entry);
    const notes = await helperKeys(redis, [entry]);
    const planted = await plantTagged(redis, { key: entry.key, notes, count: VERY_MANY - 1 });
    // What is noted as text of the submission's own can only be kept one by one: fewer, in the time that there is.
    const keys = planted ?? (await keepMany(lab, entry, 500));
    const error = await thrownBy(lab.invalidateTags(entry.tags));
    const left = await redis.exists(keys);
    const how = error ? `failed (${error.message})` : `left ${left} of them`;
    const sentence = `${keys.length} values stood under one tag, and invalidateTags() ${how}. A command takes some 8,000 arguments of a script, no more: delete in slices, or one by one inside the script`;
    expect(error === undefined && left === 0, sentence).toBe(true);
  },
);

/** Keeps as many values under the tags of one, and gives their keys. */
async function keepMany(lab: Process, entry: TaggedEntry, count: number): Promise<string[]> {
  const generation = await generationOf(lab, entry.tags);
  const entries = Array.from({ length: count }, (_, i) => ({ ...entry, key: `${entry.key}-${i}` }));
  for (let i = 0; i < count; i += 50)
    await Promise.all(entries.slice(i, i + 50).map((one) => lab.keepTagged(one, generation)));
  return keysOf(entries);
}

check('09.tags.expire', 'Whatever is noted of a tag has an end', 2, async ({ lab, redis, draw, expect }) => {
  const entries = [anEntry(draw), anEntry(draw, { tags: ['leaderboard', `listings:${draw.int(1, 1e9)}`] })];
  expect(await keep(lab, ...entries), 'Both are kept: nothing was invalidated').toEqual([true, true]);
  await lab.invalidateTags(entries[0]!.tags);
  await lab.invalidateTags([`inventory:${draw.int(1, 1e9)}`]);
  await lab.readGeneration([`recipes:${draw.int(1, 1e9)}`]);
  const endless = [];
  for (const key of await helperKeys(redis, entries)) if ((await redis.ttl(key)) === -1) endless.push(key);
  const sentence =
    'These keys of your own stay for ever: one or two for each resource and player that ever was, until Redis is full. Give them a time to live as well';
  expect(endless, sentence).toEqual([]);
});

check(
  '09.tags.longest',
  'What is noted of a tag lives as long as the longest value under it',
  2,
  async ({ lab, redis, draw, expect }) => {
    const LONG = DAY + HOUR;
    for (const order of [
      [LONG, MINUTE],
      [MINUTE, LONG],
    ]) {
      const tags = [`listings:${draw.int(1, 1e9)}`];
      const entries = order.map((ttlMs) => anEntry(draw, { tags, ttlMs }));
      for (const entry of entries)
        expect(await keep(lab, entry), 'Nothing was invalidated: both are kept').toEqual([true]);
      await pass(redis, DAY);
      const long = entries.filter(({ ttlMs }) => ttlMs === LONG);
      await lab.invalidateTags(tags);
      const sentence = `Two values were kept under one tag, for ${order.map((ms) => (ms === LONG ? '25 hours' : 'a minute')).join(', then ')}. A day later the tag was invalidated, and it had forgotten the long one: what you note of a tag must not end before its last value`;
      expect(await kept(redis, long), sentence).toEqual([]);
    }
  },
);

check(
  '09.tags.bounded',
  'A tag that is used for ever does not remember values that have expired',
  2,
  async ({ lab, redis, draw, expect }) => {
    const tags = [`listings:${draw.int(1, 1e9)}`];
    const first = anEntry(draw, { tags });
    await keep(lab, first);
    // Kept for half a second, and at once for an hour: its first end is no end any more.
    const again = anEntry(draw, { tags });
    const [, witness] = [again, anEntry(draw, { tags })].map((entry) => ({ ...entry, ttlMs: 500 }));
    await keep(lab, { ...again, ttlMs: 500 });
    await keep(lab, again, witness!);
    const short = Array.from({ length: 150 }, () => anEntry(draw, { tags, ttlMs: 1 }));
    const generation = await generationOf(lab, tags);
    for (let i = 0; i < short.length; i += 10) {
      await Promise.all(short.slice(i, i + 10).map((entry) => lab.keepTagged(entry, generation)));
    }
    const over = keysOf([...short, witness!]);
    expect(
      await until(async () => (await redis.exists(over)) === 0, SOON),
      'ttlMs 1 is over at once, and 500 in half a second',
    ).toBe(true);
    // Whoever clears up only now and then does so at one of these.
    for (let i = 0; i < 20; i++) await lab.keepTagged(anEntry(draw, { tags, ttlMs: 1 }), generation);
    const last = anEntry(draw, { tags });
    let bytes = 0;
    const bounded = async () => {
      await keep(lab, last);
      bytes = 0;
      for (const key of await helperKeys(redis, [first, again, last])) {
        bytes += Number(await redis.call('MEMORY', 'USAGE', key, 'SAMPLES', '0'));
      }
      return bytes < 6_000;
    };
    // Who counts in seconds needs some.
    await until(bounded, 3_000);
    const sentence = `171 values under one tag have expired, 3 are left, and what is noted of the tag takes ${bytes} bytes, more than 6,000. While somebody keeps something every minute, the tag itself never expires: take expired names out when you add one (a sorted set by time can do that)`;
    expect(bytes < 6_000, sentence).toBe(true);
    const live =
      'Three values under one tag live: one kept before the others, one kept for half a second and at once again for an hour, and one kept last. All three are deleted with the tag. Where a value is kept again, note its new end';
    expect(
      { deleted: await lab.invalidateTags(tags), left: await kept(redis, [first, again, last]) },
      live,
    ).toEqual({
      deleted: 3,
      left: [],
    });
  },
);

/** The tags of a sale, as the contract names them. */
function tagsOf({ resourceId, sellerId, buyerId }: ReturnType<typeof aSale>): string[] {
  const inventories = [`inventory:${sellerId}`, `inventory:${buyerId}`];
  return [`listings:${resourceId}`, 'listings:all', ...inventories, 'leaderboard'];
}

function aSale(draw: Draw) {
  const buyerId = draw.int(1, 8);
  // Never ten times a buyer: ids that only look alike belong to others.
  return { resourceId: draw.int(1, 9), buyerId, sellerId: 10 * draw.int(2, 6) + buyerId };
}

check(
  '09.sale.exact',
  'invalidateSale() deletes what the sale changed: its listings, the list of all, both inventories, the leaderboard',
  3,
  async ({ lab, redis, draw, expect }) => {
    const { resourceId, buyerId, sellerId, ...sale } = aSale(draw);
    const of = (key: string, ...tags: string[]): TaggedEntry => ({
      key,
      value: someValue(draw),
      tags,
      ttlMs: HOUR,
    });
    const listings = (id: number | string, status = 'active') =>
      of(`market:listings:${status}:${id}`, `listings:${id}`, 'listings');
    const inventory = (id: number) => of(`inventory:user:${id}`, `inventory:${id}`);
    const go = [
      ...[listings(resourceId), listings(resourceId, 'sold'), listings('all')],
      ...[inventory(buyerId), inventory(sellerId)],
      ...[100, draw.int(1, 99)].map((limit) => of(`leaderboard:${limit}`, 'leaderboard')),
    ];
    const stay = [
      ...[listings(resourceId + 1), listings(resourceId * 10), listings(`${resourceId}${resourceId}`)],
      ...[inventory(buyerId * 10), inventory(sellerId + 1), inventory(100 + sellerId)],
      ...[of('env:current', 'environment'), of(`recipes:user:${buyerId}:3`, `recipes:${buyerId}`)],
    ];
    await keep(lab, ...go, ...stay);
    const said = await lab.invalidateSale({ ...sale, resourceId, buyerId, sellerId });
    const about = `Player ${buyerId} bought resource ${resourceId} of player ${sellerId}`;
    expect(await kept(redis, go), `${about}: these are out of date, and still there`).toEqual([]);
    expect(await kept(redis, stay), `${about}: nothing else changed, the rest must stay`).toEqual(
      keysOf(stay),
    );
    expect(said, `${about}: it resolves to how many values were deleted`).toBe(go.length);
  },
);

check(
  '09.sale.told',
  'invalidateSale() tells every process which tags it invalidated, once, when they are gone',
  2,
  async ({ lab, redis, draw, expect }) => {
    const sale = aSale(draw);
    const entries = tagsOf(sale).map((tag) => anEntry(draw, { tags: [tag] }));
    await keep(lab, ...entries);
    const heard = await subscriber(redis, () => kept(redis, entries));
    try {
      await lab.invalidateSale(sale);
      await until(() => heard.messages.length > 0, SOON);
    } finally {
      await heard.close();
    }
    const lists = heard.messages.map(({ text }) => ascending(tagsIn(text)));
    expect(
      lists,
      'invalidateSale() tells one message on market:invalidated: a JSON list of the five tags, whatever was deleted of them',
    ).toEqual([tagsOf(sale).sort()]);
    const sentence =
      'When the message came, a process that read at once would have found old values: tell after the deletion, or in the same step';
    expect(heard.messages[0]?.looked, sentence).toEqual([]);
  },
);

check(
  '09.tags.told',
  'invalidateTags() tells its tags in the same step, also where nothing was deleted',
  2,
  async ({ lab, redis, tap, draw, expect }) => {
    const tags = [`recipes:${draw.int(1, 1e9)}`, `it"em,s:${draw.int(1, 9)}`];
    const heard = await subscriber(redis, async () => []);
    try {
      await lab.invalidateTags(tags);
      await until(() => heard.messages.length > 0, SOON);
    } finally {
      await heard.close();
    }
    expect(
      heard.messages.map(({ text }) => tagsIn(text)),
      'Redis held nothing under these tags, and another process may hold a copy all the same: one message, the tags as a JSON list',
    ).toEqual([tags]);
    const entry = anEntry(draw, { tags });
    const between = await subscriber(redis, async () => []);
    const prepare = () => keep(lab, entry);
    const call = () => lab.invalidateTags(tags);
    let before = between.messages.length;
    const step = async () => {
      const there = (await kept(redis, [entry])).length > 0;
      await between.heard();
      return { there, told: between.messages.length > before };
    };
    try {
      for await (const { commands, stepped } of steppedIn(tap, { prepare, call, step })) {
        const what = stepped.there ? 'had told and not deleted' : 'had deleted and not told';
        const sentence = `After command ${commands} invalidateTags() ${what}: a process that is killed there leaves others with old copies, or tells of what is not so. Publish in the same script or MULTI that deletes`;
        expect(stepped.told === !stepped.there, sentence).toBe(true);
        await between.heard();
        before = between.messages.length;
      }
    } finally {
      await between.close();
    }
  },
);

/** A list of tags in the order of their texts; as it is where there is anything else in it. */
function ascending(tags: readonly unknown[]): readonly unknown[] {
  return tags.every((tag) => typeof tag === 'string') ? tags.toSorted() : tags;
}

/** A message as a list; what is none is shown as it is. */
function tagsIn(text: string): unknown[] {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list : [text];
  } catch {
    return [text];
  }
}

check(
  '09.race.stale',
  'keepTagged() keeps nothing that was loaded before an invalidation',
  4,
  async ({ lab, redis, draw, expect }) => {
    for (const rounds of [1, 2]) {
      const entry = anEntry(draw);
      await keep(lab, { ...entry, value: 'older' });
      const before = await generationOf(lab, entry.tags);
      for (let i = 0; i < rounds; i++) await lab.invalidateTags(entry.tags);
      const said = await lab.keepTagged({ ...entry, value: 'stale' }, before);
      const stale = `A reader loaded, a sale invalidated${rounds > 1 ? ' twice' : ''}, and only then the reader kept what it had: for ${HOUR / MINUTE} minutes everybody would see it. Compare the generation with the one from before the load`;
      expect(await outcomeOf(redis, entry, said), stale).toEqual(REFUSED);
      expect(
        await keep(lab, { ...entry, value: 'new' }),
        'Who loads after the invalidation may keep',
      ).toEqual([true]);
      await lab.keepTagged({ ...entry, value: 'stale' }, before);
      expect(
        await redis.get(entry.key),
        'The new value was there, and the late reader wrote the old one over it',
      ).toBe('"new"');
    }
  },
);

check(
  '09.race.sale',
  'A sale makes every load worthless that began before it',
  2,
  async ({ lab, redis, draw, expect }) => {
    const sale = aSale(draw);
    const entries = tagsOf(sale).map((tag) => anEntry(draw, { tags: [tag] }));
    const generations = await Promise.all(entries.map(({ tags }) => generationOf(lab, tags)));
    await lab.invalidateSale(sale);
    const said = await Promise.all(entries.map((entry, i) => lab.keepTagged(entry, generations[i]!)));
    const sentence = `Under ${tagsOf(sale).join(', ')} nothing was kept when the sale came, and five readers were on their way: each brings what was true before the sale`;
    const became = { 'keepTagged() resolved to': said, 'then in Redis': await kept(redis, entries) };
    expect(became, sentence).toEqual({
      'keepTagged() resolved to': said.map(() => false),
      'then in Redis': [],
    });
  },
);

check(
  '09.race.several',
  'One invalidated tag of several is enough',
  2,
  async ({ lab, redis, draw, expect }) => {
    const tags = ['listings', `listings:${draw.int(1, 1e9)}`, `inventory:${draw.int(1, 1e9)}`];
    for (const [i, tag] of tags.entries()) {
      const entry = anEntry(draw, { tags });
      const before = await generationOf(lab, tags);
      await lab.invalidateTags([tag]);
      const said = await lab.keepTagged(entry, before);
      const sentence = `The value has three tags, and number ${i + 1} of them (${tag}) was invalidated while it was loaded. One is enough: it is out of date`;
      expect(await outcomeOf(redis, entry, said), sentence).toEqual(REFUSED);
    }
    const [one, two] = [`listings:${draw.int(1, 1e9)}`, `inventory:${draw.int(1, 1e9)}`];
    const there = anEntry(draw);
    await keep(lab, there);
    const before = await generationOf(lab, [one, two]);
    await lab.invalidateTags([two]);
    await lab.keepTagged({ ...there, tags: [one, two] }, before);
    const deleted = await lab.invalidateTags([one]);
    const sentence = `${there.key} was kept under another tag. A late reader tried to keep it under ${one} and ${two} and was refused, as ${two} was invalidated; then ${one} was invalidated. Where a value is refused nothing changes: note its tags only where it is kept`;
    const became = { 'invalidateTags() resolved to': deleted, 'then in Redis': await kept(redis, [there]) };
    expect(became, sentence).toEqual({ 'invalidateTags() resolved to': 0, 'then in Redis': [there.key] });
  },
);

check(
  '09.race.others',
  'An invalidation of other tags does not hinder a reader',
  2,
  async ({ lab, draw, expect }) => {
    const n = draw.int(1, 9);
    const entry = anEntry(draw, { tags: [`listings:${n}`] });
    await keep(lab, { ...entry, key: `${entry.key}:other` });
    const before = await generationOf(lab, entry.tags);
    await lab.invalidateTags([`listings:${n}0`, 'listings', `inventory:${n}`]);
    await lab.invalidateSale({ resourceId: n + 1, buyerId: n, sellerId: n + 10 });
    expect(
      await lab.keepTagged(entry, before),
      `Only other tags than listings:${n} were invalidated. With one number for all tags, a busy market keeps nothing`,
    ).toBe(true);
  },
);

check(
  '09.race.lost',
  'When Redis has lost what it knew of a tag, nothing is kept',
  3,
  async ({ lab, redis, draw, expect }) => {
    const lose = async (entry: TaggedEntry) => {
      const names = await helperKeys(redis, [entry]);
      if (names.length > 0) await redis.del(names);
    };
    const ways: [string, (entry: TaggedEntry) => Promise<unknown>][] = [
      ['Redis was emptied', () => redis.flushdb()],
      [
        'a sale invalidated and then Redis was emptied',
        (e) => lab.invalidateTags(e.tags).then(() => redis.flushdb()),
      ],
      [
        'a sale invalidated and then the keys of the tags were evicted',
        (e) => lab.invalidateTags(e.tags).then(() => lose(e)),
      ],
      [
        'Redis was emptied, and another reader came',
        () => redis.flushdb().then(() => keep(lab, { ...anEntry(draw), tags: ['listings'] })),
      ],
    ];
    for (const [what, happens] of ways) {
      for (const isNew of [true, false]) {
        const entry = anEntry(draw, { tags: ['listings'] });
        await redis.flushdb();
        if (!isNew) await keep(lab, { ...entry, key: `${entry.key}:other` });
        const before = await generationOf(lab, entry.tags);
        await happens(entry);
        const said = await lab.keepTagged(entry, before);
        const sentence = `While a reader loaded, ${what}. Nobody knows any more what was invalidated, so nothing may be kept: a missing number is not 0, and a counter that begins again comes to the same numbers again`;
        expect(await outcomeOf(redis, entry, said), sentence).toEqual(REFUSED);
      }
    }
    for (const twice of [true, false]) {
      for (let i = 0, names = ['']; i < names.length; i++) {
        const entry = anEntry(draw);
        await lab.invalidateTags(entry.tags);
        await keep(lab, { ...entry, key: `${entry.key}:other` });
        const before = await generationOf(lab, entry.tags);
        if (twice) await lab.invalidateTags(entry.tags);
        names = (await helperKeys(redis, [{ ...entry, key: `${entry.key}:other` }])).sort();
        const name = names[i];
        if (name === undefined) break;
        await redis.del(name);
        await lab.invalidateTags(entry.tags);
        const said = await lab.keepTagged(entry, before);
        const sentence = `While a reader loaded, Redis evicted one key, ${name}, and the tag was invalidated${twice ? ' before and after that' : ''}. The generation of before must not come back: a counter that begins again comes to the same numbers`;
        expect(await outcomeOf(redis, entry, said), sentence).toEqual(REFUSED);
        await redis.flushdb();
      }
    }
    const [again] = await keep(lab, anEntry(draw));
    expect(again, 'A reader that begins after the loss keeps as always').toBe(true);
  },
);

check(
  '09.race.processes',
  'An invalidation in one process reaches a load in another',
  3,
  async ({ lab, redis, draw, expect }) => {
    const other = await lab.$another();
    const [entry, there] = [anEntry(draw), anEntry(draw)];
    await keep(lab, there);
    const before = await generationOf(lab, entry.tags);
    const deleted = await other.invalidateTags([...entry.tags, ...there.tags]);
    expect(deleted, 'One process kept a value, another invalidated its tag').toBe(1);
    const said = await lab.keepTagged(entry, before);
    const sentence =
      'One process loaded, another invalidated, and the first kept what it had. What a process remembers, no other knows: the generation belongs into Redis';
    expect(await outcomeOf(redis, entry, said), sentence).toEqual(REFUSED);
  },
);

check(
  '09.race.keeping',
  'keepTagged() looks and keeps in one step',
  3,
  async ({ lab, redis, tap, draw, undisturbed, expect }) => {
    const other = await lab.$another();
    let entries: TaggedEntry[] = [];
    let generations: string[] = [];
    const prepare = async () => {
      entries = [anEntry(draw), anEntry(draw)];
      const others = entries.map((entry) => ({ ...entry, key: `${entry.key}:other` }));
      const plain =
        'Two readers kept two values at once, and nobody invalidated anything: both are kept, and keepTagged() resolves to true for both. Perhaps a WATCH of one ended with the EXEC of the other, as they share a connection';
      expect(await keep(lab, ...others), plain).toEqual([true, true]);
      generations = await Promise.all(entries.map(({ tags }) => generationOf(lab, tags)));
    };
    const call = () => Promise.all(entries.map((entry, i) => lab.keepTagged(entry, generations[i]!)));
    const step = () => other.invalidateTags(entries.flatMap(({ tags }) => tags));
    await undisturbed(
      { see: '09.race.stale', without: 'a second process between two commands' },
      async () => {
        await prepare();
        await step();
        await call();
        const late = 'Both tags were invalidated before two readers kept, and an old value was kept';
        expect(await kept(redis, entries), late).toEqual([]);
      },
    );
    for await (const { commands } of steppedIn(tap, { prepare, call, step })) {
      const sentence = `Two readers kept at once, and after ${countOf(commands, 'command')} of theirs another process invalidated both tags. Afterwards an old value was there. Between a look and a SET everything may happen: one script, or WATCH on a connection of its own`;
      expect(await kept(redis, entries), sentence).toEqual([]);
    }
  },
);

check(
  '09.race.invalidating',
  'invalidateTags() misses nothing that is kept while it runs',
  3,
  async ({ lab, redis, tap, draw, undisturbed, expect }) => {
    const other = await lab.$another();
    let entries: TaggedEntry[] = [];
    let generation = '';
    const prepare = async () => {
      const tags = [`listings:${draw.int(1, 1e9)}`];
      entries = Array.from({ length: 3 }, () => anEntry(draw, { tags }));
      const plain =
        'Two values were kept at once, and nobody invalidated anything: keepTagged() resolves to true for both';
      expect(await keep(other, entries[0]!, entries[1]!), plain).toEqual([true, true]);
      generation = await generationOf(other, tags);
    };
    const call = () => lab.invalidateTags(entries[0]!.tags);
    const step = () => other.keepTagged(entries[2]!, generation);
    await undisturbed({ see: '09.tags.exact', without: 'a reader that keeps meanwhile' }, async () => {
      await prepare();
      await step();
      await call();
      expect(await kept(redis, entries), 'Three were kept under one tag, and it was invalidated').toEqual([]);
    });
    for await (const { commands } of steppedIn(tap, { prepare, call, step })) {
      const sentence = `After ${countOf(commands, 'command')} of the invalidation another process kept what it had loaded before it. It came first and is to be deleted, or it came later and is to be refused: it was still there. Read the list of keys, delete them and begin the new generation in one step`;
      expect(await kept(redis, entries), sentence).toEqual([]);
    }
  },
);

check(
  '09.listen.processes',
  'listen() hears an invalidation in every process that listens',
  3,
  async ({ lab, redis, draw, expect }) => {
    const other = await lab.$another();
    const sale = aSale(draw);
    await keep(lab, anEntry(draw, { tags: ['leaderboard'] })); // whoever tells of deletions alone fails another check
    const listeners = [await listening(lab), await listening(other)];
    await lab.invalidateSale(sale);
    await redis.publish('market:invalidated', '["by hand"]');
    for (const { told } of listeners) await until(() => told.length >= 2, SOON);
    for (const { stop } of listeners) await stop();
    const heard = listeners.map(({ told }) =>
      told.map((event) => ('tags' in Object(event) ? ascending(tagsOfEvent(event)) : event)),
    );
    const wanted = [tagsOf(sale).sort(), ['by hand']];
    expect(
      heard,
      'Two processes listened, one of them made a sale, then somebody published ["by hand"]: both hear both, once each',
    ).toEqual([wanted, wanted]);
  },
);

check(
  '09.listen.begins',
  'listen() calls during() once, and only when nothing can be missed any more',
  2,
  async ({ lab, redis, tap, draw, expect }) => {
    tap.redis.latencyMs = 10;
    const key = `inventory:user:${draw.int(1, 1e9)}`;
    const listener = await listening(lab, {
      first: async () => {
        await redis.publish('market:invalidated', '["at once"]');
        await expireKey(redis, key);
      },
    });
    await until(() => listener.told.length > 1, SOON);
    await listener.stop();
    const tags = listener.told.filter((event) => tagsOfEvent(event).length > 0);
    const sentence =
      'A message was sent in the very moment in which during() was called, and it was not told: await the subscription before you call it';
    expect(tags, sentence).toEqual([{ tags: ['at once'] }]);
    const expired = listener.told.filter((event) => fieldOf(event, 'expired') !== undefined);
    const both = `${key} expired in the very moment in which during() was called, and it was not told: await the subscription to expiries as well before you call it`;
    expect(expired, both).toEqual([{ expired: key }]);
    const begun = `during() was called ${countOf(listener.begun, 'time')}: it is called once, when the subscriptions stand`;
    expect(listener.begun === 1, begun).toBe(true);
  },
);

/** Lets a key expire: Redis says so in the moment in which somebody looks for it. */
async function expireKey(redis: Redis, key: string): Promise<void> {
  await redis.set(key, '1', 'PX', 1);
  await until(async () => (await redis.get(key)) === null, SOON);
}

check(
  '09.listen.expired',
  'listen() tells of each key that expires in its database',
  2,
  async ({ lab, redis, draw, expect }) => {
    const key = `inventory:user:${draw.int(1, 1e9)}`;
    const elsewhere = redis.duplicate({ db: 1 });
    const listener = await listening(lab);
    try {
      // This Redis tells of all that happens to keys, as others may need that.
      await withConfig(redis, { 'notify-keyspace-events': 'AKE' }, async () => {
        await redis.set(`${key}:deleted`, '1');
        await redis.del(`${key}:deleted`);
        await expireKey(elsewhere, `${key}:elsewhere`);
        await expireKey(redis, key);
        await expireKey(redis, '["key"]');
        await until(() => listener.told.length >= 2, SOON);
      });
    } finally {
      elsewhere.disconnect();
    }
    await listener.stop();
    expect(
      listener.told,
      `${key} and ["key"] expired in database 0, and were to be told as { expired: key }. A key that was written or deleted, or that expired in database 1, was not`,
    ).toEqual([{ expired: key }, { expired: '["key"]' }]);
  },
);

check(
  '09.listen.foreign',
  'listen() ignores a message that is no list of tags',
  2,
  async ({ lab, redis, expect }) => {
    const listener = await listening(lab);
    const foreign = [
      'not JSON',
      '',
      '{"tags":["a"]}',
      '"listings"',
      '[1,2]',
      '["a",null]',
      'null',
      '7',
      '[["a"]]',
    ];
    for (const text of foreign) await redis.publish('market:invalidated', text);
    await redis.publish('market:other', '["of another channel"]');
    await redis.publish('market:invalidated', '["good"]');
    await until(() => listener.told.some((event) => tagsOfEvent(event)[0] === 'good'), SOON);
    const texts = foreign.map((text) => text || '(an empty text)').join('; ');
    const sentence = `Anybody may publish, and these were no lists of tags: ${texts}. Ignore them, and hear the next`;
    await saying(sentence, listener.stop());
    expect(listener.told, sentence).toEqual([{ tags: ['good'] }]);
  },
);

check(
  '09.listen.failing',
  'listen() goes on when onEvent fails, and tells one after the other',
  1,
  async ({ lab, redis, expect }) => {
    let running = 0;
    let most = 0;
    const listener = await listening(lab, {
      onEvent: async (event) => {
        most = Math.max(most, ++running);
        const isFirst = tagsOfEvent(event)[0] === '1';
        // Long enough for the next one to come, where it does not wait.
        if (isFirst) await until(() => listener.told.length > 1, 30);
        running--;
        if (isFirst) throw new Error('a listener that fails');
      },
    });
    const messages = ['1', '2', '3'].map((tag) => JSON.stringify([tag]));
    await Promise.all(messages.map((text) => redis.publish('market:invalidated', text)));
    await until(() => listener.told.length >= 3, SOON);
    await listener.stop();
    const sentence =
      'Three messages came, and onEvent failed for the first: the others are to be told as well';
    expect(listener.told, sentence).toEqual([{ tags: ['1'] }, { tags: ['2'] }, { tags: ['3'] }]);
    expect(most, 'onEvent was called for a message while it was still busy with the one before').toBe(1);
  },
);

check(
  '09.listen.client',
  'The given client stays usable while listen() listens, twice even',
  2,
  async ({ lab, redis, draw, expect }) => {
    const [first, second] = [await listening(lab), await listening(lab)];
    const entry = anEntry(draw);
    const error = await thrownBy(
      keep(lab, entry).then(async () => {
        const deleted = await lab.invalidateTags(entry.tags);
        expect(
          deleted,
          'One value was kept, and invalidateTags() deletes it, also while somebody listens',
        ).toBe(1);
      }),
    );
    expect(
      error?.message,
      'While one listens, the client that you were given must still take commands',
    ).toBeUndefined();
    await until(() => first.told.length >= 1 && second.told.length >= 1, SOON);
    await first.stop();
    await redis.publish('market:invalidated', '["later"]');
    await until(() => second.told.length >= 2, SOON);
    await second.stop();
    const sentence =
      'Two listened in one process, and the first one ended before ["later"] was told: only the second hears it. A connection of its own for each keeps them apart';
    expect([first.told, second.told], sentence).toEqual([
      [{ tags: entry.tags }],
      [{ tags: entry.tags }, { tags: ['later'] }],
    ]);
    expect(await keep(lab, entry), 'After the listening the given client still takes commands').toEqual([
      true,
    ]);
  },
);

check(
  '09.listen.missed',
  'listen() comes back after a lost connection, and tells that it missed something',
  2,
  async ({ lab, redis, tap, draw, undisturbed, expect }) => {
    const key = `inventory:user:${draw.int(1, 1e9)}`;
    // Whoever is told throws its copies away, and relies on what is told from then on: so it happens in that moment.
    let missed = 0;
    const listener = await listening(lab, {
      onEvent: async (event) => {
        if (!isMissed(event)) return;
        const number = ++missed;
        await redis.publish('market:invalidated', JSON.stringify([`after ${number}`]));
        await expireKey(redis, `${key}:${number}`);
      },
    });
    const told = (event: InvalidationEvent) => listener.told.some((one) => isDeepStrictEqual(one, event));
    await undisturbed({ see: '09.listen.processes', without: 'a lost connection' }, async () => {
      await redis.publish('market:invalidated', '["before"]');
      await until(() => listener.told.length >= 1, SOON);
      expect(listener.told, '["before"] was published, and not told').toEqual([{ tags: ['before'] }]);
    });
    const listens = await subscriptions(redis);
    const back = async () => isDeepStrictEqual(await subscriptions(redis), listens);
    for (const time of ['', ' a second time']) {
      const before = missed;
      const { refusedConnections } = tap.redis.counts();
      tap.redis.refuse(1_000_000);
      tap.redis.disconnectAll();
      await until(async () => !(await back()), SOON);
      await redis.publish('market:invalidated', '["meanwhile"]');
      // Redis is away for some attempts: its clients try again, and again.
      await until(() => tap.redis.counts().refusedConnections >= refusedConnections + 8, SOON);
      tap.redis.refuse(0);
      await until(async () => missed > before && (await back()), 2 * SOON);
      const sentence = `The connection was lost${time}, ["meanwhile"] was published, and nobody heard it: Redis says a thing once. When the subscription is back tell { missed: true }, so that whoever has copies can throw them away`;
      expect(missed > before, sentence).toBe(true);
      // Who has two connections may say it for each: what counts is what comes after the last.
      const heard = () => told({ tags: [`after ${missed}`] }) && told({ expired: `${key}:${missed}` });
      await until(heard, SOON);
      const last = {
        [`the tags of ["after ${missed}"]`]: told({ tags: [`after ${missed}`] }),
        [`that ${key}:${missed} expired`]: told({ expired: `${key}:${missed}` }),
      };
      const deaf = `The connection was lost${time}, { missed: true } was told, and in that moment ["after ${missed}"] was published and a key expired. Both are to be told: say { missed: true } when all subscriptions stand again`;
      expect(last, deaf).toEqual(Object.fromEntries(Object.keys(last).map((what) => [what, true])));
    }
    await listener.stop();
    const once = `during() was called ${countOf(listener.begun, 'time')}: it is called once, however often the connection is lost`;
    expect(listener.begun === 1, once).toBe(true);
  },
);

const isMissed = (event: unknown) => fieldOf(event, 'missed') !== undefined;

/** How many listen to each channel, as Redis says it, and to patterns. */
async function subscriptions(redis: Redis): Promise<Record<string, number>> {
  const channels = ((await redis.pubsub('CHANNELS')) as string[]).sort();
  const listen = async (channel: string): Promise<[string, number]> => {
    const [, count] = (await redis.pubsub('NUMSUB', channel)) as [string, number];
    return [channel, Number(count)];
  };
  const counts = Object.fromEntries(await Promise.all(channels.map(listen)));
  const patterns = Number(await redis.pubsub('NUMPAT'));
  return patterns > 0 ? { ...counts, '(patterns)': patterns } : counts;
}

check(
  '09.listen.ends',
  'listen() ends with during(), and leaves no connection and no subscription',
  3,
  async ({ lab, redis, expect }) => {
    await lab.readGeneration(['warm up']);
    const opened = await newClients(redis);
    const before = await subscriptions(redis);
    const left = async () => ({
      'connections to Redis': await opened(),
      'listeners of each channel': await subscriptions(redis),
    });
    const nothing = { 'connections to Redis': 0, 'listeners of each channel': before };
    const ended = async () => isDeepStrictEqual(await left(), nothing);
    const listener = await listening(lab);
    await redis.publish('market:invalidated', '["before"]');
    await until(() => listener.told.length >= 1, SOON);
    await listener.stop();
    await redis.publish('market:invalidated', '["after"]');
    await until(ended, SOON);
    const sentence = 'The listening is over, and something of it stays: a connection, or a subscription';
    expect(await left(), sentence).toEqual(nothing);
    expect(listener.told, 'What is published after the end is not told').toEqual([{ tags: ['before'] }]);
    const failed = await thrownBy(
      lab.listen(
        async () => {},
        async () => {
          throw new Error('during failed');
        },
      ),
    );
    const threw = failed ? `listen() threw: ${failed.message}` : 'listen() resolved';
    const passedOn = `during() threw an Error "during failed", and ${threw}. What during() throws, listen() throws`;
    expect(failed?.message.includes('during failed') ?? false, passedOn).toBe(true);
    await until(ended, SOON);
    const failing = `during() threw. ${sentence}. Close both also where it fails (finally)`;
    expect(await left(), failing).toEqual(nothing);
  },
);
