import type { ExpectStatic } from '@vitest/expect';
import { countOf } from '../kit/base/count-of.ts';
import { CheckFailed } from '../kit/judge/check-errors.ts';
import type { CheckFixtures } from '../kit/judge/definition.ts';
import { CLOCK_START } from '../kit/judge/environment.ts';
import { fairClock } from '../kit/judge/fair-clock.ts';
import { StudentError } from '../kit/judge/runner/student-error.ts';
import { fieldOf, listOf, numberOf } from '../kit/judge/shapes.ts';
import { thrownBy } from '../kit/judge/thrown-by.ts';
import { withConfig } from '../kit/judge/with-config.ts';
import { checksOf } from '../src/checks.ts';
import type { InventoryChange, WriteBehind } from '../src/contracts/write-behind.ts';
import { appliedOf, changeMaker, give, held, type Place, sum } from './support/inventory.ts';
import { largestStep } from './support/largest-step.ts';
import { mysqlSaysNo, passingErrors } from './support/mysql-says-no.ts';
import { newClients } from './support/new-clients.ts';
import { pass } from './support/pass.ts';
import { redisGoesAway } from './support/redis-goes-away.ts';
import { saying } from './support/saying.ts';
import { begin } from './support/standstill.ts';
import { steppedIn } from './support/stepped-in.ts';
import { outcomeOf, thrown } from './support/throws.ts';
import { undecidedAfter, until } from './support/until.ts';

const check = checksOf<WriteBehind>('08-write-behind');
type Process = CheckFixtures<WriteBehind>['lab'];
type Taps = CheckFixtures<WriteBehind>['tap'];
type Fixtures = CheckFixtures<WriteBehind> & { expect: ExpectStatic };

/** Far longer than any right solution needs, ms. */
const AGES = 6_000;
/** Long enough for something to begin that is not to begin, ms. */
const A_MOMENT = 40;
/** Far longer than eight flushes take that begin every 20 ms, and shorter than eight of one a second, ms. */
const OFTEN_ENOUGH = 4_000;
/** The most trips of a batch, however large, to both servers together. */
const BATCH_TRIPS = 20;
/** More changes than Lua's `unpack` hands to one command: it ends at some 8,000. */
const VERY_MANY = 8_100;
/** Cuts of one check: more commands than that are not needed, and each costs time. */
const MAX_CUTS = 12;
/** Kills of one check: each costs the start of a process. */
const MAX_KILLS = 6;
/** The pool holds ten connections: where one is lost with each error, the eleventh call waits for ever. */
const BEYOND_POOL = 12;
/** Also more than somebody reads who reads a hundred at most. */
const MANY_REFUSED = 101;
const HOUR = 3_600_000;
/** What MySQL's INT UNSIGNED holds at most. */
const LARGEST = 4_294_967_295;

/** Gita's ore, of which she holds 5 in the fixture, her leather (a row of 0), and what a new player has no row of. */
const ore: Place = { playerId: 7, resourceId: 2 };
const leather: Place = { playerId: 7, resourceId: 6 };
const herbs: Place = { playerId: 3, resourceId: 4 };
const coal: Place = { playerId: 10, resourceId: 3 };

/** What the players of `ore` and `herbs` hold of them, as a student reads it. */
const oreAndHerbs = async (mysql: Fixtures['mysql']) => ({
  'of resource 2': await held(mysql, ore),
  'of resource 4': await held(mysql, herbs),
});

/** MySQL goes away: connections are closed, new ones too. */
function mysqlDown(tap: Taps): () => void {
  tap.mysql.refuse(1_000_000);
  tap.mysql.disconnectAll();
  return () => tap.mysql.refuse(0);
}

const inOrder = async (lab: Process, changes: readonly InventoryChange[]) => {
  for (const change of changes) await lab.acceptChange(change);
};
/** Without an order among them, which is quicker. */
const atOnce = (lab: Process, changes: readonly InventoryChange[]) =>
  Promise.all(changes.map((change) => lab.acceptChange(change)));

/** What getRefused() told, as a list, and the ids in it. */
const refusedBy = async (lab: Process) => listOf(await lab.getRefused(), 'What getRefused() gives');
const refusedIds = async (lab: Process) => (await refusedBy(lab)).map((one) => fieldOf(one, 'changeId'));

/** How many changes a flush says that it applied. */
const countIn = (value: unknown) => numberOf(value, 'What flushChanges() gives');

/** Where a COMMIT stands among the commands that MySQL was sent since the last reset: `[8]`. */
function commits(tap: Taps): number[] {
  const sent = tap.mysql.transcript().filter(({ kind, server }) => kind === 'request' && server === 'mysql');
  return sent.flatMap(({ text }, i) => (/^commit/i.test(text) ? [i + 1] : []));
}

/** What only reads, as far as a queue needs it. */
const reads = new Set(
  'XRANGE XREVRANGE XREAD XLEN LRANGE LLEN LINDEX ZRANGE ZRANGEBYSCORE ZCARD ZSCORE SMEMBERS SCARD HGET HMGET HGETALL HLEN GET MGET EXISTS'.split(
    ' ',
  ),
);

/** Where the commands stand that Redis was sent since the last reset and that may have written: `[3, 5]`. */
function writes(tap: Taps): number[] {
  const sent = tap.redis.transcript().filter(({ kind, server }) => kind === 'request' && server === 'redis');
  return sent.flatMap(({ name }, i) => (reads.has(name) ? [] : [i + 1]));
}

check(
  '08.accept.now',
  'acceptChange() resolves while MySQL is away, and getPending() knows of it at once',
  2,
  async ({ lab, tap, mysql, draw, expect }) => {
    mysqlDown(tap);
    const make = changeMaker(draw);
    const deltas = [draw.int(1, 50), -draw.int(51, 90), draw.int(1, 9)];
    for (const [i, delta] of deltas.entries()) {
      const error = await thrownBy(lab.acceptChange(make(ore, delta)));
      const sentence =
        'MySQL was away, and acceptChange() threw. It only puts the change into Redis: that is all that the player waits for';
      expect(error?.message, sentence).toBe(undefined);
      expect(
        await lab.getPending(ore.playerId, ore.resourceId),
        'getPending() is the sum of the deltas accepted so far',
      ).toBe(sum(deltas.slice(0, i + 1)));
    }
    expect(await held(mysql, ore), 'MySQL does not know of it yet').toBe(5);
  },
);

check(
  '08.accept.one-trip',
  'acceptChange() and getPending() take one round trip each',
  2,
  async ({ lab, tap, draw, expect }) => {
    const make = changeMaker(draw);
    await lab.acceptChange(make(ore, 1));
    tap.redis.holdMs = 5;
    tap.meter.reset();
    await lab.acceptChange(make(ore, 2));
    const sentence = `acceptChange() took ${tap.meter.trips} trips. Whether the id is known, the queue and the sum belong into one step: a Lua script`;
    expect(tap.meter.trips, sentence).toBe(1);
    tap.meter.reset();
    await lab.getPending(ore.playerId, ore.resourceId);
    const reads = `getPending() took ${tap.meter.trips} trips: keep the sum, one number for each player and resource, beside the queue`;
    expect(tap.meter.trips, reads).toBe(1);
  },
);

check(
  '08.accept.same-id',
  'The same changeId counts once: at once, later, and after it was written',
  3,
  async ({ lab, mysql, draw, expect }) => {
    const make = changeMaker(draw);
    const change = make(herbs, draw.int(2, 40));
    const other = { ...change, delta: change.delta + 1 };
    await Promise.all(Array.from({ length: 8 }, () => lab.acceptChange(change)));
    await lab.acceptChange(other);
    const pending = () => lab.getPending(herbs.playerId, herbs.resourceId);
    const sentence =
      'A client that heard no answer sends its change again, under the same changeId: nine times it came, and it counts once, as it came first. Look for the id and remember it in one step';
    expect(await pending(), sentence).toBe(change.delta);
    await lab.flushChanges();
    expect(await held(mysql, herbs), sentence).toBe(change.delta);
    await lab.acceptChange(change);
    const late =
      'The change was in MySQL, and its changeId came once more: Redis should know the id for another day, so that nothing is pending';
    expect(await pending(), late).toBe(0);
    await lab.flushChanges();
    expect(await held(mysql, herbs), late).toBe(change.delta);
  },
);

check(
  '08.accept.two-ids',
  'Ids that differ by a letter case are two changes',
  1,
  async ({ lab, mysql, draw, expect }) => {
    const id = `x${draw.int(1, 1e9)}`;
    const long = id.padEnd(99, '~');
    const odd = [`${id}'`, `${id}"`, `${id}\\`, `${id}%`, `${id}_`, `{${id}}`, '!', 'constructor', '0', '00'];
    const changes = [
      id,
      id.toUpperCase(),
      `${id}:7`,
      `${id}.`,
      `${id}*`,
      `[${id}]`,
      `${long}1`,
      `${long}2`,
      ...odd,
    ];
    for (const changeId of changes) await lab.acceptChange({ ...herbs, changeId, delta: 1 });
    const many = changes.length;
    const sentence = `${many} different ids (${changes.slice(0, 3).join(', ')}, two of 100 characters, some with quotes, ...) came with a change of 1 each: ${many} changes. Ids that differ in anything, also in a letter's case, are different, and * or [ in one is a letter as any other`;
    expect(await lab.getPending(herbs.playerId, herbs.resourceId), sentence).toBe(many);
    expect(await lab.flushChanges({ batch: 7 }), sentence).toBe(many);
    expect(await held(mysql, herbs), sentence).toBe(many);
  },
);

check(
  '08.accept.sums',
  'getPending() tells players and resources apart',
  2,
  async ({ lab, draw, expect }) => {
    const make = changeMaker(draw);
    const places: Place[] = [
      { playerId: 1, resourceId: 11 },
      { playerId: 11, resourceId: 1 },
      { playerId: 1, resourceId: 1 },
      { playerId: 11, resourceId: 11 },
    ];
    const wanted = places.map(() => 0);
    const changes = Array.from({ length: 40 }, () => {
      const at = draw.int(0, 3);
      const delta = draw.pick([-1, 1]) * draw.int(1, 4_000_000_000);
      wanted[at] = wanted[at]! + delta;
      return make(places[at]!, delta);
    });
    await atOnce(lab, changes);
    const got = await Promise.all(places.map((p) => lab.getPending(p.playerId, p.resourceId)));
    expect(
      got,
      'Forty changes at once, of players 1 and 11 and resources 1 and 11: four exact sums (of player 1 and resource 11, 11 and 1, 1 and 1, 11 and 11)',
    ).toEqual(wanted);
    expect(await lab.getPending(2, 1), 'Nothing was accepted for player 2').toBe(0);
    const farthest: Place = { playerId: LARGEST, resourceId: LARGEST };
    for (const delta of [LARGEST, LARGEST, -LARGEST]) await lab.acceptChange(make(farthest, delta));
    expect(
      await lab.getPending(LARGEST, LARGEST),
      'The largest ids and deltas that are changes were accepted, 4,294,967,295 of each, twice more and once less',
    ).toBe(LARGEST);
  },
);

check(
  '08.accept.no-change',
  'What is no change is refused with a TypeError, and nothing is sent',
  1,
  async ({ lab, tap, draw, expect }) => {
    const change = changeMaker(draw)(ore, 1);
    await lab.acceptChange(change);
    tap.meter.reset();
    const wrong: [keyof InventoryChange, unknown][] = [
      ...each('delta', [0, 1.5, Number.NaN, '5', LARGEST + 1, -LARGEST - 1, undefined, null, Infinity, true]),
      ...each('changeId', [
        '',
        'x'.repeat(101),
        'a b',
        ' ab',
        'ab ',
        'a\nb',
        'ab\n',
        'a\tb',
        'a\u007f',
        'ä',
        '剑',
      ]),
      ...each('changeId', [7, null, undefined, ['ab']]),
      ...each('playerId', [0, -1, '7', 1.5, Number.NaN, LARGEST + 1, null, undefined, Infinity]),
      ...each('resourceId', [0, -1, '2', 1.5, Number.NaN, LARGEST + 1, null, undefined, Infinity]),
    ];
    for (const [field, value] of wrong) {
      const outcome = await outcomeOf(lab.acceptChange({ ...change, changeId: 'other', [field]: value }));
      const sentence = `acceptChange() was given ${field}: ${shownAs(value)}, and the ${field} of a change is ${rules[field]}. Refuse it with a TypeError: once it is acknowledged it must be written`;
      thrown(outcome, 'TypeError', sentence);
    }
    const { commands } = tap.meter;
    const late = `What is no change was refused, and Redis or MySQL was sent ${countOf(commands, 'command')}: refuse it before the first`;
    expect(commands === 0, late).toBe(true);
  },
);

const fromOne = 'a whole number from 1 to 4,294,967,295';
/** What the contract says of each field. */
const rules: Record<keyof InventoryChange, string> = {
  changeId: 'a text of 1 to 100 visible ASCII characters, without a space',
  playerId: fromOne,
  resourceId: fromOne,
  delta: 'a whole number, not 0, at most 4,294,967,295 either way',
};

const each = (field: keyof InventoryChange, values: unknown[]): [keyof InventoryChange, unknown][] =>
  values.map((value) => [field, value]);

const shownAs = (value: unknown) =>
  typeof value === 'string' || Array.isArray(value) ? JSON.stringify(value) : String(value);

/** One change of its own, accepted and written, by nobody disturbed. */
const acceptAndFlush =
  ({ lab, mysql, expect }: Pick<Fixtures, 'lab' | 'mysql' | 'expect'>, change: InventoryChange) =>
  async () => {
    const before = Number(await held(mysql, change));
    await lab.acceptChange(change);
    const pending = await lab.getPending(change.playerId, change.resourceId);
    expect(pending, `A change of ${change.delta} was accepted: it is pending`).toBe(change.delta);
    expect(await lab.flushChanges(), 'One change was accepted: flushChanges() resolves to 1').toBe(1);
    expect(await held(mysql, change), 'It was flushed: MySQL has it').toBe(before + change.delta);
    expect(
      await lab.getPending(change.playerId, change.resourceId),
      'It was flushed: it is not pending any more',
    ).toBe(0);
  };

check(
  '08.accept.remembered',
  'An id is known while its change waits, and a day after it was written or refused',
  2,
  async ({ lab, redis, mysql, draw, undisturbed, expect }) => {
    const make = changeMaker(draw);
    const later = async (hours: number) => {
      clock += hours * HOUR;
      await pass(redis, hours * HOUR);
      await lab.$setClock(clock);
    };
    let clock = CLOCK_START;
    const [change, poison] = [make(herbs, draw.int(2, 40)), make(ore, -draw.int(100, 1000))];
    const pending = async () => ({
      written: await lab.getPending(herbs.playerId, herbs.resourceId),
      refused: await lab.getPending(ore.playerId, ore.resourceId),
    });
    await undisturbed(
      { see: '08.accept.same-id', without: 'a wait' },
      acceptAndFlush({ lab, mysql, expect }, make(leather, 1)),
    );
    await inOrder(lab, [change, poison]);
    for (const [hours, long] of [
      [20, '20 hours'],
      [40 * 24, '40 days more'],
    ] as const) {
      await later(hours);
      await inOrder(lab, [change, poison]);
      const waiting = `Two changes waited for ${long}, and came once more under the same ids: each counts once. An id is known as long as its change waits, however long`;
      expect(await pending(), waiting).toEqual({ written: change.delta, refused: poison.delta });
    }
    await lab.flushChanges();
    const settled =
      'One change was written and one was refused, and getPending() still counts one of them: neither is pending any more';
    expect(await pending(), settled).toEqual({ written: 0, refused: 0 });
    await later(23);
    await inOrder(lab, [change, poison]);
    const known =
      'One change was written, one was refused, and 23 hours later both came once more: Redis should know the ids for a day from then, not from when they came first, so that nothing is pending';
    expect(await pending(), known).toEqual({ written: 0, refused: 0 });
    await lab.flushChanges();
    expect(await held(mysql, herbs), known).toBe(change.delta);
  },
);

check(
  '08.accept.cut',
  'Wherever acceptChange() is cut off, the change sent again counts once',
  4,
  async ({ lab, mysql, tap, draw, undisturbed, expect }) => {
    const make = changeMaker(draw);
    let total = 2;
    const commands = await undisturbed({ see: '08.accept.now', without: 'a kill' }, async () => {
      await lab.acceptChange(make(herbs, 1));
      tap.redis.reset();
      await lab.acceptChange(make(herbs, 1));
      const sent = tap.redis.counts().commands;
      expect(sent > 0, 'It sent Redis nothing at all').toBe(true);
      expect(await lab.getPending(herbs.playerId, herbs.resourceId), 'Two were accepted').toBe(total);
      return sent;
    });
    for (let at = 1; at <= Math.min(commands, 5); at++) {
      const change = make(herbs, draw.int(1, 9));
      const cut = tap.redis.cutAfter(at);
      const call = begin(lab.acceptChange(change));
      await Promise.race([cut.happened, call.catch(() => {})]);
      await lab.$crash();
      cut.restore();
      await call.catch(() => {});
      await lab.acceptChange(change);
      total += change.delta;
      const sentence = `The process was killed after command ${at} of ${commands} of acceptChange(), and the client sent its change again. It was acknowledged, so it counts, once. What Redis was told before the kill must be all of it: one script, or MULTI`;
      expect(await lab.getPending(herbs.playerId, herbs.resourceId), sentence).toBe(total);
      if (at < Math.min(commands, 5)) continue;
      await lab.flushChanges();
      expect(await held(mysql, herbs), sentence).toBe(total);
    }
  },
);

check(
  '08.accept.full',
  'A Redis that is full or away is an error for who sends a change, and not an acknowledgement',
  3,
  async ({ lab, redis, mysql, tap, draw, undisturbed, expect }) => {
    const make = changeMaker(draw);
    const pending = () => lab.getPending(herbs.playerId, herbs.resourceId);
    await undisturbed({ see: '08.accept.now', without: 'an error of Redis' }, async () => {
      await lab.acceptChange(make(herbs, 3));
      expect(await pending(), 'A change of 3 was accepted: it is pending').toBe(3);
    });
    const late = make(herbs, 4);
    await withConfig(redis, { maxmemory: '1' }, async () => {
      const error = await thrownBy(lab.acceptChange(late));
      const sentence =
        'Redis was full (noeviction) and kept nothing, and acceptChange() resolved all the same. Let the error reach the caller; in a pipeline or MULTI each command has one of its own: look at the replies';
      expect(error !== undefined, sentence).toBe(true);
    });
    // Asked only now: a full Redis also refuses reads that stand in a MULTI, and SORT.
    expect(await pending(), 'Redis was full and took nothing: what is pending is as before').toBe(3);
    await lab.acceptChange(late);
    const again = 'Redis has room again, and the change that was not taken before comes once more: it counts';
    expect(await pending(), again).toBe(7);
    await lab.flushChanges();
    expect(await held(mysql, herbs), again).toBe(7);
    await redisGoesAway(tap);
    const error = await thrownBy(lab.acceptChange(make(herbs, 5)));
    const away = 'Redis was away, nothing was kept, and acceptChange() resolved all the same';
    expect(error !== undefined, away).toBe(true);
  },
);

check(
  '08.flush.writes',
  'flushChanges() writes what was accepted, says how much, and leaves nothing pending',
  3,
  async ({ lab, mysql, draw, expect }) => {
    const make = changeMaker(draw);
    const changes = [
      ...[ore, leather, herbs, ore, ore].map((place) => make(place, draw.int(1, 40))),
      make(ore, -draw.int(1, 5)),
    ];
    await inOrder(lab, changes);
    const applied = await lab.flushChanges({ batch: 4 });
    for (const [place, before] of [
      [ore, 5],
      [leather, 0],
      [herbs, 0],
    ] as [Place, number][]) {
      const of = changes.filter(
        ({ playerId, resourceId }) => playerId === place.playerId && resourceId === place.resourceId,
      );
      const wanted = before + sum(of.map(({ delta }) => delta));
      const whose = `player ${place.playerId} and resource ${place.resourceId}`;
      const had = place === herbs ? 'There was no row' : `The row held ${before}`;
      const added = `${had} of ${whose}, and ${of.map(({ delta }) => delta).join(' and ')} came: a delta is added, to 0 where there is no row`;
      expect(await held(mysql, place), added).toBe(wanted);
      const settled = `Everything of ${whose} is written, so nothing of it is pending`;
      expect(await lab.getPending(place.playerId, place.resourceId), settled).toBe(0);
    }
    const many = 'flushChanges() resolves to how many changes it applied';
    expect(applied, many).toBe(changes.length);
    const ids = changes.map(({ changeId }) => changeId);
    expect(await appliedOf(mysql, changes), 'Each changeId belongs into applied_writes').toEqual(ids);
    expect(await lab.flushChanges(), 'All was written before, so a second call applies nothing').toBe(0);
    const amount = draw.int(1, 99);
    await inOrder(lab, [make(coal, LARGEST), make(coal, -LARGEST), make(coal, LARGEST - amount)]);
    await lab.flushChanges();
    const large = `${LARGEST} more, as many less, and ${LARGEST - amount} more of what nobody had: each is a change, and each of them fits`;
    expect(await held(mysql, coal), large).toBe(LARGEST - amount);
  },
);

check(
  '08.flush.idle',
  'With nothing accepted, flushChanges() leaves MySQL alone',
  1,
  async ({ lab, tap, mysql, draw, undisturbed, expect }) => {
    const change = changeMaker(draw)(ore, 1);
    await undisturbed(
      { see: '08.flush.writes', without: 'a second call' },
      acceptAndFlush({ lab, mysql, expect }, change),
    );
    tap.meter.reset();
    await lab.flushChanges();
    let { commands } = tap.mysql.counts();
    await lab.acceptChange(change);
    tap.meter.reset();
    await lab.flushChanges();
    commands += tap.mysql.counts().commands;
    const sentence = `Nothing was accepted but one change again that was written before, and flushChanges() sent MySQL ${countOf(commands, 'command')}. It is called every second in every process: look into Redis first, and ask MySQL only where there is something to write`;
    expect(commands === 0, sentence).toBe(true);
  },
);

check(
  '08.flush.batch',
  'A batch of a hundred changes takes no more round trips than one of ten',
  3,
  async ({ lab, tap, mysql, draw, expect }) => {
    const make = changeMaker(draw);
    const changes = Array.from({ length: 100 }, () => make(draw.pick([ore, herbs, leather]), draw.int(1, 9)));
    await atOnce(lab, changes);
    tap.redis.holdMs = 5;
    tap.mysql.holdMs = 5;
    tap.meter.reset();
    await lab.flushChanges({ batch: 100 });
    const { trips } = tap.meter;
    const sentence = `A batch of 100 took ${trips} round trips, more than ${BATCH_TRIPS}. Read it with one command, write it with one INSERT of many rows for each table, acknowledge it with one script`;
    expect(trips <= BATCH_TRIPS, sentence).toBe(true);
    tap.redis.holdMs = 0;
    tap.mysql.holdMs = 0;
    const places = await Promise.all([ore, herbs, leather].map((place) => held(mysql, place)));
    const total = 5 + sum(changes.map(({ delta }) => delta));
    expect(sum(places.map(Number)), 'Each of them is written').toBe(total);
    const many = Array.from({ length: VERY_MANY }, () => make(ore, 1));
    for (let i = 0; i < many.length; i += 500) await atOnce(lab, many.slice(i, i + 500));
    tap.meter.reset();
    const what = `${VERY_MANY} changes waited, and flushChanges({ batch: 10_000 })`;
    const applied = await saying(
      `${what} failed. A batch may be large: Lua's unpack() ends at some 8,000 values, and a prepared statement at 65,535`,
      lab.flushChanges({ batch: 10_000 }),
    );
    expect(applied, `${what} did not apply them all`).toBe(VERY_MANY);
    const large = `${what} took ${tap.meter.trips} round trips, more than ${BATCH_TRIPS}: a batch costs the same few, however large it is`;
    expect(tap.meter.trips <= BATCH_TRIPS, large).toBe(true);
    const left = await lab.getPending(ore.playerId, ore.resourceId);
    expect(left, `${what}: all is written, so nothing is pending`).toBe(0);
  },
);

check(
  '08.flush.size',
  'A transaction takes at most `batch` changes, and each of them whole',
  2,
  async ({ lab, tap, mysql, draw, expect }) => {
    const make = changeMaker(draw);
    const few = () => Array.from({ length: 20 }, () => make(herbs, 1));
    await atOnce(lab, few());
    tap.meter.reset();
    await lab.flushChanges({ batch: 5 });
    const { commands } = tap.mysql.counts();
    const changes = few();
    await atOnce(lab, changes);
    const cut = tap.mysql.cutAfter(Math.ceil(commands * 0.6));
    await lab.flushChanges({ batch: 5 }).catch(() => {});
    const applied = (await appliedOf(mysql, changes)).length;
    const sentence = `20 changes, batch 5: four transactions. MySQL was cut off after 60 of 100 commands, and ${applied} of the 20 were in applied_writes. A batch that is done stays done, and what is not begun is not written`;
    expect(applied > 0 && applied < 20, sentence).toBe(true);
    const both = `${applied} changes of +1 stand in applied_writes, and inventories should have as many: one transaction for both`;
    expect(await held(mysql, herbs), both).toBe(20 + applied);
    cut.restore();
    await lab.flushChanges();
    expect(await held(mysql, herbs), 'And the next call writes the others').toBe(40);
    const seven = Array.from({ length: 7 }, () => make(herbs, 1));
    await atOnce(lab, seven);
    const count = async () => (await appliedOf(mysql, seven)).length;
    const largest = await largestStep(tap, { count, call: () => lab.flushChanges({ batch: 3 }) });
    const most = `7 changes waited, batch 3, and one transaction wrote ${largest} of them: 3 at most`;
    expect(largest > 0 && largest <= 3, most).toBe(true);
  },
);

check(
  '08.flush.order',
  'Changes of one player and resource are applied in the order of acceptance',
  3,
  async ({ lab, mysql, draw, expect }) => {
    const make = changeMaker(draw);
    const places = [leather, herbs, coal];
    // Everything that comes in goes out again: of two that change places, one would leave less than nothing.
    const changes = Array.from({ length: 6 }).flatMap((_, i) => {
      const amount = draw.int(1, 99);
      const place = places[i % places.length]!;
      return [make(place, amount), make(place, -amount)];
    });
    await inOrder(lab, changes);
    const flushed = await lab.flushChanges({ batch: 3 });
    const sentence =
      'Each +n was followed by a -n, on a stock of 0, and not all of them could be applied: first in, first out';
    expect(flushed, sentence).toBe(changes.length);
    expect(await lab.getRefused(), sentence).toEqual([]);
    for (const place of places) expect((await held(mysql, place)) ?? 0, sentence).toBe(0);
  },
);

check(
  '08.flush.down',
  'Where MySQL is away flushChanges() throws, nothing is lost, and the next call goes on',
  2,
  async ({ lab, tap, mysql, draw, undisturbed, expect }) => {
    const make = changeMaker(draw);
    const [a, b, c] = [draw.int(3, 9), draw.int(3, 9), draw.int(3, 9)];
    // On a stock of 1: whichever of them change places, one would leave less than nothing.
    const changes = [a, b, c, 1, -a - b - c, -1, draw.int(1, 9)].map((delta) => make(herbs, delta));
    const total = 1 + sum(changes.map(({ delta }) => delta));
    await undisturbed(
      { see: '08.flush.order', without: 'an outage of MySQL' },
      acceptAndFlush({ lab, mysql, expect }, make(herbs, 1)),
    );
    await inOrder(lab, changes);
    const up = mysqlDown(tap);
    for (let i = 0; i < 2; i++) {
      const error = await thrownBy(lab.flushChanges({ batch: 4 }));
      const silent = 'MySQL was away, and flushChanges() resolved: whoever runs it must hear of the error';
      expect(error !== undefined, silent).toBe(true);
      const sentence =
        'MySQL was away, so nothing was written: all that was accepted must still be pending. Take a batch out of Redis only when it is committed';
      expect(await lab.getPending(herbs.playerId, herbs.resourceId), sentence).toBe(total - 1);
    }
    up();
    const back = await lab.flushChanges({ batch: 4 });
    const order =
      'MySQL was away for two calls and is back, and changes were refused that are possible in the order in which they were accepted: what fails keeps its place in the queue';
    expect(await refusedIds(lab), order).toEqual([]);
    expect(back, 'MySQL is back: seven changes waited, and all are applied').toBe(changes.length);
    expect(await held(mysql, herbs), 'MySQL is back, and has all of it').toBe(total);
  },
);

check(
  '08.flush.errors',
  'An error of MySQL that says nothing of the data is no refusal, and costs no connection',
  3,
  async ({ lab, tap, mysql, draw, undisturbed, expect }) => {
    const make = changeMaker(draw);
    await undisturbed(
      { see: '08.flush.writes', without: 'an error of MySQL' },
      acceptAndFlush({ lab, mysql, expect }, make(herbs, 1)),
    );
    const tables = ['applied_writes', 'inventories'] as const;
    let total = 1;
    await mysqlSaysNo(
      mysql,
      tables,
      () => tap.mysql.disconnectAll(),
      async (sayNo) => {
        // Each of them often enough: a connection may be lost by one of them alone.
        for (let i = 0; i < BEYOND_POOL * passingErrors.length; i++) {
          const [table, error] = [tables[i % tables.length]!, passingErrors[i % passingErrors.length]!];
          const change = make(herbs, draw.int(1, 9));
          await lab.acceptChange(change);
          total += change.delta;
          const call = await sayNo(table, error, async () => {
            tap.meter.reset();
            let over = false;
            const flushing = begin(
              lab.flushChanges({ batch: 4 }).finally(() => {
                over = true;
              }),
            );
            // Whoever tries again itself goes on when the error is over.
            await until(() => over || tap.mysql.counts().errors >= 3, AGES);
            return { flushing };
          });
          const ended = thrownBy(call.flushing).then(() => refusedIds(lab));
          const refusedNow = await ended.catch((stuck) => {
            if (!(stuck instanceof StudentError) || stuck.trouble === 'throw' || i === 0) throw stuck;
            throw new CheckFailed(
              `flushChanges() had met ${i} errors of MySQL, and the next call of it, or of getRefused(), did not end. Perhaps a connection was taken from the pool and not given back, or given back in the middle of a transaction: ROLLBACK and release() on every path`,
            );
          });
          const what = `A write to ${table} failed by ${error.what} (${error.errno})`;
          const refused = `${what}, and a change counts as refused. Only what MySQL says of the data is for good: SQLSTATE 22 and 23`;
          expect(refusedNow, refused).toEqual([]);
          const waits = `${what}: all of the batch waits or all of it is written, so what MySQL holds and what is pending make ${total} together`;
          const pending = await lab.getPending(herbs.playerId, herbs.resourceId);
          const both = Number(await held(mysql, herbs)) + numberOf(pending, 'What getPending() gives');
          expect(both, waits).toBe(total);
        }
      },
    );
    await lab.flushChanges();
    expect(await held(mysql, herbs), 'MySQL takes everything again: the next call writes what waited').toBe(
      total,
    );
  },
);

check(
  '08.flush.cut-mysql',
  'Wherever MySQL is cut off, each change is written once in the end',
  4,
  async ({ lab, tap, mysql, draw, undisturbed, expect }) => {
    const make = changeMaker(draw);
    const accept = async () => {
      const changes = [ore, herbs, ore, herbs].map((place) => make(place, draw.int(1, 9)));
      await atOnce(lab, changes);
      return sum(changes.map(({ delta }) => delta));
    };
    const both = async () => Number(await held(mysql, ore)) + Number(await held(mysql, herbs));
    const commands = await undisturbed({ see: '08.flush.writes', without: 'a cut' }, async () => {
      const wanted = 5 + (await accept());
      tap.meter.reset();
      await lab.flushChanges();
      expect(await both(), 'Four changes were flushed: MySQL has them').toBe(wanted);
      return tap.mysql.counts().commands;
    });
    const step = Math.ceil(commands / MAX_CUTS);
    const cuts = Array.from({ length: commands }, (_, i) => ({ at: i + 1, executed: true })).filter(
      ({ at }) => at % step === 0,
    );
    // Whoever tells Redis before COMMIT is answered has lost what was not committed.
    for (const at of commits(tap)) cuts.push({ at, executed: false });
    let total = await both();
    for (const { at, executed } of cuts) {
      total += await accept();
      const cut = tap.mysql.cutAfter(at, { executed });
      let broke = 'it came to no such command this time';
      cut.happened.then(({ command }) => {
        broke = command.length > 60 ? `${command.slice(0, 60)}…` : command;
      });
      await lab.flushChanges().catch(() => {});
      cut.restore();
      const what = `The connection to MySQL broke at command ${at} of ${commands} (${broke}), which was ${executed ? '' : 'not '}carried out; then flushChanges() was called again`;
      await saying(`${what}, and failed`, lab.flushChanges());
      const sentence = `${what}. Whether a COMMIT without an answer was done, only applied_writes can tell: write it in the same transaction, look there first, and tell Redis last`;
      expect(await both(), sentence).toBe(total);
      const pending = await Promise.all([ore, herbs].map((p) => lab.getPending(p.playerId, p.resourceId)));
      expect(pending, sentence).toEqual([0, 0]);
    }
  },
);

check(
  '08.flush.cut-redis',
  'Wherever the process is killed, the next one writes the rest once',
  4,
  async ({ lab, redis, tap, mysql, draw, undisturbed, expect }) => {
    const make = changeMaker(draw);
    const accept = async () => {
      const changes = Array.from({ length: 3 }, () => make(herbs, draw.int(1, 9)));
      await inOrder(lab, changes);
      return sum(changes.map(({ delta }) => delta));
    };
    let total = 0;
    const written = await undisturbed({ see: '08.flush.writes', without: 'a kill' }, async () => {
      total = await accept();
      tap.meter.reset();
      await lab.flushChanges({ batch: 2 });
      const found = writes(tap);
      expect(await held(mysql, herbs), 'Three changes were flushed: MySQL has them').toBe(total);
      return found;
    });
    const { commands } = tap.redis.counts();
    // After COMMIT, when Redis has not heard of it, or of a part, or of all.
    const kills = written.slice(-MAX_KILLS).map((at) => ({ at, executed: false }));
    kills.push({ at: written.at(-1) ?? commands, executed: true });
    for (const { at, executed } of kills) {
      total += await accept();
      const cut = tap.redis.cutAfter(at, { executed });
      const call = begin(lab.flushChanges({ batch: 2 }));
      await Promise.race([cut.happened, call.catch(() => {})]);
      await lab.$crash();
      cut.restore();
      await call.catch(() => {});
      await pass(redis, 30_000); // what the dead one had locked for a while is free again
      await lab.flushChanges({ batch: 2 });
      const sentence = `The process was killed at its Redis command ${at} of ${commands}, which was ${executed ? '' : 'not '}carried out, and another one flushed. Read a batch, commit it, take it out of Redis, in this order and the last in one step: a kill may deliver twice and must not lose; applied_writes says what came twice`;
      expect(await held(mysql, herbs), sentence).toBe(total);
      expect(await lab.getPending(herbs.playerId, herbs.resourceId), sentence).toBe(0);
    }
  },
);

check(
  '08.flush.forgotten',
  'Where Redis lost everything and a client sends a written change again, MySQL knows it',
  2,
  async ({ lab, redis, mysql, draw, undisturbed, expect }) => {
    const make = changeMaker(draw);
    const changes = Array.from({ length: 3 }, () => make(herbs, draw.int(1, 9)));
    changes[2]!.changeId = changes[0]!.changeId.toUpperCase();
    await undisturbed({ see: '08.flush.writes', without: 'a loss of Redis' }, async () => {
      await atOnce(lab, changes.slice(0, 2));
      expect(await lab.flushChanges(), 'Two changes were accepted, and none lost yet').toBe(2);
    });
    await redis.flushdb();
    await atOnce(lab, changes);
    const sentence =
      'Three changes were accepted of which two stood in applied_writes already: only the third is applied, whose id differs from that of the first by the case of its letters';
    expect(await lab.flushChanges(), sentence).toBe(1);
    expect(await held(mysql, herbs), sentence).toBe(sum(changes.map(({ delta }) => delta)));
    expect(await lab.getPending(herbs.playerId, herbs.resourceId), 'And nothing is pending').toBe(0);
  },
);

check(
  '08.flush.meanwhile',
  'What is accepted during a flush is not lost',
  3,
  async ({ lab, tap, mysql, draw, undisturbed, expect }) => {
    const make = changeMaker(draw);
    const some = (count: number) => Array.from({ length: count }, () => make(herbs, draw.int(1, 9)));
    let total = 0;
    const accept = async (changes: InventoryChange[]) => {
      await atOnce(lab, changes);
      total += sum(changes.map(({ delta }) => delta));
    };
    const commands = await undisturbed(
      { see: '08.flush.writes', without: 'a change meanwhile' },
      async () => {
        await accept(some(3));
        tap.meter.reset();
        await lab.flushChanges({ batch: 3 });
        expect(await held(mysql, herbs), 'Three changes were flushed: MySQL has them').toBe(total);
        return tap.mysql.counts().commands;
      },
    );
    for (const at of new Set([1, Math.max(1, commands)])) {
      await accept(some(3));
      const stall = tap.mysql.stallAt(at, { executed: false });
      const flushing = begin(lab.flushChanges({ batch: 3 }));
      await Promise.race([stall.happened, flushing.catch(() => {})]);
      await accept(some(6));
      stall.release();
      await flushing;
      const how =
        'Take out of Redis what you wrote, entry by entry, and never the whole key; take from the sum what you wrote';
      const waits = `Changes came while a batch was being written, and getPending() does not say what was accepted and is not in MySQL. ${how}`;
      expect(await lab.getPending(herbs.playerId, herbs.resourceId), waits).toBe(
        total - Number(await held(mysql, herbs)),
      );
      await lab.flushChanges();
      const lost = `Changes came while a batch was being written, and the next call did not write them all. ${how}`;
      expect(await held(mysql, herbs), lost).toBe(total);
      const rest = `Changes came while a batch was being written, all are in MySQL by now, and still something is pending. ${how}`;
      expect(await lab.getPending(herbs.playerId, herbs.resourceId), rest).toBe(0);
    }
  },
);

check(
  '08.flush.two',
  'Two processes that flush at once apply each change once, and in order',
  4,
  async ({ lab, tap, mysql, draw, undisturbed, expect }) => {
    const other = await lab.$another();
    const make = changeMaker(draw);
    const batch = 2;
    let ores = 5;
    // Of the pairs one half ends a batch and the other begins the next: out of order, it would leave less than nothing.
    const prepare = async () => {
      const amount = draw.int(1, 99);
      const deltas = [amount, -amount, amount, -amount];
      await inOrder(lab, [make(ore, 1), ...deltas.map((delta) => make(leather, delta))]);
      ores += 1;
    };
    await undisturbed({ see: '08.flush.order', without: 'a second process' }, async () => {
      await prepare();
      expect(await lab.flushChanges({ batch }), 'Five changes were accepted').toBe(5);
    });
    // Who is overtaken, or finds the way barred, may throw: what counts is what is there in the end.
    const flush = (one: Process) => one.flushChanges({ batch }).then(countIn, () => undefined);
    const call = () => flush(lab);
    const step = async () => {
      const applied = await flush(other);
      await inOrder(other, [make(ore, 2), make(ore, 3)]);
      ores += 5;
      return applied;
    };
    const rounds = { prepare, call, step, most: 8 };
    for (const server of ['redis', 'mysql'] as const) {
      for await (const { commands, value, stepped } of steppedIn(tap, { ...rounds, server })) {
        const when = `One process had sent ${server === 'redis' ? 'Redis' : 'MySQL'} ${countOf(commands, 'command')} of its flush when another flushed`;
        const rest = await lab.flushChanges({ batch });
        const refused = (await refusedBy(lab)).length;
        const order = `${when}, and ${countOf(refused, 'change')} of those that were in order ended as refused. Who takes the next batch must wait until the one before is committed: a lock that the transaction holds`;
        expect(refused === 0, order).toBe(true);
        const once = `${when}, and two more changes came: each of the seven is applied once. Take out of Redis what you wrote, by its own id, not as many as you wrote`;
        expect([await held(mysql, ore), await held(mysql, leather)], once).toEqual([ores, 0]);
        const pending = await Promise.all(
          [ore, leather].map((p) => lab.getPending(p.playerId, p.resourceId)),
        );
        const settled = `${when}, two more changes came, and all seven are applied: nothing may be pending of either resource. Perhaps both took what they had written from the sum: take from it only what you took out of the queue yourself`;
        expect(pending, settled).toEqual([0, 0]);
        if (value === undefined || stepped === undefined) continue;
        const counts = `${when}, and then once more: ${value}, ${stepped} and ${rest} were told to be applied, of seven together`;
        expect(value + stepped + countIn(rest), counts).toBe(7);
      }
    }
  },
);

check(
  '08.refused.told',
  'A change that MySQL cannot take is told by getRefused(), and those behind it go on',
  3,
  async ({ lab, mysql, draw, expect }) => {
    const make = changeMaker(draw);
    const before = [make(ore, draw.int(1, 9)), make(herbs, draw.int(1, 9))];
    const poison = make(ore, -draw.int(100, 1000));
    const behind = [make(ore, draw.int(1, 9)), make(herbs, draw.int(1, 9)), make(leather, 1)];
    await inOrder(lab, [...before, poison, ...behind]);
    const foreign = JSON.stringify({ changeId: 'of somebody else', reason: 'none: this is another topic' });
    await mysql.query("INSERT INTO outbox (topic, payload) VALUES ('mail', ?)", [foreign]);
    const one = 'One change of six would leave less than nothing, which MySQL refuses';
    let applied: unknown;
    const error = await thrownBy(
      lab.flushChanges().then((count) => {
        applied = count;
      }),
    );
    const threw = `${one}, and flushChanges() threw: refuse that one, and go on with those behind it`;
    expect(error?.message, threw).toBe(undefined);
    const of = (place: Place) =>
      sum([...before, ...behind].filter((c) => c.resourceId === place.resourceId).map(({ delta }) => delta));
    const others = `${one}: that one changes nothing, and the five others are applied, those behind it too`;
    expect(await oreAndHerbs(mysql), others).toEqual({
      'of resource 2': 5 + of(ore),
      'of resource 4': of(herbs),
    });
    const many =
      'Five changes were applied and one was refused: flushChanges() resolves to how many it applied';
    expect(applied, many).toBe(5);
    const [refused, ...more] = await refusedBy(lab);
    const alone = `${one}: getRefused() tells of that one, and of nothing else that somebody put into outbox`;
    expect(more, alone).toEqual([]);
    const told = `${one}: getRefused() tells it as it was accepted, and why it was refused`;
    expect(refused, told).toMatchObject(poison);
    const reason = fieldOf(refused, 'reason');
    expect(reason, 'A person will read the reason').toEqual(expect.stringMatching(/\S/));
    const pending =
      'A change was refused, and getPending() is not 0: it will never be in MySQL, so take its delta from the sum as well';
    expect(await lab.getPending(ore.playerId, ore.resourceId), pending).toBe(0);
    expect(await lab.flushChanges(), 'Nothing is left').toBe(0);
    await lab.acceptChange(poison);
    await lab.flushChanges();
    expect((await refusedBy(lab)).length, 'Sent again, it is known: it is refused once').toBe(1);
  },
);

check(
  '08.refused.turn',
  'A change is judged at its turn, not by the sum of its batch',
  3,
  async ({ lab, mysql, draw, expect }) => {
    const make = changeMaker(draw);
    const n = draw.int(4, 50);
    await give(mysql, ore, 3);
    await give(mysql, herbs, 3);
    const tooMuch = [make(ore, -4 - n), make(herbs, -n - 20)];
    await inOrder(lab, [
      tooMuch[0]!, // 3 and not enough, though the batch brings more afterwards
      make(ore, 10 + n),
      make(herbs, 20), // 23, and the next is more than that
      tooMuch[1]!,
      make(herbs, -23),
    ]);
    await lab.flushChanges();
    const sentence =
      'A player held 3 and spent more, and only then got some: the spending is refused, the rest counts. Go through the changes of a batch in their order, each on what the ones before it left';
    expect(await oreAndHerbs(mysql), sentence).toEqual({ 'of resource 2': 13 + n, 'of resource 4': 0 });
    expect(await refusedIds(lab), sentence).toEqual(tooMuch.map(({ changeId }) => changeId));
    await give(mysql, leather, LARGEST - n);
    const over = make(leather, n + 1);
    await inOrder(lab, [over, make(leather, n), make(leather, -LARGEST)]);
    await lab.flushChanges();
    const brim = `A player held ${LARGEST - n}: ${n + 1} more do not fit, ${n} more do, and then all of it is spent. Exactly ${LARGEST} fits, and exactly 0 is left`;
    expect(await held(mysql, leather), brim).toBe(0);
    expect((await refusedIds(lab)).slice(tooMuch.length), brim).toEqual([over.changeId]);
  },
);

check(
  '08.refused.other',
  'Unknown players, unknown resources and too large a stock are refused too',
  2,
  async ({ lab, mysql, draw, expect }) => {
    const make = changeMaker(draw);
    const poisons = [
      make({ playerId: 9, resourceId: 2 }, 1), // has left
      make({ playerId: 7, resourceId: LARGEST - draw.int(0, 9) }, 1),
      make({ playerId: LARGEST - draw.int(0, 9), resourceId: 2 }, 1),
      make({ playerId: 11, resourceId: 1 }, 1), // holds all that fits
    ];
    const good = [make(ore, 1), make(herbs, 1)];
    await inOrder(lab, [poisons[0]!, good[0]!, ...poisons.slice(1), good[1]!]);
    const sentence =
      'No such player, no such resource, more than INT UNSIGNED holds: MySQL says no for good, so each is refused and the others go on. That MySQL is away is another matter';
    const error = await thrownBy(lab.flushChanges());
    expect(error?.message, sentence).toBe(undefined);
    expect([await held(mysql, ore), await held(mysql, herbs)], sentence).toEqual([6, 1]);
    expect(await refusedBy(lab), `${sentence}. getRefused() tells each as it was accepted`).toMatchObject(
      poisons,
    );
    const many = Array.from({ length: MANY_REFUSED }, (_, i) => make({ playerId: 9, resourceId: i + 1 }, 1));
    await inOrder(lab, [...many, make(herbs, 1)]);
    await thrownBy(lab.flushChanges()).catch((stuck) => {
      if (!(stuck instanceof StudentError)) throw stuck;
      throw new CheckFailed(
        `${MANY_REFUSED} changes were to be refused, and flushChanges() did not end. Perhaps each refusal costs a connection that is taken from the pool and not given back: release() on every path`,
      );
    });
    const all = `${MANY_REFUSED} more were to be refused, and the one behind them is applied`;
    expect((await refusedIds(lab)).length, all).toBe(poisons.length + MANY_REFUSED);
    expect(await held(mysql, herbs), all).toBe(2);
  },
);

check(
  '08.refused.cut',
  'Wherever a flush is cut off, a refused change is refused once, and stays refused',
  3,
  async ({ lab, redis, tap, mysql, draw, undisturbed, expect }) => {
    const make = changeMaker(draw);
    const refused: string[] = [];
    const accept = async () => {
      await give(mysql, ore, 3);
      const poison = make(ore, -draw.int(4, 9));
      refused.push(poison.changeId);
      await inOrder(lab, [poison, make(ore, 50)]); // after the second one, the first would be possible
    };
    await undisturbed({ see: '08.refused.turn', without: 'a cut' }, async () => {
      await accept();
      tap.meter.reset();
      await lab.flushChanges();
      const found = [await held(mysql, ore), await refusedIds(lab)];
      expect(found, 'A player held 3, spent more, and then got 50: 53, and one refused').toEqual([
        53,
        refused,
      ]);
    });
    // getRefused() may have asked too, after all of the flush: places past its end cut nothing.
    const counts = { redis: tap.redis.counts().commands, mysql: tap.mysql.counts().commands };
    const step = Math.ceil(counts.mysql / MAX_CUTS);
    const places: { server: 'redis' | 'mysql'; at: number }[] = [
      { server: 'redis', at: writes(tap).at(-1) ?? counts.redis },
      ...Array.from({ length: counts.mysql }, (_, i) => i + 1)
        .filter((at) => at % step === 0 || commits(tap).includes(at))
        .map((at) => ({ server: 'mysql' as const, at })),
    ];
    for (const { server, at } of places) {
      await accept();
      const cut = tap[server].cutAfter(at, { executed: server === 'mysql' });
      const call = begin(lab.flushChanges());
      if (server === 'redis') {
        await Promise.race([cut.happened, call.catch(() => {})]);
        await lab.$crash();
      }
      await call.catch(() => {});
      cut.restore();
      if (server === 'redis') await pass(redis, 30_000); // what the dead one had locked for a while is free again
      await lab.flushChanges();
      const sentence = `A batch with a change to be refused was cut off (${server}, command ${at} of ${counts[server]}) and flushed again. What was decided must be known afterwards: write the refusal in the same transaction as the rest`;
      expect(await held(mysql, ore), sentence).toBe(53);
      expect(await refusedIds(lab), sentence).toEqual(refused);
    }
  },
);

check(
  '08.run.flushes',
  'runFlusher() writes what comes until it is stopped, ends what is under way, and closes what it opened',
  2,
  async ({ lab, redis, tap, mysql, draw, expect }) => {
    const make = changeMaker(draw);
    await lab.acceptChange(make(herbs, 1));
    const opened = await newClients(redis);
    const reached = (quantity: number) => until(async () => (await held(mysql, herbs)) === quantity, AGES);
    const seen: boolean[] = [];
    let over = false;
    const stopped = async () => {
      seen.push(await reached(1));
      await lab.acceptChange(make(herbs, 2));
      seen.push(await reached(3));
      const stall = tap.mysql.stallAt(2, { executed: false });
      await lab.acceptChange(make(herbs, 4));
      await Promise.race([stall.happened, reached(7)]);
      // It is told to stop in this moment, in the middle of a flush.
      setTimeout(async () => {
        seen.push(!(await until(() => over, 2 * A_MOMENT)));
        stall.release();
      });
    };
    const running = begin(
      lab.runFlusher(stopped, { everyMs: 20 }).finally(() => {
        over = true;
      }),
    );
    await running;
    await until(() => seen.length >= 3, AGES);
    const sentence =
      'One change was accepted before runFlusher() began, one while it ran (everyMs 20): both should have come to MySQL by themselves';
    expect(seen.slice(0, 2), sentence).toEqual([true, true]);
    const ends = `It was stopped in the middle of a flush, and ${seen[2] ? '' : 'resolved before that flush was over; '}MySQL holds ${await held(mysql, herbs)} of the 7 that were on their way: it ends the flush under way, then it resolves`;
    expect({ waited: seen[2], held: await held(mysql, herbs) }, ends).toEqual({ waited: true, held: 7 });
    await lab.acceptChange(make(herbs, 8));
    await until(async () => (await held(mysql, herbs)) === 15, A_MOMENT);
    expect(
      await held(mysql, herbs),
      'runFlusher() was stopped and had resolved, and 8 more that were accepted then came to MySQL all the same: close the worker',
    ).toBe(7);
    await until(async () => (await opened()) === 0, AGES);
    const left = await opened();
    const closed = `runFlusher() was stopped, and ${countOf(left, 'connection')} to Redis that it had opened stayed: close what you open`;
    expect(left === 0, closed).toBe(true);
  },
);

/** Waits for a moment between two flushes: who stops in the middle of one, and does not wait, is told by 08.run.flushes. */
const betweenFlushes = ({ redis, mysql }: Taps) =>
  Promise.all([redis, mysql].map((tap) => tap.settled({ quietMs: 8, timeoutMs: 1_000 })));

/** Has a flusher write one change, and ends it. */
async function runsOnce(
  { lab, tap, mysql, expect }: Pick<Fixtures, 'lab' | 'tap' | 'mysql' | 'expect'>,
  change: InventoryChange,
): Promise<void> {
  await lab.acceptChange(change);
  let there = false;
  const stopped = async () => {
    there = await until(async () => Number(await held(mysql, change)) > 0, AGES);
    await betweenFlushes(tap);
  };
  await lab.runFlusher(stopped, { everyMs: 20 });
  expect(there, 'A change was accepted, and runFlusher() did not write it').toBe(true);
}

check(
  '08.run.often',
  'runFlusher() flushes every everyMs, in batches of `batch`, and ends in the middle of a pause',
  1,
  async ({ lab, tap, mysql, draw, undisturbed, expect }) => {
    const make = changeMaker(draw);
    await undisturbed({ see: '08.run.flushes', without: 'more than one change' }, () =>
      runsOnce({ lab, tap, mysql, expect }, make(leather, 1)),
    );
    const changes = Array.from({ length: 5 }, () => make(herbs, 1));
    await atOnce(lab, changes);
    const count = async () => Number(await held(mysql, herbs));
    const allWritten = async () => {
      await until(async () => (await count()) === changes.length, AGES);
      await betweenFlushes(tap);
    };
    const call = () => lab.runFlusher(allWritten, { everyMs: 20, batch: 2 });
    const largest = await largestStep(tap, { count, call });
    const most = `5 changes waited, runFlusher() was given batch 2, and one transaction wrote ${largest} of them: 2 at most`;
    expect(largest > 0 && largest <= 2, most).toBe(true);
    let written = 0;
    const oneByOne = async () => {
      for (const since = fairClock(); written < 8 && !since.passed(OFTEN_ENOUGH); written++) {
        await lab.acceptChange(make(ore, 1));
        if (!(await until(async () => (await held(mysql, ore)) === 6 + written, OFTEN_ENOUGH))) break;
      }
      await betweenFlushes(tap);
    };
    const undecided = undecidedAfter(
      OFTEN_ENOUGH,
      'eight changes, each when the one before was written, took long',
    );
    await lab.runFlusher(oneByOne, { everyMs: 20 });
    const often = `runFlusher() was given everyMs 20. Eight changes came, each when the one before was written, and in ${OFTEN_ENOUGH / 1000} s ${written} of them were`;
    expect(written === 8, often).toBe(true);
    undecided();
    let over = false;
    const pausing = begin(
      lab
        .runFlusher(async () => void (await betweenFlushes(tap)), { everyMs: 10 * 60_000 })
        .finally(() => {
          over = true;
        }),
    );
    if (await until(() => over, AGES)) {
      await pausing;
      return;
    }
    await lab.$crash();
    throw new CheckFailed(
      `runFlusher() was given everyMs of ten minutes, and it was stopped at once: ${AGES / 1000} s later it had not resolved. Only a flush under way is waited for, not the pause before the next`,
    );
  },
);

check(
  '08.run.outage',
  'runFlusher() outlives an outage of MySQL, and one of Redis',
  3,
  async ({ lab, tap, mysql, draw, undisturbed, expect }) => {
    const make = changeMaker(draw);
    await undisturbed({ see: '08.run.flushes', without: 'an outage' }, () =>
      runsOnce({ lab, tap, mysql, expect }, make(leather, 1)),
    );
    await lab.acceptChange(make(herbs, 5));
    const up = mysqlDown(tap);
    let there = false;
    const stopped = async () => {
      const before = tap.mysql.counts().refusedConnections;
      await until(() => tap.mysql.counts().refusedConnections > before + 2, 1000);
      up();
      there = await until(async () => (await held(mysql, herbs)) === 5, AGES);
      await betweenFlushes(tap);
    };
    await lab.runFlusher(stopped, { everyMs: 20 });
    const sentence =
      'MySQL was away for a moment, and after it came back nothing was written: a flush that fails must not be the last one';
    expect(there, sentence).toBe(true);
    there = false;
    const lost = async () => {
      await lab.acceptChange(make(herbs, 1));
      await until(async () => (await held(mysql, herbs)) === 6, AGES);
      // Not in the middle of a flush: how long a job of BullMQ's that broke off is taken for alive is not judged.
      await tap.redis.settled({ quietMs: 30, timeoutMs: 1_000 });
      const before = tap.redis.counts().refusedConnections;
      tap.redis.refuse(1_000_000);
      tap.redis.disconnectAll();
      await until(() => tap.redis.counts().refusedConnections > before + 6, 1000);
      tap.redis.refuse(0);
      await until(async () => (await thrownBy(lab.acceptChange(make(herbs, 2)))) === undefined, AGES);
      there = await until(async () => (await held(mysql, herbs)) === 8, AGES);
      await betweenFlushes(tap);
    };
    const redisSentence =
      'Redis was away for a moment, and after it came back nothing was written: a flush that fails must not be the last one';
    await saying(
      'Redis was away for a moment while runFlusher() ran',
      lab.runFlusher(lost, { everyMs: 200 }),
    );
    expect(there, redisSentence).toBe(true);
  },
);

check(
  '08.run.killed',
  'Where one flusher is stopped, or its process killed, that of another process goes on',
  2,
  async ({ lab, redis, tap, mysql, draw, undisturbed, expect }) => {
    const doomed = await lab.$another();
    const make = changeMaker(draw);
    await undisturbed({ see: '08.run.flushes', without: 'a kill' }, () =>
      runsOnce({ lab, tap, mysql, expect }, make(leather, 1)),
    );
    const reached = (quantity: number) => until(async () => (await held(mysql, herbs)) === quantity, AGES);
    const there = { 'when the other was stopped': false, 'when the other was killed': false };
    const stopped = async () => {
      await runsOnce({ lab: doomed, tap, mysql, expect }, make(ore, 1));
      await lab.acceptChange(make(herbs, 1));
      there['when the other was stopped'] = await reached(1);
      await betweenFlushes(tap);
    };
    await lab.runFlusher(stopped, { everyMs: 20 });
    const sentence =
      'Two processes ran a flusher, one of them was stopped or killed, and then nothing was written: neither may need the other, nor end what both need';
    expect(there['when the other was stopped'], sentence).toBe(true);
    // Killed in the middle of a flush.
    const dying = begin(doomed.runFlusher(() => new Promise(() => {}), { everyMs: 20 }));
    const stall = tap.mysql.stallAt(2, { executed: false });
    await lab.acceptChange(make(herbs, 2));
    await Promise.race([stall.happened, dying.catch(() => {})]);
    await doomed.$crash();
    await dying.catch(() => {});
    stall.release();
    await pass(redis, 30_000); // what the dead one had locked for a while is free again
    const after = async () => {
      await lab.acceptChange(make(herbs, 4));
      there['when the other was killed'] = await reached(7);
      await betweenFlushes(tap);
    };
    await lab.runFlusher(after, { everyMs: 20 });
    expect(there['when the other was killed'], sentence).toBe(true);
  },
);

check(
  '08.run.evicting',
  'runFlusher() refuses a Redis that may evict what was accepted',
  2,
  async ({ lab, redis, tap, draw, expect }) => {
    await lab.acceptChange(changeMaker(draw)(herbs, 1));
    const names = async () => (await redis.keys('*')).sort();
    const before = await names();
    for (const policy of ['allkeys-lru', 'volatile-ttl', 'volatile-lru', 'allkeys-random']) {
      await withConfig(redis, { 'maxmemory-policy': policy }, async () => {
        let begun = false;
        tap.meter.reset();
        const stopped = async () => {
          begun = true;
        };
        const outcome = await outcomeOf(lab.runFlusher(stopped, { everyMs: 20 }));
        const sentence = `The document's cache may evict keys, and so would this Redis (maxmemory-policy ${policy}): an accepted change would be gone without a word. Ask INFO memory, and throw an Error named RedisMayForget`;
        thrown(outcome, 'RedisMayForget', sentence);
        const nothing = `Redis may evict (${policy}), and stopped() was called, or MySQL asked: begin nothing`;
        expect({ begun, asked: tap.mysql.counts().commands }, nothing).toEqual({ begun: false, asked: 0 });
        const made = `Redis may evict (${policy}), runFlusher() threw, and keys were made before: look at the policy first`;
        expect(await names(), made).toEqual(before);
      });
    }
  },
);
