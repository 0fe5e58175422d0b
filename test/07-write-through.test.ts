import { isDeepStrictEqual } from 'node:util';
import type { RowDataPacket } from 'mysql2/promise';
import { countOf } from '../kit/base/count-of.ts';
import { CheckFailed } from '../kit/judge/check-errors.ts';
import type { CheckFixtures } from '../kit/judge/definition.ts';
import { shown } from '../kit/judge/explain.ts';
import { withoutRights } from '../kit/judge/rights.ts';
import { StudentError } from '../kit/judge/runner/student-error.ts';
import { fieldOf, numberOf, recordOf } from '../kit/judge/shapes.ts';
import { thrownBy } from '../kit/judge/thrown-by.ts';
import type { Tap } from '../kit/tap/tap.ts';
import { checksOf } from '../src/checks.ts';
import type { Profile, WriteThrough } from '../src/contracts/write-through.ts';
import { givenToLive } from './support/given-to-live.ts';
import { oneOf } from './support/one-of.ts';
import { openConnections } from './support/open-connections.ts';
import { aChange, cachedOf, endless, keyOf, names, passes, rowOf, somePlayers } from './support/profiles.ts';
import { begin, lastQueryBeforeCache, overOrStill } from './support/standstill.ts';
import { outcomeOf, thrown } from './support/throws.ts';
import { until, within } from './support/until.ts';

const check = checksOf<WriteThrough>('07-write-through');

const HOUR = 3_600_000;
/** How long PTTL may have run down before the judge looks, ms. */
const SINCE = 5_000;
/** Far longer than any right solution needs, ms. */
const AGES = 6_000;
/** A time to live that a check really waits for, ms. */
const SHORT_MS = 300;
/** mysql2's pool has ten connections unless told: where one is lost in each call, the next call waits for ever. */
const CALLS_TO_LEAK = 11;
/** Commands of one call, most of all: between each and the next the judge steps in. */
const MOST_COMMANDS = 6;
/** More than mysql2's pool has connections. */
const SAVES_AT_ONCE = 12;
/** No player of the fixture has this id. */
const NOBODY = 9;

/** What the judge's own connection hears when it writes a profile that MySQL refuses: its code. */
async function refusalOf(
  mysql: CheckFixtures<WriteThrough>['mysql'],
  { playerId, displayName, level }: Omit<Profile, 'version'>,
): Promise<string | undefined> {
  const write = mysql.query('UPDATE players SET display_name = ?, level = ? WHERE id = ?', [
    displayName,
    level,
    playerId,
  ]);
  return write.then(
    () => 'nothing: MySQL took it',
    (error) => {
      if (error.code === 'ER_LOCK_WAIT_TIMEOUT') throw error; // what the student's code has locked
      return error.code;
    },
  );
}

/** The code of an error that was to come through, or what came in its place, in words. */
const codeOf = (error: StudentError | undefined): string =>
  error ? (error.code ?? `an error named ${error.name}, without a code`) : 'nothing was thrown';

/** Makes the row of a player who was not there. */
async function aNewPlayer(
  mysql: CheckFixtures<WriteThrough>['mysql'],
  { playerId, displayName, level }: Omit<Profile, 'version'>,
): Promise<Profile> {
  await mysql.query(
    "INSERT INTO players (id, login, display_name, level, version, password_hash) VALUES (?, ?, ?, ?, 1, 'x')",
    [playerId, `new${playerId}`, displayName, level],
  );
  return { playerId, displayName, level, version: 1 };
}

/** Waits until a call is over, well or not: `sentence` is what is wrong where it never is. */
async function ends(call: Promise<unknown>, sentence: string): Promise<void> {
  await within(AGES, sentence, thrownBy(call)).catch((error) => {
    throw error instanceof StudentError ? new CheckFailed(sentence) : error;
  });
}

/** What a save or a read gave, where a check goes on with it: a profile, or the check ends here. */
const profileIn = (value: unknown, name = 'saveProfile') => recordOf(value, `What ${name}() gives`);

/** The number of a version that a save gave. */
const versionIn = (profile: unknown) =>
  numberOf(fieldOf(profile, 'version'), 'The version that saveProfile() gives');

/** A save, before the check disturbs one: where that fails, it has nothing to say of what it disturbs by. */
async function plainly(
  { lab, redis, mysql, undisturbed, expect }: Parameters<Parameters<typeof check>[3]>[0],
  without: string,
  { change, ttlMs = HOUR }: { change: Omit<Profile, 'version'>; ttlMs?: number },
): Promise<Profile> {
  const { playerId } = change;
  return undisturbed({ see: '07.save.cache', without }, async () => {
    await lab.saveProfile({ ...change, level: 1 }, { ttlMs });
    const saved = await lab.saveProfile(change, { ttlMs });
    expect(await rowOf(mysql, playerId), 'MySQL should hold the new name and level').toEqual(saved);
    expect(await cachedOf(redis, playerId), NOT_CACHED).toEqual(saved);
    expect(await lab.getProfile(playerId, { ttlMs }), 'A reader gets what was saved').toEqual(saved);
    return saved as Profile;
  });
}

/** A cache without the profile is never wrong: the next reader loads it. */
const NOTHING = 'nothing';

/** Said where a check needs a cached profile to begin with. */
const NOT_CACHED = 'The profile should be in the cache by now, and it is not';

check(
  '07.save.row',
  'saveProfile() writes name and level to the row of that player, and to no other',
  2,
  async ({ lab, mysql, draw, expect }) => {
    const change = aChange(draw);
    const rest =
      'SELECT id, login, password_hash, role, coins, IF(id = ?, 0, display_name) AS name, IF(id = ?, 0, level) AS level FROM players ORDER BY id';
    const others = async () => {
      const [rows] = await mysql.query<RowDataPacket[]>(rest, [change.playerId, change.playerId]);
      return rows;
    };
    const before = await others();
    await lab.saveProfile(change, { ttlMs: HOUR });
    expect(await rowOf(mysql, change.playerId), 'MySQL should hold the new name and level').toMatchObject(
      change,
    );
    const after = await others();
    const differs = (i: number) => !isDeepStrictEqual(before[i], after[i]);
    const stay = `saveProfile() of player ${change.playerId} changed more than name and level of that player (left out here): other players, and the other columns, must stay as they were`;
    expect(
      after.filter((_, i) => differs(i)),
      stay,
    ).toEqual(before.filter((_, i) => differs(i)));
  },
);

check(
  '07.save.returns',
  'saveProfile() resolves to the profile as committed, with the version of its row',
  2,
  async ({ lab, mysql, draw, expect }) => {
    const change = aChange(draw);
    const version = draw.int(2, 4_000_000_000);
    await mysql.query('UPDATE players SET version = ? WHERE id = ?', [version, change.playerId]);
    const sentence = `The row had version ${version}, and each write makes it one more, also where name and level stay as they are`;
    for (const n of [1, 2, 3]) {
      const saved = await lab.saveProfile(change, { ttlMs: HOUR });
      expect(saved, sentence).toEqual({ ...change, version: version + n });
      expect(await rowOf(mysql, change.playerId), 'That is what MySQL should hold').toEqual(saved);
    }
  },
);

check(
  '07.save.cache',
  'saveProfile() leaves in the cache, as JSON, what MySQL holds',
  2,
  async ({ lab, redis, mysql, draw, expect }) => {
    const [id, other] = somePlayers(draw, 2) as [number, number];
    const neighbour = await lab.saveProfile(aChange(draw, other), { ttlMs: HOUR });
    for (const name of names) {
      const change = aChange(draw, id, name);
      await lab.saveProfile(change, { ttlMs: HOUR });
      const row = recordOf(await rowOf(mysql, id), `The row of player ${id}`);
      const wanted = { ...change, version: row.version };
      const sentence = `${keyOf(id)} should hold the JSON of the profile: playerId, displayName, level, version`;
      expect(await cachedOf(redis, id), sentence).toEqual(wanted);
    }
    const stays = `Player ${id} was saved, and what is cached of player ${other} is not what it was: leave the keys of other players alone`;
    expect(await cachedOf(redis, other), stays).toEqual(neighbour);
  },
);

check(
  '07.save.as-held',
  'What is cached and returned is what MySQL holds, also where MySQL rounds',
  1,
  async (fixtures) => {
    const { lab, redis, mysql, draw, expect } = fixtures;
    await plainly(fixtures, 'a level that is not whole', { change: aChange(draw) });
    // What a half becomes is for MySQL to say: of a DECIMAL the next number, of a DOUBLE the next even one.
    for (const [part, parity] of [
      [0.75, 0],
      [0.25, 0],
      [0.5, 0],
      [0.5, 1],
    ] as const) {
      const change = { ...aChange(draw), level: 2 * draw.int(1, 45) + parity + part };
      const before = await lab.saveProfile({ ...change, level: 1 }, { ttlMs: HOUR });
      const saving = begin(lab.saveProfile(change, { ttlMs: HOUR }));
      const error = await thrownBy(saving);
      const row = await rowOf(mysql, change.playerId);
      if (error) {
        const refused = `saveProfile() refused level ${change.level}, which it may`;
        expect(row, `${refused}: nothing should have been written to MySQL`).toEqual(before);
        const held = await cachedOf(redis, change.playerId);
        expect(held, `${refused}: the cache should hold what it held`).toEqual(row);
        continue;
      }
      const sentence = `Level ${change.level} was saved, and MySQL keeps whole numbers: it rounds, without an error. Cache what the row holds, not what you were given, or refuse it before you write`;
      const rounded = `Level ${change.level} was saved, and the row does not hold the whole number next to it, as MySQL makes of it: let MySQL round, or refuse the level before you write`;
      if (part !== 0.5) expect(row?.level, rounded).toBe(Math.round(change.level));
      expect(await cachedOf(redis, change.playerId), sentence).toEqual(row);
      const returned = `Level ${change.level} was saved, and MySQL rounds it: what is returned is the profile as committed`;
      expect(await saving, returned).toEqual(row);
      expect(await lab.getProfile(change.playerId, { ttlMs: HOUR }), sentence).toEqual(row);
    }
  },
);

check('07.save.ttl', 'Each write gives the cached profile ttlMs to live', 2, async (fixtures) => {
  const { lab, redis, draw, expect } = fixtures;
  const change = aChange(draw);
  await plainly(fixtures, 'a look at its time to live', { change });
  for (const ttlMs of [90_500, HOUR, 45_001, 45_999, draw.int(600, 799)]) {
    const { left, exact } = await givenToLive(redis, ttlMs, async () => {
      await lab.saveProfile(change, { ttlMs });
      return keyOf(change.playerId);
    });
    const sentence = `After saveProfile with ttlMs ${ttlMs} PTTL says ${left} (-1: for ever, -2: no key). The time to live belongs in the command that writes (SET ... PX), each time, and in milliseconds`;
    expect(exact, sentence).toBe(true);
    expect(await endless(redis), 'Every key that you make must expire, locks and counters too').toEqual([]);
  }
});

check('07.save.trips', 'A save takes at most 7 round trips', 2, async ({ lab, mysql, tap, draw, expect }) => {
  const change = aChange(draw);
  await lab.saveProfile(change, { ttlMs: HOUR });
  await lab.saveProfile(aChange(draw, change.playerId), { ttlMs: HOUR });
  tap.redis.holdMs = 5;
  tap.mysql.holdMs = 5;
  tap.meter.reset();
  await lab.saveProfile(change, { ttlMs: HOUR });
  const { trips } = tap.meter;
  expect(await rowOf(mysql, change.playerId), 'The save did not reach MySQL').toMatchObject(change);
  const sentence = `The save took ${trips} round trips, MySQL and Redis together, and 7 are enough: a transaction of 4 and one script are 5, an UPDATE and one script are 2`;
  expect(trips <= 7, sentence).toBe(true);
});

check(
  '07.refused.level',
  'A level that MySQL refuses never reaches the cache, and the error comes through',
  3,
  async (fixtures) => {
    const { lab, redis, mysql, draw, expect } = fixtures;
    const [id, uncached] = somePlayers(draw, 2) as [number, number];
    const before = await plainly(fixtures, 'an error', { change: aChange(draw, id) });
    await redis.pexpire(keyOf(id), HOUR - SINCE);
    for (const level of [101, 0, -draw.int(1, 9), draw.int(256, 9_999)]) {
      for (const playerId of level === 101 ? [id, uncached] : [id]) {
        const change = { ...aChange(draw, playerId), level };
        const wanted = await refusalOf(mysql, change);
        const error = await thrownBy(lab.saveProfile(change, { ttlMs: HOUR }));
        const said = `MySQL refuses level ${level}: let its error through as it came, with its code (here ${wanted})`;
        expect(codeOf(error), said).toBe(wanted);
        const sentence = `MySQL refused level ${level}. The cache must hold what it held: write it after MySQL has committed, and neither delete nor set anything when it refuses`;
        expect(await cachedOf(redis, playerId), sentence).toEqual(playerId === id ? before : undefined);
      }
    }
    expect(await rowOf(mysql, id), 'The row stays as it was, with its version').toEqual(before);
    const left = await redis.pttl(keyOf(id));
    expect(left <= HOUR - SINCE, 'A refused write is no reason for the cached profile to live longer').toBe(
      true,
    );
  },
);

check(
  '07.refused.name',
  'A name that is taken, or too long, never reaches the cache, and the error comes through',
  2,
  async (fixtures) => {
    const { lab, redis, mysql, draw, expect } = fixtures;
    const [id, other] = somePlayers(draw, 2) as [number, number];
    const mine = aChange(draw, id);
    const before = await plainly(fixtures, 'an error', { change: mine });
    const theirs = aChange(draw, other);
    const taken = profileIn(await lab.saveProfile(theirs, { ttlMs: HOUR }));
    for (const displayName of [theirs.displayName, 'x'.repeat(draw.int(101, 300))]) {
      const change = { ...mine, displayName };
      const wanted = await refusalOf(mysql, change);
      const error = await thrownBy(lab.saveProfile(change, { ttlMs: HOUR }));
      const said = `MySQL refuses this name with ${wanted}: let its error through, with its code`;
      expect(codeOf(error), said).toBe(wanted);
      const sentence =
        'MySQL refused the name, and the cache does not hold what it held: write to it after MySQL has committed, and only then';
      expect(await cachedOf(redis, id), sentence).toEqual(before);
    }
    expect(await cachedOf(redis, other), 'Whose name it is has nothing to do with it').toEqual(taken);
  },
);

check(
  '07.refused.missing',
  'saveProfile() throws NoSuchPlayer where there is no such row, and writes nothing',
  2,
  async ({ lab, redis, mysql, draw, expect }) => {
    for (const playerId of [NOBODY, draw.int(1_000, 9_999)]) {
      const outcome = await outcomeOf(lab.saveProfile(aChange(draw, playerId), { ttlMs: HOUR }));
      const sentence = `There is no player ${playerId}. MySQL gives no error then: it says that 0 rows were changed. Look at affectedRows, and throw an Error whose name is NoSuchPlayer`;
      thrown(outcome, 'NoSuchPlayer', sentence);
      expect(await cachedOf(redis, playerId), 'A profile of nobody must not be in the cache').toBe(undefined);
      expect(await rowOf(mysql, playerId), 'A profile is saved, not created: no INSERT').toBe(undefined);
    }
  },
);

check(
  '07.order.commit-first',
  'Nothing reaches the cache before MySQL has committed it',
  4,
  async (fixtures) => {
    const { lab, redis, mysql, tap, draw } = fixtures;
    const change = aChange(draw);
    await plainly(fixtures, 'a stop between two commands', { change });
    tap.meter.reset();
    let before = await lab.saveProfile(change, { ttlMs: HOUR });
    const { commands } = tap.mysql.counts();
    for (let at = 1; at <= Math.min(commands, 7); at++) {
      const stall = tap.mysql.stallAt(at, { executed: false });
      const call = begin(lab.saveProfile(aChange(draw, change.playerId), { ttlMs: HOUR }));
      await Promise.race([stall.happened, call]);
      await tap.redis.settled({ quietMs: 4, timeoutMs: 200 });
      const [row, cached] = [await rowOf(mysql, change.playerId), await cachedOf(redis, change.playerId)];
      const sentence = `MySQL has not yet received command ${at} of the ${commands} of this save. A crash here leaves in the cache what MySQL does not hold: commit first, then write to the cache`;
      oneOf(
        cached,
        { [NOTHING]: undefined, 'the profile before it': before, 'what MySQL holds': row },
        sentence,
      );
      stall.release();
      before = await call;
    }
  },
);

check(
  '07.crash.between',
  'A process killed between commit and cache leaves nothing that lasts longer than ttlMs',
  3,
  async (fixtures) => {
    const { lab, redis, mysql, tap, draw, expect, undisturbed } = fixtures;
    const ttlMs = 60_000;
    const change = aChange(draw);
    const id = change.playerId;
    await plainly(fixtures, 'a crash', { change, ttlMs });
    await undisturbed({ see: '07.save.ttl', without: 'a crash' }, async () => {
      expect(await endless(redis), 'Every key that you make must expire').toEqual([]);
    });
    let old: unknown;
    const at = await lastQueryBeforeCache(tap, async () => {
      old = await lab.saveProfile(change, { ttlMs });
    });
    const stall = tap.mysql.stallAt(at);
    const call = begin(lab.saveProfile(aChange(draw, id), { ttlMs }));
    await Promise.race([stall.happened, call]);
    await lab.$crash();
    stall.release();
    const row = await rowOf(mysql, id);
    const held = await cachedOf(redis, id);
    const after =
      'The process was killed between commit and cache, and the cache holds what nobody committed';
    oneOf(held, { [NOTHING]: undefined, 'the older profile': old, 'the new one': row }, after);
    expect(await endless(redis), 'After the crash this is left in Redis, and never expires').toEqual([]);
    const read = await lab.getProfile(id, { ttlMs });
    const seen =
      'The process was killed between commit and cache, and a reader got neither the older profile nor the new one';
    oneOf(read, { 'the older profile': old, 'the new one': row }, seen);
    await passes(redis, ttlMs);
    const sentence = `The process was killed after the commit, and ${ttlMs} ms later a reader still gets the older profile: what is cached must expire, and a reader must not make it live longer`;
    expect(await lab.getProfile(id, { ttlMs }), sentence).toEqual(row);
    const next = await lab.saveProfile(change, { ttlMs });
    expect(await cachedOf(redis, id), 'The next write goes through to the cache again').toEqual(next);
  },
);

check(
  '07.crash.expires',
  'Wherever the process is killed, all that it leaves in Redis expires',
  2,
  async (fixtures) => {
    const { lab, redis, tap, draw, expect, undisturbed } = fixtures;
    const [id, other] = somePlayers(draw, 2) as [number, number];
    await plainly(fixtures, 'a crash', { change: aChange(draw, id) });
    await undisturbed({ see: '07.save.ttl', without: 'a crash' }, async () => {
      expect(await endless(redis), 'Every key that you make must expire').toEqual([]);
    });
    const ways = {
      saveProfile: () => lab.saveProfile(aChange(draw, id), { ttlMs: HOUR }),
      getProfile: () => lab.getProfile(other, { ttlMs: HOUR }),
    };
    for (const [name, way] of Object.entries(ways)) {
      await way();
      await redis.flushdb();
      tap.meter.reset();
      profileIn(await way(), name);
      const { commands } = tap.redis.counts();
      expect(await redis.exists(keyOf(name === 'saveProfile' ? id : other)), NOT_CACHED).toBe(1);
      for (let at = 1; at <= Math.min(commands, 6); at++) {
        await redis.flushdb();
        const stall = tap.redis.stallAt(at);
        const call = begin(way());
        await Promise.race([stall.happened, call]);
        const sentence = `${name} has sent ${at} of its ${commands} commands to Redis. A process that is killed here leaves this without an end: say the time to live in the command that writes (SET ... PX)`;
        expect(await endless(redis), sentence).toEqual([]);
        stall.release();
        await call;
      }
    }
  },
);

check(
  '07.down.refuses',
  'Where Redis refuses to write, the save counts, and the older profile ends by itself',
  2,
  async (fixtures) => {
    const { lab, redis, mysql, draw, expect } = fixtures;
    const ttlMs = 60_000;
    const change = aChange(draw);
    const id = change.playerId;
    const old = await plainly(fixtures, 'a Redis that refuses', { change, ttlMs });
    await redis.pexpire(keyOf(id), ttlMs - SINCE);
    const next = aChange(draw, id);
    const saving = begin(withoutRights(redis, '-@write', () => lab.saveProfile(next, { ttlMs })));
    const sentence =
      'Redis answered the write with an error, as it does when its memory is full, and the save threw. MySQL has committed: the write counts';
    expect((await thrownBy(saving))?.message, sentence).toBe(undefined);
    expect(await rowOf(mysql, id), 'MySQL has it, and the save resolves to it').toEqual(await saving);
    const uncached = withoutRights(redis, '-@write', () => lab.getProfile(id, { ttlMs }));
    const unkept =
      'Redis refused to keep what a reader had loaded, and the read threw. It has read the profile all the same: give it';
    expect((await thrownBy(uncached))?.message, unkept).toBe(undefined);
    const either = 'Redis refused to write, and a reader got neither the older profile nor the new one';
    oneOf(await uncached, { 'the older profile': old, 'the new one': await saving }, either);
    for (let n = 0; n < 3; n++) await lab.getProfile(id, { ttlMs });
    const left = await redis.pttl(keyOf(id));
    const bound = `The older profile could not be replaced, and PTTL says ${left}. It must end by itself: every write has a time to live, and a reader must not renew it`;
    expect(left === -2 || (left > 0 && left <= ttlMs), bound).toBe(true);
    await passes(redis, ttlMs);
    expect(await lab.getProfile(id, { ttlMs }), bound).toEqual(await saving);
    const last = await lab.saveProfile(change, { ttlMs });
    expect(await cachedOf(redis, id), 'Redis takes writes again: the next save goes through').toEqual(last);
  },
);

check('07.down.reads', 'Where Redis refuses to read, the profile comes from MySQL', 1, async (fixtures) => {
  const { lab, redis, draw, expect } = fixtures;
  const change = aChange(draw);
  const id = change.playerId;
  const saved = await plainly(fixtures, 'a Redis that refuses', { change });
  const read = begin(withoutRights(redis, '-@read', () => lab.getProfile(id, { ttlMs: HOUR })));
  const sentence = 'Redis answered with an error, and the reader got it. The profile is in MySQL: ask there';
  expect((await thrownBy(read))?.message, sentence).toBe(undefined);
  expect(await read, 'The profile as MySQL holds it').toEqual(saved);
});

check(
  '07.down.mysql',
  'Where MySQL has gone away, a hit is served, and a miss and a save are errors',
  2,
  async (fixtures) => {
    const { lab, redis, mysql, tap, draw, expect } = fixtures;
    const [id, other] = somePlayers(draw, 2) as [number, number];
    const old = await plainly(fixtures, 'a MySQL that is away', { change: aChange(draw, id) });
    tap.meter.reset();
    let saved = await lab.saveProfile({ ...aChange(draw, id), level: 1 }, { ttlMs: HOUR });
    expect(versionIn(saved), 'Each write makes the version one more').toBe(old.version + 1);
    const { commands } = tap.mysql.counts();
    for (let at = 1; at <= Math.min(commands, 7); at++) {
      const cut = tap.mysql.cutAfter(at, { executed: false });
      const save = begin(lab.saveProfile(aChange(draw, id), { ttlMs: HOUR }));
      const error = await thrownBy(save);
      cut.restore();
      const [row, held] = [await rowOf(mysql, id), await cachedOf(redis, id)];
      const lost = `The connection to MySQL broke before it had received command ${at} of the ${commands} of this save`;
      if (!error)
        expect(await save, `${lost}. saveProfile() resolved, and MySQL does not hold that`).toEqual(row);
      const sentence = `${lost}, and the cache holds what MySQL does not: wait for the COMMIT, and throw its error`;
      oneOf(
        held,
        { [NOTHING]: undefined, 'the profile before it': saved, 'what MySQL holds': row },
        sentence,
      );
      saved = await lab.saveProfile({ ...aChange(draw, id), level: 1 }, { ttlMs: HOUR });
    }
    tap.mysql.refuse(100_000);
    tap.mysql.disconnectAll();
    const save = await thrownBy(lab.saveProfile(aChange(draw, id), { ttlMs: HOUR }));
    const unsaved =
      'MySQL had gone away, and saveProfile() resolved: nothing was saved, and the caller must hear of it';
    expect(save !== undefined, unsaved).toBe(true);
    expect(await cachedOf(redis, id), 'MySQL had gone away, and the cache must hold what it held').toEqual(
      saved,
    );
    const miss = await thrownBy(lab.getProfile(other, { ttlMs: HOUR }));
    const sentence =
      'Nothing was cached and MySQL had gone away, and getProfile() resolved: that is an error, not null ("no such player")';
    expect(miss !== undefined, sentence).toBe(true);
    expect(await lab.getProfile(id, { ttlMs: HOUR }), 'A hit needs no MySQL').toEqual(saved);
    tap.mysql.refuse(0);
    const back = await thrownBy(lab.getProfile(other, { ttlMs: HOUR }));
    await lab.$crash(); // what it remembers of this is not for the next check
    expect(back?.message, 'MySQL is back, and a read that needs it still fails').toBe(undefined);
  },
);

check(
  '07.race.saves',
  'Of two saves at once the cache ends with the one that MySQL holds',
  4,
  async (fixtures) => {
    const { lab, redis, mysql, tap, draw, expect } = fixtures;
    const other = await lab.$another();
    const id = somePlayers(draw, 1)[0]!;
    const save = (process: typeof lab) => process.saveProfile(aChange(draw, id), { ttlMs: HOUR });
    await save(other);
    await plainly(fixtures, 'a second process', { change: aChange(draw, id) });
    const commit = await lastQueryBeforeCache(tap, () => save(lab));
    const ofRedis = Math.min(tap.redis.counts().commands, 5);
    const moments: [Tap, number][] = [[tap.mysql, commit]];
    for (let at = 1; at <= ofRedis; at++) moments.push([tap.redis, at]);
    for (const [server, at] of moments) {
      // As texts, 9 comes after 10.
      await redis.flushdb();
      await mysql.query('UPDATE players SET version = 7 WHERE id = ?', [id]);
      await save(lab);
      const stall = server.stallAt(at);
      const first = begin(save(lab));
      const command = await Promise.race([stall.happened, first.then(() => '')]);
      const second = begin(save(other));
      await overOrStill(tap, second);
      stall.release();
      const [one, two] = await Promise.all([first, second]);
      const row = await rowOf(mysql, id);
      const versions = [one, two].map((profile) => shown(profileIn(profile).version));
      expect(versions[0], 'Two writes have two versions').not.toBe(versions[1]);
      const where =
        server === tap.mysql
          ? `One process had committed version ${versions[0]} and had not yet written it to the cache`
          : `One process was about to write version ${versions[0]} to the cache (after its ${command.split(' ')[0]})`;
      const sentence = `${where}; another committed version ${versions[1]} and wrote it there; then the first wrote. The cache must end with what MySQL holds: compare the versions as numbers and write in one step (a script), and in Redis, not in one process`;
      oneOf(await cachedOf(redis, id), { [NOTHING]: undefined, 'what MySQL holds': row }, sentence);
      expect(await lab.getProfile(id, { ttlMs: HOUR }), sentence).toEqual(row);
    }
    // The later one is in the cache, and the first goes on from command to command.
    for (let at = 1; at <= ofRedis; at++) {
      await redis.flushdb();
      const commits = tap.mysql.stallAt(commit);
      const first = begin(save(lab));
      await Promise.race([commits.happened, first]);
      const second = begin(save(other));
      const there = await overOrStill(tap, second);
      const stall = tap.redis.stallAt(at);
      commits.release();
      await Promise.race([stall.happened, first]);
      const [row, cached] = [await rowOf(mysql, id), await cachedOf(redis, id)];
      stall.release();
      await Promise.all([first, second]);
      const never = `One process had committed, another committed a later version and wrote it to the cache; then the first went on, and after its command ${at} to Redis the older version stood there. A process that is killed there puts nothing right: what is later must stay, all the time`;
      if (there) oneOf(cached, { [NOTHING]: undefined, 'what MySQL holds': row }, never);
    }
  },
);

check(
  '07.race.one-process',
  'Of two saves of one process, too, the cache ends with the one that MySQL holds',
  3,
  async (fixtures) => {
    const { lab, redis, mysql, tap, draw, expect } = fixtures;
    const id = somePlayers(draw, 1)[0]!;
    const save = () => lab.saveProfile(aChange(draw, id), { ttlMs: HOUR });
    await plainly(fixtures, 'a second save', { change: aChange(draw, id) });
    const commit = await lastQueryBeforeCache(tap, save);
    // Both have committed, and hear of it nearly at once: the later one first.
    const stalls = [tap.mysql.stallAt(commit)];
    const first = begin(save());
    await Promise.race([stalls[0]!.happened, first]);
    stalls.unshift(tap.mysql.stallAt(commit));
    const second = begin(save());
    await Promise.race([stalls[0]!.happened, overOrStill(tap, second)]);
    tap.redis.latencyMs = 30;
    const { commands } = tap.redis.counts();
    stalls[0]!.release();
    // Two connections: who is told first is certain only once it goes on.
    await until(() => tap.redis.counts().commands > commands, 200);
    stalls[1]!.release();
    await Promise.all([first, second]);
    tap.redis.latencyMs = 0;
    const row = await rowOf(mysql, id);
    const sentence =
      'Two saves of one process committed one after the other and wrote to the cache at the same moment, and the cache ended with the older one. The commands of both share one connection: a WATCH of one ends with the EXEC of the other. A script needs no WATCH';
    oneOf(await cachedOf(redis, id), { [NOTHING]: undefined, 'what MySQL holds': row }, sentence);
    expect(await lab.getProfile(id, { ttlMs: HOUR }), sentence).toEqual(row);
  },
);

check(
  '07.race.fill',
  'A read that loaded an older row does not overwrite what was saved meanwhile',
  4,
  async (fixtures) => {
    const { lab, redis, mysql, tap, draw, expect, undisturbed } = fixtures;
    const other = await lab.$another();
    const id = somePlayers(draw, 1)[0]!;
    const read = () => lab.getProfile(id, { ttlMs: HOUR });
    const save = () => other.saveProfile(aChange(draw, id), { ttlMs: HOUR });
    await plainly(fixtures, 'a second process', { change: aChange(draw, id) });
    await save();
    await redis.flushdb();
    await undisturbed({ see: '07.read.miss', without: 'a second process' }, async () => {
      const loaded = await read();
      expect(loaded, 'Nothing was cached: the profile is in MySQL').toEqual(await rowOf(mysql, id));
      expect(await cachedOf(redis, id), NOT_CACHED).toEqual(loaded);
    });
    await redis.flushdb();
    const query = await lastQueryBeforeCache(tap, read);
    const ofRedis = Math.min(tap.redis.counts().commands, 5);
    const moments: [Tap, number][] = [[tap.mysql, query]];
    for (let at = 1; at <= ofRedis; at++) moments.push([tap.redis, at]);
    const meets = async (server: Tap, at: number, stood?: string) => {
      await redis.flushdb();
      if (stood) await redis.set(keyOf(id), stood, 'PX', HOUR);
      // As texts, 9 comes after 10.
      await mysql.query('UPDATE players SET version = 9 WHERE id = ?', [id]);
      const stall = server.stallAt(at);
      const reading = begin(read());
      await Promise.race([stall.happened, reading]);
      const saving = begin(save());
      await overOrStill(tap, saving);
      stall.release();
      await Promise.all([reading, saving]);
      const row = await rowOf(mysql, id);
      const found = stood ? `a text that is no profile (${stood})` : 'nothing cached';
      const sentence = `A reader found ${found} and read the row; before it kept what it had read, another process saved a later version to MySQL and to the cache; then the reader put the older one over it. What a reader keeps must give way to a later version, in one step`;
      oneOf(await cachedOf(redis, id), { [NOTHING]: undefined, 'what MySQL holds': row }, sentence);
      expect(await read(), sentence).toEqual(row);
    };
    for (const moment of moments) await meets(...moment);
    await undisturbed({ see: '07.read.no-profile', without: 'a second process' }, async () => {
      await redis.set(keyOf(id), 'OK', 'PX', HOUR);
      const loaded = await read();
      expect(loaded, 'OK is no profile: that is in MySQL').toEqual(await rowOf(mysql, id));
      expect(await cachedOf(redis, id), 'What a reader loads replaces OK').toEqual(loaded);
    });
    for (const moment of moments) await meets(...moment, 'OK');
  },
);

check(
  '07.race.versions',
  'Saves at once each get a version of their own, and none is lost',
  3,
  async (fixtures) => {
    const { lab, redis, mysql, tap, draw, expect, undisturbed } = fixtures;
    const id = somePlayers(draw, 1)[0]!;
    await plainly(fixtures, 'a second save', { change: aChange(draw, id) });
    await redis.flushdb();
    await mysql.query('UPDATE players SET version = 20 WHERE id = ?', [id]);
    await undisturbed({ see: '07.save.returns', without: 'a second save' }, async () => {
      const held = await rowOf(mysql, id);
      const saved = await lab.saveProfile(aChange(draw, id), { ttlMs: HOUR });
      expect(versionIn(saved), 'Each write makes the version one more').toBe((held?.version ?? 0) + 1);
    });
    const version = versionIn(await lab.saveProfile(aChange(draw, id), { ttlMs: HOUR }));
    tap.mysql.latencyMs = 8;
    const changes = Array.from({ length: SAVES_AT_ONCE }, () => aChange(draw, id));
    const stuck = `${SAVES_AT_ONCE} saves at once in one process are not over. The pool has ten connections: who holds one and waits for a second waits for ever where ten do so`;
    const answers = await within(
      AGES,
      stuck,
      Promise.all(changes.map((change) => lab.saveProfile(change, { ttlMs: HOUR }))),
    );
    const saved = answers.map((answer) => profileIn(answer));
    tap.mysql.latencyMs = 0;
    expect(
      saved.map(versionIn).sort((a, b) => a - b),
      `The row had version ${version}, and ${SAVES_AT_ONCE} saves at once should get the next ${SAVES_AT_ONCE}. Let the UPDATE count (version = version + 1), and read your own version in the same transaction, before it ends`,
    ).toEqual(changes.map((_, i) => version + 1 + i));
    expect(
      saved.map(({ version: _, ...profile }) => profile),
      'Each save resolves to its own profile',
    ).toEqual(changes);
    const row = await rowOf(mysql, id);
    const latest = saved.find((profile) => profile.version === row?.version);
    expect(row, 'MySQL holds the one with the highest version').toEqual(latest);
    expect(await lab.getProfile(id, { ttlMs: HOUR }), 'And so does the cache').toEqual(row);
    // By now the pool has more than one connection, and each knows another LAST_INSERT_ID().
    for (let n = 1; n <= 2; n++) {
      const next = versionIn(await lab.saveProfile(aChange(draw, id), { ttlMs: HOUR }));
      const own = `${SAVES_AT_ONCE} saves at once were over, and save ${n} after them got another version than the row has. Ask for your version on the connection that wrote`;
      expect(next, own).toBe((await rowOf(mysql, id))?.version);
    }
  },
);

check(
  '07.read.hit',
  'getProfile() serves what is cached in one round trip, without a query',
  2,
  async ({ lab, redis, mysql, tap, draw, expect, undisturbed }) => {
    const [saved, planted] = somePlayers(draw, 2) as [number, number];
    const hits = async (id: number, profile: unknown) => {
      tap.redis.holdMs = 5;
      tap.mysql.holdMs = 5;
      tap.meter.reset();
      const hit = `${keyOf(id)} held this profile, and the reader got another one: a hit is what the cache holds`;
      expect(await lab.getProfile(id, { ttlMs: HOUR }), hit).toEqual(profile);
      const asked = tap.mysql.counts().commands;
      const none = `The profile was in the cache, and getProfile() sent MySQL ${countOf(asked, 'command')}: a hit asks nothing of it`;
      expect(asked === 0, none).toBe(true);
      const { trips } = tap.meter;
      expect(trips <= 1, `A hit is one GET: one round trip, not ${trips}`).toBe(true);
    };
    const theirs = { ...aChange(draw, planted), version: draw.int(2, 9) };
    await redis.set(keyOf(planted), JSON.stringify(theirs), 'PX', HOUR);
    await hits(planted, theirs);
    const mine = await undisturbed({ see: '07.save.cache', without: 'a read' }, async () => {
      const profile = await lab.saveProfile(aChange(draw, saved), { ttlMs: HOUR });
      expect(await cachedOf(redis, saved), NOT_CACHED).toEqual(profile);
      return profile;
    });
    await hits(saved, mine);
    expect((await rowOf(mysql, planted))?.version, 'A read writes nothing to MySQL').toBe(1);
  },
);

check(
  '07.read.miss',
  'getProfile() loads a missing profile from MySQL and keeps it for ttlMs',
  2,
  async ({ lab, redis, mysql, tap, draw, expect, undisturbed }) => {
    const [id, other] = somePlayers(draw, 2) as [number, number];
    const change = aChange(draw, id);
    const { displayName, level } = change;
    await mysql.query('UPDATE players SET display_name = ?, level = ?, version = 7 WHERE id = ?', [
      displayName,
      level,
      id,
    ]);
    const ttlMs = 90_999;
    const wanted = { ...change, version: 7 };
    expect(await lab.getProfile(id, { ttlMs }), 'Nothing was cached: the profile is in MySQL').toEqual(
      wanted,
    );
    expect(await cachedOf(redis, id), `What was loaded belongs under ${keyOf(id)}, as JSON`).toEqual(wanted);
    for (const ttlMs of [90_001, 90_999, draw.int(600, 799), HOUR]) {
      const { left, exact } = await givenToLive(redis, ttlMs, async () => {
        await redis.flushdb();
        await lab.getProfile(id, { ttlMs });
        return keyOf(id);
      });
      const sentence = `A profile that was loaded lives for ttlMs too (${ttlMs}), to the millisecond. PTTL says ${left} (-1: for ever, -2: no key)`;
      expect(exact, sentence).toBe(true);
    }
    await undisturbed({ see: '07.read.hit', without: 'a miss before it' }, async () => {
      const planted = { ...aChange(draw, other), version: 2 };
      await redis.set(keyOf(other), JSON.stringify(planted), 'PX', HOUR);
      tap.meter.reset();
      expect(await lab.getProfile(other, { ttlMs }), 'The profile was in the cache').toEqual(planted);
      expect(tap.mysql.counts().commands, 'A hit asks nothing of MySQL').toBe(0);
    });
    await redis.flushdb();
    const all = somePlayers(draw, 8);
    const read = await Promise.all(all.map((one) => lab.getProfile(one, { ttlMs: HOUR })));
    const rows = await Promise.all(all.map((one) => rowOf(mysql, one)));
    expect(read, 'Eight players are read at once, and none is cached: each read gets its own player').toEqual(
      rows,
    );
    tap.meter.reset();
    expect(await lab.getProfile(id, { ttlMs }), 'The second read gets the same profile').toEqual(wanted);
    expect(tap.mysql.counts().commands, 'The second read is a hit').toBe(0);
  },
);

check(
  '07.read.missing',
  'getProfile() resolves to null for no such player, and not for ever',
  2,
  async ({ lab, redis, mysql, draw, expect }) => {
    const other = await lab.$another();
    for (const how of ['saved', 'read'] as const) {
      await redis.flushdb();
      const id = draw.int(1_000, 9_999_999);
      const ttlMs = how === 'saved' ? HOUR : SHORT_MS;
      for (let n = 0; n < 2; n++) {
        expect(await lab.getProfile(id, { ttlMs }), `There is no player ${id}: that is null`).toBe(null);
      }
      expect(
        await endless(redis),
        'That there is no such player may change: it must not be kept for ever',
      ).toEqual([]);
      const wanted = await aNewPlayer(mysql, aChange(draw, id));
      if (how === 'saved') {
        const saved = await other.saveProfile({ ...wanted, level: 1 }, { ttlMs });
        const sentence = `Player ${id} was not there, then came and was saved: the reader must get the profile, not an older "nobody"`;
        expect(await lab.getProfile(id, { ttlMs }), sentence).toEqual(saved);
        expect(await cachedOf(redis, id), NOT_CACHED).toEqual(saved);
        await redis.del(keyOf(id));
        const again = `Player ${id} was not there, then came, was saved and was read; then the profile was gone from the cache, and the reader was told of an older "nobody": a save, or a read that finds the profile, ends that everywhere`;
        expect(await lab.getProfile(id, { ttlMs }), again).toEqual(saved);
      } else {
        // Really waited for: what a process remembers ends by a clock of its own.
        let read: unknown = null;
        const comes = async () => {
          read = await lab.getProfile(id, { ttlMs });
          return read !== null;
        };
        await until(comes, AGES);
        const sentence = `Player ${id} was not there, then came: after ttlMs (${ttlMs}) at most a reader must get the profile`;
        expect(read, sentence).toEqual(wanted);
      }
    }
  },
);

check(
  '07.race.nobody',
  'A read that found nobody does not hide a player who was made and saved meanwhile',
  2,
  async ({ lab, redis, mysql, tap, draw, expect, undisturbed }) => {
    const other = await lab.$another();
    let id = draw.int(1_000, 9_999);
    const read = () => lab.getProfile(id, { ttlMs: HOUR });
    await undisturbed({ see: '07.read.missing', without: 'a second process' }, async () => {
      expect(await read(), `There is no player ${id}: that is null`).toBe(null);
      await other.getProfile(id, { ttlMs: HOUR });
    });
    for (const server of ['mysql', 'redis'] as const) {
      for (let at = 1; at <= MOST_COMMANDS; at++) {
        id += 1;
        const stall = tap[server].stallAt(at);
        const reading = begin(read());
        const stands = stall.happened.then(() => true);
        if (!(await Promise.race([stands, reading.then(() => false)]))) {
          stall.release();
          break;
        }
        const made = await aNewPlayer(mysql, aChange(draw, id));
        const saving = begin(other.saveProfile({ ...made, level: 1 }, { ttlMs: HOUR }));
        await overOrStill(tap, saving);
        stall.release();
        const [, saved] = await Promise.all([reading, saving]);
        const sentence = `A reader asked for player ${id}, whom nobody had made yet, and stood still at its command ${at} to ${server === 'mysql' ? 'MySQL' : 'Redis'}; then the player was made and saved; then the reader went on. A kept "nobody" gives way to a profile: SET ... NX`;
        expect(await lab.getProfile(id, { ttlMs: HOUR }), sentence).toEqual(saved);
      }
      await redis.flushdb();
    }
  },
);

check(
  '07.refused.connections',
  'What fails takes no connection with it, and leaves no lock',
  2,
  async (fixtures) => {
    const { lab, redis, mysql, draw, expect } = fixtures;
    const [id, other] = somePlayers(draw, 2) as [number, number];
    const change = aChange(draw, id);
    const process = await lab.$another();
    // Clients that a process opened in another check would come back while this one counts.
    await Promise.all([lab, process].map((one) => one.$crash()));
    const old = await plainly(fixtures, 'an error', { change });
    const taken = profileIn(await lab.saveProfile(aChange(draw, other), { ttlMs: HOUR }));
    const ways: Record<string, () => Promise<unknown>> = {
      'a level that MySQL refuses': () => lab.saveProfile({ ...change, level: 101 }, { ttlMs: HOUR }),
      'a name that is taken': () =>
        lab.saveProfile({ ...change, displayName: String(taken.displayName) }, { ttlMs: HOUR }),
      'no such player': () => lab.saveProfile({ ...change, playerId: NOBODY }, { ttlMs: HOUR }),
      'a read of nobody': () => lab.getProfile(NOBODY, { ttlMs: HOUR }),
      'a read of somebody': async () => {
        await redis.del(keyOf(other));
        await lab.getProfile(other, { ttlMs: HOUR });
      },
    };
    const open = () => openConnections(redis);
    for (const [what, way] of Object.entries(ways)) {
      const before = await open();
      for (let n = 1; n <= CALLS_TO_LEAK; n++) {
        const sentence = `${countOf(n, 'call')} in a row (${what}), and the last one had no answer. Perhaps each took a connection from the pool and gave none back: release() belongs into finally`;
        await ends(way(), sentence);
      }
      const locked = `After ${what} another process could not save this player: end what you began, with ROLLBACK or RELEASE_LOCK, also where it throws`;
      await ends(process.saveProfile(change, { ttlMs: HOUR }), locked);
      for (let n = 0; n < 2; n++) {
        await redis.flushdb();
        const sees = `After ${what} another process saved this player, nothing was cached, and a read got an older profile than MySQL holds. Perhaps a connection was given back with a transaction open, or with autocommit off: a read on it goes on seeing what was there when the transaction began`;
        expect(await lab.getProfile(id, { ttlMs: HOUR }), sees).toEqual(await rowOf(mysql, id));
        await process.saveProfile(change, { ttlMs: HOUR });
      }
      await mysql.query('UPDATE players SET coins = coins WHERE id IN (?, ?)', [id, other]);
      const enough = before + CALLS_TO_LEAK / 2;
      await until(async () => (await open()) <= enough, 1_000);
      const left = await open();
      const opened = `${what}, ${CALLS_TO_LEAK} times, left ${left - before} more connections to Redis open: close what you open, or keep one for the whole process`;
      expect(left <= enough, opened).toBe(true);
    }
    const saved = profileIn(await lab.saveProfile(aChange(draw, id), { ttlMs: HOUR }));
    expect(versionIn(saved) > old.version, 'A save after all that counts').toBe(true);
  },
);

check('07.read.no-renewal', 'A hit does not make the cached profile live longer', 1, async (fixtures) => {
  const { lab, redis, draw, expect } = fixtures;
  const change = aChange(draw);
  const { playerId } = change;
  await plainly(fixtures, 'a look at its time to live', { change });
  await redis.pexpire(keyOf(playerId), 30_000);
  for (let n = 0; n < 3; n++) await lab.getProfile(playerId, { ttlMs: HOUR });
  const left = await redis.pttl(keyOf(playerId));
  const sentence = `The profile had 30000 ms to live, and after three hits PTTL says ${left}. Where a write could not reach the cache, readers who renew the older profile would keep it for ever`;
  expect(left > 0 && left <= 30_000, sentence).toBe(true);
});

check(
  '07.read.no-profile',
  'What stands in the cache and is no profile counts as nothing',
  1,
  async (fixtures) => {
    const { lab, redis, mysql, draw, expect } = fixtures;
    await plainly(fixtures, 'a text that is no profile', { change: aChange(draw) });
    for (const text of ['{"playerId":', '', 'OK', '[]', '{}', '7', '"text"']) {
      const id = somePlayers(draw, 1)[0]!;
      await redis.set(keyOf(id), text);
      const read = begin(lab.getProfile(id, { ttlMs: HOUR }));
      const sentence = `${keyOf(id)} held ${JSON.stringify(text)}, which is no profile: read the row then`;
      expect((await thrownBy(read))?.message, sentence).toBe(undefined);
      expect(await read, sentence).toEqual(await rowOf(mysql, id));
      const kept = `${keyOf(id)} held ${JSON.stringify(text)}, which is no profile: what a reader loads takes that text's place`;
      expect(await cachedOf(redis, id), kept).toEqual(await rowOf(mysql, id));
      await redis.set(keyOf(id), text);
      const saved = await lab.saveProfile(aChange(draw, id), { ttlMs: HOUR });
      const replaced = `${keyOf(id)} held ${JSON.stringify(text)}, which is no profile and has no version: a save replaces it`;
      expect(await cachedOf(redis, id), replaced).toEqual(saved);
    }
  },
);

// The last, as a client that lost its server takes its time to come back.
check(
  '07.down.away',
  'Where Redis has gone away, a save and a read succeed all the same',
  3,
  async (fixtures) => {
    const { lab, mysql, tap, draw, expect, undisturbed } = fixtures;
    const change = aChange(draw);
    const id = change.playerId;
    const old = await plainly(fixtures, 'a Redis that is away', { change });
    await undisturbed({ see: '07.read.missing', without: 'a Redis that is away' }, async () => {
      const read = await lab.getProfile(NOBODY, { ttlMs: HOUR });
      expect(read, `There is no player ${NOBODY}: that is null`).toBe(null);
    });
    const next = aChange(draw, id);
    // A new process: ioredis lets a command that was on its way when a connection broke wait for the next connection.
    await lab.$crash();
    tap.redis.refuse(100_000);
    const saving = begin(lab.saveProfile(next, { ttlMs: HOUR }));
    const reading = begin(lab.getProfile(NOBODY, { ttlMs: HOUR }));
    const sentence =
      'Redis had gone away, and the save threw. MySQL has committed: who hears an error writes again, or tells the player that it failed. Catch what Redis throws';
    expect((await thrownBy(saving))?.message, sentence).toBe(undefined);
    expect(await saving, 'The save resolves to the profile as committed').toEqual({
      ...next,
      version: versionIn(old) + 1,
    });
    expect(await rowOf(mysql, id), 'MySQL has it').toEqual(await saving);
    const asked = 'Redis had gone away, and the read threw: ask MySQL';
    expect((await thrownBy(reading))?.message, asked).toBe(undefined);
    expect(await reading, 'MySQL has no such player: that is null, with or without a cache').toBe(null);
    await lab.$crash(); // and who comes next need not wait for it to connect again
  },
);
