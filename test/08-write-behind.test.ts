import type { Redis } from 'ioredis';
import { NotGradable } from '../kit/judge/check-errors.ts';
import type { CheckFixtures } from '../kit/judge/definition.ts';
import { fieldOf, listOf, numberOf } from '../kit/judge/shapes.ts';
import { thrownBy } from '../kit/judge/thrown-by.ts';
import { checksOf } from '../src/checks.ts';
import type { InventoryChange, WriteBehind } from '../src/contracts/write-behind.ts';
import { appliedOf, changeMaker, give, held, type Place, sum } from './support/inventory.ts';
import { until, within } from './support/until.ts';

const check = checksOf<WriteBehind>('08-write-behind');
type Process = CheckFixtures<WriteBehind>['lab'];
type Taps = CheckFixtures<WriteBehind>['tap'];

/** Far longer than any right solution needs, ms. */
const AGES = 6_000;
/** Long enough for something to begin that is not to begin, ms. */
const A_MOMENT = 40;
/** The most trips of a batch, however large, to both servers together. */
const BATCH_TRIPS = 20;
/** Cuts of one check: more commands than that are not needed, and each costs time. */
const MAX_CUTS = 12;

/** Gita's ore, of which she holds 5 in the fixture, her leather (a row of 0), and what a new player has no row of. */
const ore: Place = { playerId: 7, resourceId: 2 };
const leather: Place = { playerId: 7, resourceId: 6 };
const herbs: Place = { playerId: 3, resourceId: 4 };

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

/** Where the last two commands stand that Redis was sent since the last reset and that may have written: `[5, 3]`. */
function lastWrites(tap: Taps): [last: number, before: number] {
  const sent = tap.redis.transcript().filter(({ kind, server }) => kind === 'request' && server === 'redis');
  const writes = sent.flatMap(({ name }, i) => (reads.has(name) ? [] : [i + 1])).reverse();
  return [writes[0] ?? sent.length, writes[1] ?? 1];
}

/** A call that goes on while the check does other things. */
function begin<T>(call: Promise<T>): Promise<T> {
  call.catch(() => {}); // who awaits it hears of it
  return call;
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
    expect(await lab.getPending(ore.playerId, ore.resourceId)).toBe(3);
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
    const changes = [id, id.toUpperCase(), `${id}:7`, `${id}.`, `${id}*`, `[${id}]`];
    for (const changeId of changes) await lab.acceptChange({ ...herbs, changeId, delta: 1 });
    const sentence = `Six different ids (${changes.slice(0, 3).join(', ')}, ...): six changes`;
    expect(await lab.getPending(herbs.playerId, herbs.resourceId), sentence).toBe(6);
    expect(await lab.flushChanges({ batch: 2 }), sentence).toBe(6);
    expect(await held(mysql, herbs), sentence).toBe(6);
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
    expect(got, 'Forty changes at once, of players 1 and 11 and resources 1 and 11: four exact sums').toEqual(
      wanted,
    );
    expect(await lab.getPending(2, 1), 'Nothing was accepted for player 2').toBe(0);
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
      ...[0, 1.5, Number.NaN, '5', 4_294_967_296, -4_294_967_296, undefined].map(
        (value) => ['delta', value] as [keyof InventoryChange, unknown],
      ),
      ['changeId', ''],
      ['changeId', 'x'.repeat(101)],
      ['changeId', 'a b'],
      ['changeId', 'ä'],
      ['changeId', 7],
      ['playerId', 0],
      ['playerId', '7'],
      ['resourceId', -1],
      ['resourceId', 1.5],
    ];
    for (const [field, value] of wrong) {
      const error = await thrownBy(lab.acceptChange({ ...change, changeId: 'other', [field]: value }));
      const sentence = `${field}: ${String(value)} should be refused with a TypeError: once it is acknowledged it must be written, and MySQL could not`;
      expect(error?.name, sentence).toBe('TypeError');
    }
    expect(tap.meter.commands, 'Refuse it before the first command').toBe(0);
  },
);

check(
  '08.accept.cut',
  'Wherever acceptChange() is cut off, the change sent again counts once',
  4,
  async ({ lab, redis, mysql, tap, draw, expect }) => {
    const make = changeMaker(draw);
    await lab.acceptChange(make(herbs, 1));
    tap.redis.reset();
    await lab.acceptChange(make(herbs, 1));
    const { commands } = tap.redis.counts();
    expect(commands > 0, 'It sent Redis nothing at all').toBe(true);
    let total = 2;
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
    expect(await redis.ping()).toBe('PONG');
  },
);

check(
  '08.accept.full',
  'A full Redis is an error for who sends a change, and not an acknowledgement',
  3,
  async ({ lab, redis, mysql, draw, expect }) => {
    const make = changeMaker(draw);
    const change = make(herbs, 3);
    await lab.acceptChange(change);
    const late = make(herbs, 4);
    await withConfig(redis, { maxmemory: '1' }, async () => {
      const error = await thrownBy(lab.acceptChange(late));
      const sentence =
        'Redis was full (noeviction) and kept nothing, and acceptChange() resolved all the same. In a pipeline or MULTI each command has an error of its own: look at the replies';
      expect(error, sentence).not.toBe(undefined);
      expect(await lab.getPending(herbs.playerId, herbs.resourceId), sentence).toBe(3);
    });
    await lab.acceptChange(late);
    const again = 'Redis has room again, and the change that was not taken before comes once more: it counts';
    expect(await lab.getPending(herbs.playerId, herbs.resourceId), again).toBe(7);
    await lab.flushChanges();
    expect(await held(mysql, herbs), again).toBe(7);
  },
);

/** Runs `work` while the judge's Redis is configured so. */
async function withConfig(redis: Redis, settings: Record<string, string>, work: () => Promise<void>) {
  const before: [string, string][] = [];
  for (const [name, value] of Object.entries(settings)) {
    const [, was] = (await redis.config('GET', name).catch(() => [])) as string[];
    if (was === undefined)
      throw new NotGradable("This Redis is not the judge's own, so its settings cannot be changed.");
    before.push([name, was]);
    await redis.config('SET', name, value);
  }
  try {
    await work();
  } finally {
    for (const [name, was] of before) await redis.config('SET', name, was);
  }
}

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
    const many = 'flushChanges() resolves to how many changes it applied';
    expect(await lab.flushChanges({ batch: 4 }), many).toBe(changes.length);
    for (const [place, before] of [
      [ore, 5],
      [leather, 0],
      [herbs, 0],
    ] as [Place, number][]) {
      const of = changes.filter(
        ({ playerId, resourceId }) => playerId === place.playerId && resourceId === place.resourceId,
      );
      const wanted = before + sum(of.map(({ delta }) => delta));
      expect(
        await held(mysql, place),
        `Player ${place.playerId} held ${before}, and the deltas are added`,
      ).toBe(wanted);
      expect(await lab.getPending(place.playerId, place.resourceId), 'What is written is not pending').toBe(
        0,
      );
    }
    const ids = changes.map(({ changeId }) => changeId);
    expect(await appliedOf(mysql, changes), 'Each changeId belongs into applied_writes').toEqual(ids);
    expect(await lab.flushChanges(), 'Nothing was left').toBe(0);
  },
);

check(
  '08.flush.idle',
  'With nothing accepted, flushChanges() leaves MySQL alone',
  1,
  async ({ lab, tap, draw, expect }) => {
    await lab.acceptChange(changeMaker(draw)(ore, 1));
    await lab.flushChanges();
    tap.meter.reset();
    expect(await lab.flushChanges()).toBe(0);
    const sentence =
      'It is asked every second in every process: look into Redis first, and ask MySQL only where there is something to write';
    expect(tap.mysql.counts().commands, sentence).toBe(0);
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
    expect(await lab.flushChanges({ batch: 100 })).toBe(100);
    const { trips } = tap.meter;
    const sentence = `A batch of 100 took ${trips} round trips, more than ${BATCH_TRIPS}. Read it with one command, write it with one INSERT of many rows for each table, acknowledge it with one script`;
    expect(trips, sentence).toBeLessThanOrEqual(BATCH_TRIPS);
    tap.redis.holdMs = 0;
    tap.mysql.holdMs = 0;
    const places = await Promise.all([ore, herbs, leather].map((place) => held(mysql, place)));
    expect(sum(places.map(Number)), 'Each of them is written').toBe(
      5 + sum(changes.map(({ delta }) => delta)),
    );
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
  },
);

check(
  '08.flush.order',
  'Changes of one player and resource are applied in the order of acceptance',
  3,
  async ({ lab, mysql, draw, expect }) => {
    const make = changeMaker(draw);
    const places = [leather, herbs, { playerId: 10, resourceId: 3 }];
    // Everything that comes in goes out again: of two that change places, one would leave less than nothing.
    const changes = Array.from({ length: 5 }).flatMap(() => {
      const amount = draw.int(1, 99);
      const place = draw.pick(places);
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
  async ({ lab, tap, mysql, draw, expect }) => {
    const make = changeMaker(draw);
    const changes = Array.from({ length: 6 }, () => make(herbs, draw.int(1, 9)));
    const total = sum(changes.map(({ delta }) => delta));
    await atOnce(lab, changes);
    const up = mysqlDown(tap);
    for (let i = 0; i < 2; i++) {
      const error = await thrownBy(lab.flushChanges({ batch: 4 }));
      expect(error, 'MySQL was away: whoever runs the flush must hear of it').not.toBe(undefined);
      const sentence = 'MySQL was away: what was accepted is still pending, all of it';
      expect(await lab.getPending(herbs.playerId, herbs.resourceId), sentence).toBe(total);
    }
    up();
    expect(await lab.flushChanges({ batch: 4 }), 'MySQL is back').toBe(6);
    expect(await held(mysql, herbs), 'MySQL is back, and has all of it').toBe(total);
  },
);

check(
  '08.flush.cut-mysql',
  'Wherever MySQL is cut off, each change is written once in the end',
  4,
  async ({ lab, tap, mysql, draw, expect }) => {
    const make = changeMaker(draw);
    const accept = async () => {
      const changes = [ore, herbs, ore, herbs].map((place) => make(place, draw.int(1, 9)));
      await atOnce(lab, changes);
      return sum(changes.map(({ delta }) => delta));
    };
    const both = async () => Number(await held(mysql, ore)) + Number(await held(mysql, herbs));
    await accept();
    tap.meter.reset();
    await lab.flushChanges();
    const { commands } = tap.mysql.counts();
    expect(commands > 0, 'It sent MySQL nothing at all').toBe(true);
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
        broke = command;
      });
      await lab.flushChanges().catch(() => {});
      cut.restore();
      await lab.flushChanges();
      const sentence = `The connection to MySQL broke at command ${at} of ${commands} (${broke}), which was ${executed ? '' : 'not '}carried out; then flushChanges() was called again. Whether a COMMIT without an answer was done, only applied_writes can tell: write it in the same transaction, look there first, and tell Redis last`;
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
  async ({ lab, tap, mysql, draw, expect }) => {
    const make = changeMaker(draw);
    const accept = async () => {
      const changes = Array.from({ length: 4 }, () => make(herbs, draw.int(1, 9)));
      await atOnce(lab, changes);
      return sum(changes.map(({ delta }) => delta));
    };
    let total = await accept();
    tap.meter.reset();
    await lab.flushChanges({ batch: 2 });
    const { commands } = tap.redis.counts();
    const [last, before] = lastWrites(tap);
    // There the COMMIT is done, and Redis has not heard of it, or has.
    for (const [at, executed] of [
      [last, false],
      [last, true],
      [before, false],
    ] as const) {
      total += await accept();
      const cut = tap.redis.cutAfter(at, { executed });
      const call = begin(lab.flushChanges({ batch: 2 }));
      await Promise.race([cut.happened, call.catch(() => {})]);
      await lab.$crash();
      cut.restore();
      await call.catch(() => {});
      await lab.flushChanges({ batch: 2 });
      const sentence = `The process was killed at its Redis command ${at} of ${commands}, which was ${executed ? '' : 'not '}carried out, and another one flushed. Read a batch, commit it, take it out of Redis: in this order, so that a kill delivers twice and never loses; applied_writes says what came twice`;
      expect(await held(mysql, herbs), sentence).toBe(total);
      expect(await lab.getPending(herbs.playerId, herbs.resourceId), sentence).toBe(0);
    }
  },
);

check(
  '08.flush.forgotten',
  'Where Redis lost everything and a client sends a written change again, MySQL knows it',
  2,
  async ({ lab, redis, mysql, draw, expect }) => {
    const make = changeMaker(draw);
    const changes = Array.from({ length: 3 }, () => make(herbs, draw.int(1, 9)));
    await atOnce(lab, changes.slice(0, 2));
    await lab.flushChanges();
    await redis.flushall();
    await atOnce(lab, changes);
    const sentence =
      'Three changes were accepted of which two stood in applied_writes already: only the third is applied';
    expect(await lab.flushChanges(), sentence).toBe(1);
    expect(await held(mysql, herbs), sentence).toBe(sum(changes.map(({ delta }) => delta)));
    expect(await lab.getPending(herbs.playerId, herbs.resourceId), 'And nothing is pending').toBe(0);
  },
);

check(
  '08.flush.meanwhile',
  'What is accepted during a flush is not lost',
  3,
  async ({ lab, tap, mysql, draw, expect }) => {
    const make = changeMaker(draw);
    const first = Array.from({ length: 3 }, () => make(herbs, draw.int(1, 9)));
    await atOnce(lab, first);
    tap.meter.reset();
    tap.mysql.latencyMs = 5;
    const flushing = begin(lab.flushChanges({ batch: 3 }));
    await until(() => tap.mysql.counts().commands > 0, AGES);
    const later = Array.from({ length: 6 }, () => make(herbs, draw.int(1, 9)));
    await atOnce(lab, later);
    await flushing;
    tap.mysql.latencyMs = 0;
    const total = sum([...first, ...later].map(({ delta }) => delta));
    const sentence =
      'Changes came while a batch was being written, and some are gone. Take out of Redis what you wrote, entry by entry, and never the whole key; take from the sum what you wrote';
    expect(await lab.getPending(herbs.playerId, herbs.resourceId), sentence).toBe(
      total - Number(await held(mysql, herbs)),
    );
    await lab.flushChanges();
    expect(await held(mysql, herbs), sentence).toBe(total);
    expect(await lab.getPending(herbs.playerId, herbs.resourceId), sentence).toBe(0);
  },
);

check(
  '08.flush.two',
  'Two processes that flush at once apply each change once, and in order',
  4,
  async ({ lab, tap, mysql, draw, expect }) => {
    const other = await lab.$another();
    const make = changeMaker(draw);
    let ores = 5;
    for (const batch of [2, 100]) {
      const amount = draw.int(1, 99);
      const deltas = [amount, -amount, amount, -amount, amount, -amount];
      await inOrder(lab, [make(ore, 1), ...deltas.map((delta) => make(leather, delta))]);
      // The judge holds a row of the first batch, so that the first process waits in the middle of it.
      await mysql.query('START TRANSACTION');
      await mysql.query('SELECT * FROM inventories WHERE player_id = 7 AND resource_id = 2 FOR UPDATE');
      let over = false;
      const flush = (one: Process) =>
        begin(
          one.flushChanges({ batch }).finally(() => {
            over = true;
          }),
        );
      const stuck = () => tap.mysql.outstanding().filter(({ age }) => age > 5).length;
      const calls = [flush(lab)];
      try {
        await until(() => over || stuck() > 0, AGES);
        calls.push(flush(other));
        await until(
          async () => over || stuck() > 1 || Number(await held(mysql, leather)) !== 0,
          5 * A_MOMENT,
        );
        await atOnce(lab, [make(ore, 2), make(ore, 3)]);
      } finally {
        await mysql.query('COMMIT');
      }
      const counts = await within(AGES, 'Two processes flush, and both wait for ever', Promise.all(calls));
      const refused = (await refusedBy(lab)).length;
      const once = `One process was in the middle of a batch when another began: ${refused} changes were refused that were in order. Who takes the next batch must wait until the one before is committed: a lock that the transaction holds`;
      expect(refused, once).toBe(0);
      const sentence =
        'Two processes flushed the same seven changes, two more came meanwhile, and then one flushed again: each of the nine is applied once. Take out of Redis what you wrote, by its own id, not as many as you wrote';
      expect(sum([...counts, await lab.flushChanges()].map(countIn)), sentence).toBe(9);
      ores += 6;
      expect([await held(mysql, ore), await held(mysql, leather)], sentence).toEqual([ores, 0]);
      expect(await lab.getPending(leather.playerId, leather.resourceId), sentence).toBe(0);
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
    const sentence =
      'One change would leave less than nothing, which MySQL refuses: that one is told by getRefused(), and the five others are applied, those behind it too';
    const error = await thrownBy(lab.flushChanges());
    expect(error?.message, sentence).toBe(undefined);
    const of = (place: Place) =>
      sum([...before, ...behind].filter((c) => c.resourceId === place.resourceId).map(({ delta }) => delta));
    expect([await held(mysql, ore), await held(mysql, herbs)], sentence).toEqual([5 + of(ore), of(herbs)]);
    const [refused, ...others] = await refusedBy(lab);
    expect(others, sentence).toEqual([]);
    expect(refused, 'getRefused() has the change as it was accepted, and a reason').toMatchObject(poison);
    const reason = fieldOf(refused, 'reason');
    expect(reason, 'A person will read the reason').toEqual(expect.stringMatching(/\S/));
    const pending = 'A change that was refused is not pending any more: it will never be in MySQL';
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
    const n = draw.int(1, 50);
    await give(mysql, ore, 3);
    await give(mysql, herbs, 3);
    const tooMuch = [make(ore, -4 - n), make(herbs, -n - 20)];
    await inOrder(lab, [
      tooMuch[0]!, // 3 and not enough, though the batch brings more afterwards
      make(ore, 10 + n),
      make(herbs, 20), // 23, and the next is more than that
      ...(n > 3 ? [tooMuch[1]!] : []),
      make(herbs, -23),
    ]);
    await lab.flushChanges();
    const sentence =
      'A player held 3 and spent more, and only then got some: the spending is refused, the rest counts. Go through the changes of a batch in their order, each on what the ones before it left';
    expect([await held(mysql, ore), await held(mysql, herbs)], sentence).toEqual([13 + n, 0]);
    const ids = (n > 3 ? tooMuch : tooMuch.slice(0, 1)).map(({ changeId }) => changeId);
    expect(await refusedIds(lab), sentence).toEqual(ids);
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
      make({ playerId: 7, resourceId: 4_000_000 }, 1),
      make({ playerId: 11, resourceId: 1 }, 1), // holds all that fits
    ];
    const good = [make(ore, 1), make(herbs, 1)];
    await inOrder(lab, [poisons[0]!, good[0]!, poisons[1]!, poisons[2]!, good[1]!]);
    const sentence =
      'No such player, no such resource, more than INT UNSIGNED holds: MySQL says no for good, so each is refused and the others go on. That MySQL is away is another matter';
    const error = await thrownBy(lab.flushChanges());
    expect(error?.message, sentence).toBe(undefined);
    expect([await held(mysql, ore), await held(mysql, herbs)], sentence).toEqual([6, 1]);
    expect(await refusedIds(lab), sentence).toEqual(poisons.map(({ changeId }) => changeId));
  },
);

check(
  '08.refused.cut',
  'Wherever a flush is cut off, a refused change is refused once, and stays refused',
  3,
  async ({ lab, tap, mysql, draw, expect }) => {
    const make = changeMaker(draw);
    const refused: string[] = [];
    const accept = async () => {
      await give(mysql, ore, 3);
      const poison = make(ore, -draw.int(4, 9));
      refused.push(poison.changeId);
      await inOrder(lab, [poison, make(ore, 50)]); // after the second one, the first would be possible
    };
    await accept();
    tap.meter.reset();
    await lab.flushChanges();
    const counts = { redis: tap.redis.counts().commands, mysql: tap.mysql.counts().commands };
    const places: { server: 'redis' | 'mysql'; at: number }[] = [
      { server: 'redis', at: lastWrites(tap)[0] },
      { server: 'mysql', at: draw.int(1, counts.mysql) },
      ...commits(tap)
        .slice(-4)
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
      await lab.flushChanges();
      const sentence = `A batch with a change to be refused was cut off (${server}, command ${at} of ${counts[server]}) and flushed again. What was decided must be known afterwards: write the refusal in the same transaction as the rest`;
      expect(await held(mysql, ore), sentence).toBe(53);
      expect(await refusedIds(lab), sentence).toEqual(refused);
    }
  },
);

check(
  '08.run.flushes',
  'runFlusher() writes what comes until it is stopped, and then no more',
  3,
  async ({ lab, mysql, draw, expect }) => {
    const make = changeMaker(draw);
    await lab.acceptChange(make(herbs, 1));
    const reached = (quantity: number) => until(async () => (await held(mysql, herbs)) === quantity, AGES);
    const seen: boolean[] = [];
    const stopped = async () => {
      seen.push(await reached(1));
      await lab.acceptChange(make(herbs, 2));
      seen.push(await reached(3));
    };
    await lab.runFlusher(stopped, { everyMs: 20 });
    const sentence =
      'One change was accepted before runFlusher() began, one while it ran (everyMs 20): both should have come to MySQL by themselves';
    expect(seen, sentence).toEqual([true, true]);
    await lab.acceptChange(make(herbs, 4));
    await until(async () => (await held(mysql, herbs)) === 7, A_MOMENT);
    expect(await held(mysql, herbs), 'It was stopped, and went on writing. Close the worker').toBe(3);
  },
);

check(
  '08.run.outage',
  'runFlusher() outlives an outage of MySQL',
  3,
  async ({ lab, tap, mysql, draw, expect }) => {
    const make = changeMaker(draw);
    const up = mysqlDown(tap);
    let there = false;
    const stopped = async () => {
      await lab.acceptChange(make(herbs, 5));
      await until(() => tap.mysql.counts().refusedConnections > 2, 1000);
      up();
      there = await until(async () => (await held(mysql, herbs)) === 5, AGES);
    };
    await lab.runFlusher(stopped, { everyMs: 20 });
    const sentence =
      'MySQL was away for a moment, and after it came back nothing was written: a flush that fails must not be the last one';
    expect(there, sentence).toBe(true);
  },
);

check(
  '08.run.killed',
  'Where a process with a flusher is killed, that of another process goes on',
  2,
  async ({ lab, mysql, draw, expect }) => {
    const doomed = await lab.$another();
    const make = changeMaker(draw);
    const reached = (quantity: number) => until(async () => (await held(mysql, herbs)) === quantity, AGES);
    await lab.acceptChange(make(herbs, 1));
    const dying = begin(doomed.runFlusher(() => new Promise(() => {}), { everyMs: 20 }));
    await reached(1);
    let there = false;
    const stopped = async () => {
      await doomed.$crash();
      await dying.catch(() => {});
      await lab.acceptChange(make(herbs, 2));
      there = await reached(3);
    };
    await lab.runFlusher(stopped, { everyMs: 20 });
    const sentence =
      'Two processes ran a flusher, one of them was killed, and then nothing was written: neither may need the other';
    expect(there, sentence).toBe(true);
  },
);

check(
  '08.run.evicting',
  'runFlusher() refuses a Redis that may evict what was accepted',
  2,
  async ({ lab, redis, draw, expect }) => {
    await lab.acceptChange(changeMaker(draw)(herbs, 1));
    for (const policy of ['allkeys-lru', 'volatile-ttl']) {
      await withConfig(redis, { 'maxmemory-policy': policy }, async () => {
        let begun = false;
        const stopped = async () => {
          begun = true;
        };
        const error = await thrownBy(lab.runFlusher(stopped, { everyMs: 20 }));
        const sentence = `The document's cache may evict keys, and so would this Redis (maxmemory-policy ${policy}): an accepted change would be gone without a word. Ask INFO memory, and throw an Error named RedisMayForget`;
        expect(error?.name, sentence).toBe('RedisMayForget');
        expect(begun, 'And nothing is begun').toBe(false);
      });
    }
  },
);
