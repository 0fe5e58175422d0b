import { setTimeout as pause } from 'node:timers/promises';
import { countOf } from '../kit/base/count-of.ts';
import type { CheckFixtures } from '../kit/judge/definition.ts';
import { CLOCK_START } from '../kit/judge/environment.ts';
import { withoutRights } from '../kit/judge/rights.ts';
import type { Draw } from '../kit/judge/seed.ts';
import { listOf } from '../kit/judge/shapes.ts';
import { thrownBy } from '../kit/judge/thrown-by.ts';
import { checksOf } from '../src/checks.ts';
import type { Sessions } from '../src/contracts/sessions.ts';
import { hashOf, idOf, logIn, sessionOf, sessionRows, textsIn } from './support/log-ins.ts';
import { redisGoesAway } from './support/redis-goes-away.ts';
import { steppedIn } from './support/stepped-in.ts';

const check = checksOf<Sessions>('11-sessions');
type Fixtures = CheckFixtures<Sessions>;
type Expecting = Parameters<Parameters<typeof check>[3]>[0];
type Process = Fixtures['lab'];

const MINUTE = 60_000;
/** Longer than any check runs, by far: what Redis lets expire by its own clock is no matter. */
const drawn = (draw: Draw) => ({ idleMs: draw.int(20, 40) * MINUTE, maxMs: draw.int(500, 900) * MINUTE });
const ada = { playerId: 1, role: 'player' };
const borin = { playerId: 2, role: 'player' };
const joss = { playerId: 10, role: 'player' };
const longest = 128;

/** About how many bits differ from one id to the next: places where many letters were seen, by the letters there are. */
function randomBitsOf(ids: readonly string[]): number {
  const places = Array.from({ length: longest }, (_, at) => new Set(ids.flatMap((id) => id[at] ?? [])));
  const random = places.filter(({ size }) => size > 5);
  const letters = new Set(random.flatMap((seen) => [...seen]));
  return Math.floor(random.length * Math.log2(Math.max(1, letters.size)));
}

/** A session that was just made, as `lifetimes` ask for it. */
const madeAt = (at: number, who: typeof ada, { idleMs, maxMs }: { idleMs: number; maxMs: number }) => ({
  ...who,
  createdAt: at,
  expiresAt: at + Math.min(idleMs, maxMs),
  endsAt: at + maxMs,
});

/** A log-in and a read that nothing disturbs; resolves to the id. */
const loggedIn = (
  { lab, undisturbed, expect }: Expecting,
  { lifetimes, without }: { lifetimes: { idleMs: number; maxMs: number }; without: string },
) =>
  undisturbed({ see: '11.read.fields', without }, async () => {
    const id = await logIn(lab, ada, lifetimes);
    expect(await lab.readSession(id), 'It is another session').toEqual(madeAt(CLOCK_START, ada, lifetimes));
    return id;
  });

/** A log-out that nothing disturbs. */
const loggedOut = (
  { lab, undisturbed, expect }: Expecting,
  { lifetimes, without }: { lifetimes: { idleMs: number; maxMs: number }; without: string },
) =>
  undisturbed({ see: '11.end.one', without }, async () => {
    const id = await logIn(lab, ada, lifetimes);
    await lab.endSession(id);
    expect(await lab.readSession(id), 'It is over').toBe(null);
  });

/** When one of the ids opens something: now, and once Redis came back empty. */
async function opens(
  { lab, redis }: { lab: Process; redis: Fixtures['redis'] },
  ...ids: string[]
): Promise<string[]> {
  const found: string[] = [];
  for (const when of ['while Redis runs', 'once Redis came back empty']) {
    for (const id of ids) if ((await lab.readSession(id)) !== null) found.push(when);
    await redis.flushdb();
  }
  return found;
}

check('11.create.id', 'createSession() makes ids that nobody can guess', 3, async ({ lab, draw, expect }) => {
  const lifetimes = drawn(draw);
  const other = await lab.$another();
  const twelve = async (process: Process, who: typeof ada): Promise<unknown[]> => {
    const made: unknown[] = [];
    while (made.length < 12) made.push(await process.createSession(who, lifetimes));
    return made;
  };
  const ids = (await Promise.all([twelve(lab, ada), twelve(other, borin)])).flat();
  for (const id of ids) {
    const sentence = `An id is a text of 22 to ${longest} letters, digits, "-", "_" or "."`;
    expect(id, sentence).toEqual(expect.stringMatching(/^[\w.-]{22,128}$/));
  }
  const texts = ids as string[];
  const seen = new Set(texts).size;
  expect(seen, 'Two processes made 12 sessions each: 24 ids, no two alike').toBe(24);
  const bits = randomBitsOf(texts);
  const few = `24 ids differ from one to the next in about ${bits} bits: too little is random. Take 16 bytes or more from node:crypto`;
  expect(bits >= 118, few).toBe(true);
});

check(
  '11.create.secret',
  'createSession() keeps no id, neither in Redis nor in MySQL: only its SHA-256',
  3,
  async ({ lab, redis, mysql, draw, expect }) => {
    const lifetimes = drawn(draw);
    const ids = [await logIn(lab, ada, lifetimes), await logIn(lab, borin, lifetimes)];
    await lab.slideSession(ids[0]!, lifetimes);
    const next = await lab.rotateSession(ids[1]!, { role: 'admin', idleMs: lifetimes.idleMs });
    const live = [ids[0]!, String(next)];
    const rows = await sessionRows(mysql);
    const hashes = rows.map(({ id_hash }) => String(id_hash));
    const texts = await textsIn(redis);
    const all = [...texts, ...rows.flatMap((row) => Object.values(row).map(String))];
    const clear = all.some((text) => [...ids, ...live].some((id) => text.includes(id)));
    expect(clear, 'An id stands in Redis or in MySQL as it is: who reads that can log in').toBe(false);
    const known = [...ids, ...live].map(hashOf);
    const sentence = 'id_hash is the SHA-256 of the id, in hex';
    expect(
      hashes.filter((hash) => !known.includes(hash)),
      sentence,
    ).toEqual([]);
    expect(hashes, sentence).toEqual(expect.arrayContaining(live.map(hashOf)));
    const found = new Set(
      texts.flatMap((text) => [text, ...text.split(/[^\w.-]+/)]).filter((text) => text !== ''),
    );
    for (const text of found) {
      const sentence = `What stands in Redis was given as an id, and opened a session: ${text.slice(0, 12)}…`;
      expect(await lab.readSession(text), sentence).toBe(null);
    }
  },
);

check('11.read.fields', 'readSession() gives the session that was made', 2, async ({ lab, draw, expect }) => {
  const lifetimes = drawn(draw);
  const id = await logIn(lab, ada, lifetimes);
  const admin = { playerId: 8, role: 'admin' };
  const second = await logIn(lab, admin, lifetimes);
  const fields = 'A session has playerId, role, createdAt, expiresAt and endsAt, by now()';
  expect(await lab.readSession(id), fields).toEqual(madeAt(CLOCK_START, ada, lifetimes));
  expect(await lab.readSession(second), fields).toEqual(madeAt(CLOCK_START, admin, lifetimes));
  const short = { idleMs: 50 * MINUTE, maxMs: 40 * MINUTE };
  const third = await logIn(lab, ada, short);
  const capped = 'expiresAt is never later than endsAt: here idleMs is more than maxMs';
  expect(await lab.readSession(third), capped).toEqual(madeAt(CLOCK_START, ada, short));
});

check('11.read.nobody', "readSession() gives null for what is nobody's id", 1, async (fixtures) => {
  const { lab, draw, expect } = fixtures;
  const lifetimes = drawn(draw);
  const id = await loggedIn(fixtures, { lifetimes, without: 'an unknown id' });
  const others = ['', 'no\nid', '*', '%', '__proto__', `${id}x`, id.slice(0, -1), 'é'.repeat(500), `${id} `];
  for (const other of others) {
    const sentence = `${JSON.stringify(other).slice(0, 30)} is nobody's id: null`;
    expect(await lab.readSession(other), sentence).toBe(null);
  }
});

check('11.read.one-trip', 'readSession() asks Redis once, and MySQL not at all', 2, async (fixtures) => {
  const { lab, tap, draw, expect } = fixtures;
  const lifetimes = drawn(draw);
  const id = await loggedIn(fixtures, { lifetimes, without: 'counting' });
  tap.redis.holdMs = 5;
  tap.meter.reset();
  const session = await lab.readSession(id);
  const { trips } = tap.meter;
  const queries = tap.mysql.counts().commands;
  expect(session, 'The session lives').not.toBe(null);
  expect(queries, 'MySQL was asked: Redis has the session').toBe(0);
  expect(trips <= 1, `It took ${trips} round trips: one is enough`).toBe(true);
});

check(
  '11.read.over',
  'readSession() gives null from expiresAt on, and does not slide',
  2,
  async (fixtures) => {
    const { lab, redis, draw, expect } = fixtures;
    const lifetimes = drawn(draw);
    const id = await loggedIn(fixtures, { lifetimes, without: 'time' });
    const made = madeAt(CLOCK_START, ada, lifetimes);
    await lab.$setClock(made.expiresAt - 1);
    expect(await lab.readSession(id), 'One ms before expiresAt it lives, as it was').toEqual(made);
    await lab.$setClock(made.expiresAt);
    expect(await lab.readSession(id), 'At expiresAt, by now(), it is over').toBe(null);
    await redis.flushdb();
    expect(await lab.readSession(id), 'It is over, whatever MySQL still holds').toBe(null);
    await lab.$setClock(made.expiresAt - 1);
    expect(await lab.readSession(id), 'MySQL has it, and one ms before expiresAt it lives').toEqual(made);
  },
);

check('11.slide.moves', 'slideSession() moves expiresAt, in Redis and in MySQL', 3, async (fixtures) => {
  const { lab, mysql, draw, expect } = fixtures;
  const lifetimes = drawn(draw);
  const id = await loggedIn(fixtures, { lifetimes, without: 'a use' });
  const later = CLOCK_START + draw.int(5, 15) * MINUTE;
  await lab.$setClock(later);
  const slid = { ...madeAt(CLOCK_START, ada, lifetimes), expiresAt: later + lifetimes.idleMs };
  expect(await lab.slideSession(id, lifetimes), 'expiresAt is idleMs from now; the rest stays').toEqual(slid);
  expect(await lab.readSession(id), 'Redis holds it as it was before the use').toEqual(slid);
  const [row] = await sessionRows(mysql, 1);
  expect(row && sessionOf(row), 'MySQL holds it as it was before the use').toEqual(slid);
});

check('11.slide.absolute', 'slideSession() moves nothing beyond endsAt', 2, async (fixtures) => {
  const { lab, draw, expect } = fixtures;
  const lifetimes = { idleMs: 30 * MINUTE, maxMs: draw.int(70, 80) * MINUTE };
  const id = await loggedIn(fixtures, { lifetimes, without: 'a use' });
  const { endsAt } = madeAt(CLOCK_START, ada, lifetimes);
  let session: unknown;
  for (const minutes of [25, 50, 65]) {
    await lab.$setClock(CLOCK_START + minutes * MINUTE);
    session = await lab.slideSession(id, lifetimes);
  }
  const sentence = 'It was used until shortly before its absolute end: expiresAt and endsAt are one then';
  expect(session, sentence).toMatchObject({ expiresAt: endsAt, endsAt });
  await lab.$setClock(endsAt);
  expect(await lab.readSession(id), 'At endsAt it is over, however much it was used').toBe(null);
});

check('11.slide.over', 'slideSession() brings nothing back that is over', 2, async (fixtures) => {
  const { lab, draw, expect } = fixtures;
  const lifetimes = drawn(draw);
  await loggedOut(fixtures, { lifetimes, without: 'a use' });
  const ended = await logIn(lab, ada, lifetimes);
  await lab.endSession(ended);
  expect(await lab.slideSession(ended, lifetimes), 'It was ended: null').toBe(null);
  expect(await lab.readSession(ended), 'A use brought an ended session back').toBe(null);
  const idle = await logIn(lab, ada, lifetimes);
  await lab.$setClock(CLOCK_START + lifetimes.idleMs);
  expect(await lab.slideSession(idle, lifetimes), 'At expiresAt it is over: null').toBe(null);
  expect(await lab.readSession(idle), 'A use at expiresAt brought the session back').toBe(null);
  const next = await lab.rotateSession(idle, { role: 'admin', idleMs: lifetimes.idleMs });
  expect(next, 'At expiresAt it is over: no new id for it').toBe(null);
});

check(
  '11.rotate.new-id',
  'rotateSession() gives the session a new id and new rights',
  3,
  async (fixtures) => {
    const { lab, redis, draw, expect } = fixtures;
    const lifetimes = drawn(draw);
    const id = await loggedIn(fixtures, { lifetimes, without: 'a change of rights' });
    const later = CLOCK_START + draw.int(5, 15) * MINUTE;
    await lab.$setClock(later);
    const next = await lab.rotateSession(id, { role: 'admin', idleMs: lifetimes.idleMs });
    expect(next !== id, 'The id is the same as before: who knew it has the new rights too').toBe(true);
    expect(next, 'It resolves to the new id').toEqual(expect.stringMatching(/^[\w.-]{22,128}$/));
    const made = madeAt(CLOCK_START, { ...ada, role: 'admin' }, lifetimes);
    const fresh = { ...made, expiresAt: later + lifetimes.idleMs };
    const sentence = 'Under the new id: the new role, expiresAt slid, createdAt and endsAt as before';
    expect(await lab.readSession(String(next)), sentence).toEqual(fresh);
    expect(await lab.readSession(id), 'The old id still opens the session').toBe(null);
    const list = await lab.listSessions(ada.playerId);
    expect(list, 'It is one session, before and after').toEqual([fresh]);
    await redis.flushdb();
    expect(await lab.readSession(id), 'Redis came back empty, and the old id opens the session').toBe(null);
    expect(await lab.readSession(String(next)), `Redis came back empty. ${sentence}`).toEqual(fresh);
    const unknown = await lab.rotateSession(id, { role: 'admin', idleMs: lifetimes.idleMs });
    expect(unknown, 'The old id is over: no new id for it').toBe(null);
  },
);

check('11.rotate.ends', 'rotateSession() slides no further than endsAt', 1, async (fixtures) => {
  const { lab, draw, expect } = fixtures;
  const lifetimes = { idleMs: 30 * MINUTE, maxMs: draw.int(35, 45) * MINUTE };
  const id = await loggedIn(fixtures, { lifetimes, without: 'a change of rights' });
  const { endsAt } = madeAt(CLOCK_START, ada, lifetimes);
  await lab.$setClock(CLOCK_START + 20 * MINUTE);
  const next = await lab.rotateSession(id, { role: 'admin', idleMs: lifetimes.idleMs });
  const sentence = 'A new id gives no more time than the log-in did: expiresAt is endsAt here';
  expect(await lab.readSession(String(next)), sentence).toMatchObject({ expiresAt: endsAt, endsAt });
});

check(
  '11.end.one',
  'endSession() ends this session, for every process',
  2,
  async ({ lab, redis, draw, expect }) => {
    const lifetimes = drawn(draw);
    const other = await lab.$another();
    const [id, second] = [await logIn(lab, ada, lifetimes), await logIn(lab, ada, lifetimes)];
    await other.readSession(id);
    await lab.endSession(id);
    expect(await other.readSession(id), 'It was ended, and another process still lets it in').toBe(null);
    expect(await lab.readSession(second), 'Another session of the same player goes on').not.toBe(null);
    const list = await lab.listSessions(ada.playerId);
    expect(
      listOf(list, 'What listSessions() gives').length,
      'The list shows the session that goes on, and no other',
    ).toBe(1);
    await redis.flushdb();
    expect(await lab.readSession(id), 'Redis came back empty, and so did the session').toBe(null);
    await lab.endSession(id);
    await lab.endSession('nobody');
    expect(await lab.readSession(second), 'No such session: nothing happens').not.toBe(null);
  },
);

check('11.end.all', 'endAllSessions() ends those of one player', 3, async (fixtures) => {
  const { lab, redis, draw, expect } = fixtures;
  const lifetimes = drawn(draw);
  await loggedOut(fixtures, { lifetimes, without: 'other sessions' });
  const many = draw.int(3, 6);
  await logIn(lab, ada, { ...lifetimes, idleMs: MINUTE });
  await lab.$setClock(CLOCK_START + MINUTE);
  const ids: string[] = [];
  const log = { ...lifetimes, idleMs: lifetimes.idleMs + MINUTE };
  const others = [await logIn(lab, borin, log)];
  // The tenth player's number begins with the first's.
  others.push(await logIn(lab, joss, log));
  for (let i = 0; i < many; i++) ids.push(await logIn(lab, ada, log));
  await logIn(lab, ada, { ...lifetimes, idleMs: MINUTE });
  await lab.$setClock(CLOCK_START + 2 * MINUTE);
  const counted = `The player has ${many} sessions that live, and at least one that is over and does not count`;
  expect(await lab.endAllSessions(ada.playerId), counted).toBe(many);
  for (const again of ['', 'Redis came back empty. ']) {
    for (const id of ids)
      expect(await lab.readSession(id), `${again}A session was left: all of the player's end`).toBe(null);
    for (const id of others)
      expect(await lab.readSession(id), `${again}The sessions of other players go on`).not.toBe(null);
    await redis.flushdb();
  }
  expect(await lab.endAllSessions(ada.playerId), 'There are none left: 0').toBe(0);
});

check(
  '11.list.alive',
  'listSessions() shows what lives, the oldest first',
  2,
  async ({ lab, draw, expect }) => {
    const lifetimes = drawn(draw);
    const wanted: unknown[] = [];
    await logIn(lab, borin, lifetimes);
    for (const [minutes, idle] of [
      [3, 20],
      [1, 1],
      [2, 30],
      [4, 20],
    ] as const) {
      const at = CLOCK_START + minutes * MINUTE;
      await lab.$setClock(at);
      const given = { ...lifetimes, idleMs: idle * MINUTE };
      await logIn(lab, ada, given);
      wanted.push(madeAt(at, ada, given));
    }
    const [third, , second, fourth] = wanted;
    const sentence = 'Those of the player that are not over, by createdAt, with the five fields and no more';
    expect(await lab.listSessions(ada.playerId), sentence).toEqual([second, third, fourth]);
    expect(await lab.listSessions(3), 'Who never logged in has no sessions').toEqual([]);
    await lab.$setClock(CLOCK_START + 23 * MINUTE);
    expect(await lab.listSessions(ada.playerId), `At expiresAt it is over. ${sentence}`).toEqual([
      second,
      fourth,
    ]);
  },
);

check('11.list.forgets', "createSession() deletes the player's rows that are over", 2, async (fixtures) => {
  const { lab, mysql, draw, expect } = fixtures;
  const lifetimes = drawn(draw);
  await loggedIn(fixtures, { lifetimes: { ...lifetimes, idleMs: 10 * MINUTE }, without: 'time' });
  for (const _ of [1, 2]) await logIn(lab, ada, { ...lifetimes, idleMs: MINUTE });
  await logIn(lab, borin, lifetimes);
  await lab.$setClock(CLOCK_START + MINUTE);
  const id = await logIn(lab, ada, lifetimes);
  const rows = (await sessionRows(mysql, 1)).length;
  expect(rows, 'Of 4 sessions 2 were over at the log-in of the fourth: 2 rows are left').toBe(2);
  expect(await lab.readSession(id), 'The session that was just made lives').not.toBe(null);
  expect((await sessionRows(mysql, 2)).length, 'A session of another player went').toBe(1);
});

check('11.keys.expire', 'Every key in Redis begins with sid: and expires by endsAt', 2, async (fixtures) => {
  const { lab, redis, draw, expect } = fixtures;
  const lifetimes = drawn(draw);
  const look = async (when: string) => {
    const names = await redis.keys('*');
    for (const name of names) {
      expect(name.startsWith('sid:'), `Names of keys begin with sid: (${name.slice(0, 20)})`).toBe(true);
      const left = await redis.pttl(name);
      expect(left !== -1, `A key never expires ${when}`).toBe(true);
      const late = `A key expires later than its session ends ${when}, which is by endsAt at the latest`;
      expect(left <= lifetimes.maxMs, late).toBe(true);
    }
  };
  const id = await loggedIn(fixtures, { lifetimes, without: 'a look at the keys' });
  expect(await redis.dbsize(), 'Redis holds nothing after a log-in').toBeGreaterThan(0);
  await look('after a log-in');
  await lab.slideSession(id, { idleMs: 2 * lifetimes.maxMs });
  await look('after a use');
  await redis.flushdb();
  await lab.readSession(id);
  await look('after a read that found nothing in Redis');
  const next = await lab.rotateSession(id, { role: 'admin', idleMs: lifetimes.idleMs });
  await look('after a change of rights');
  await lab.endSession(String(next));
  await logIn(lab, borin, lifetimes);
  await lab.endAllSessions(borin.playerId);
  await logIn(lab, ada, lifetimes);
  await look('after log-outs');
});

check('11.restart.stays', 'A Redis that comes back empty logs nobody out', 3, async (fixtures) => {
  const { lab, redis, tap, draw, expect } = fixtures;
  const lifetimes = drawn(draw);
  const id = await loggedIn(fixtures, { lifetimes, without: 'a restart of Redis' });
  const made = madeAt(CLOCK_START, ada, lifetimes);
  await redis.flushdb();
  expect(await lab.readSession(id), 'Redis came back empty, and the player is logged out').toEqual(made);
  tap.meter.reset();
  expect(await lab.readSession(id), 'The second read finds another session').toEqual(made);
  const queries = tap.mysql.counts().commands;
  expect(queries, 'The second read asked MySQL again: keep in Redis what you found').toBe(0);
  await redis.flushdb();
  await lab.$setClock(CLOCK_START + MINUTE);
  const slid = { ...made, expiresAt: CLOCK_START + MINUTE + lifetimes.idleMs };
  expect(await lab.slideSession(id, lifetimes), 'Redis came back empty: a use counts all the same').toEqual(
    slid,
  );
  await redis.flushdb();
  const next = await lab.rotateSession(id, { role: 'admin', idleMs: lifetimes.idleMs });
  expect(next, 'Redis came back empty: a session gets a new id all the same').not.toBe(null);
  await redis.flushdb();
  expect(await lab.endAllSessions(ada.playerId), 'Redis came back empty: sessions end all the same').toBe(1);
});

check('11.away.error', 'Redis does not answer: an error', 3, async (fixtures) => {
  const { lab, redis, tap, mysql, draw, expect } = fixtures;
  const lifetimes = drawn(draw);
  const id = await loggedIn(fixtures, { lifetimes, without: 'an outage' });
  const refused = await withoutRights(redis, '-@write -@scripting', () =>
    thrownBy(lab.createSession(borin, lifetimes)),
  );
  expect(refused !== undefined, 'Redis refused to write, and createSession() resolved').toBe(true);
  const [slid, rotated, ended] = [
    await logIn(lab, ada, lifetimes),
    await logIn(lab, ada, lifetimes),
    await logIn(lab, ada, lifetimes),
  ];
  await logIn(lab, joss, lifetimes);
  await redisGoesAway(tap);
  const calls: [string, Promise<unknown>][] = [
    ['createSession', lab.createSession(borin, lifetimes)],
    ['readSession', lab.readSession(id)],
    ['readSession', lab.readSession('nobody-knows-whether-this-is-one')],
    ['slideSession', lab.slideSession(slid, lifetimes)],
    ['rotateSession', lab.rotateSession(rotated, { role: 'admin', idleMs: lifetimes.idleMs })],
    ['endSession', lab.endSession(ended)],
    ['endAllSessions', lab.endAllSessions(joss.playerId)],
  ];
  const errors = await Promise.all(calls.map(([, call]) => thrownBy(call)));
  for (const [at, [name]] of calls.entries()) {
    const sentence = `Redis was away, and ${name}() resolved: let its error reach the caller`;
    expect(errors[at] !== undefined, sentence).toBe(true);
  }
  const rows = await sessionRows(mysql, borin.playerId);
  const left = rows.filter(({ expires_at }) => expires_at > CLOCK_START).length;
  expect(
    left,
    'createSession() threw while Redis refused or was away, and there is a session all the same',
  ).toBe(0);
});

check('11.errors.end', 'Connections go back, also where MySQL refuses', 2, async (fixtures) => {
  const { lab, redis, draw, expect } = fixtures;
  const lifetimes = drawn(draw);
  const id = await loggedIn(fixtures, { lifetimes, without: 'an error' });
  const before = (await redis.keys('*')).length;
  for (let i = 0; i < 11; i++) {
    const error = await thrownBy(lab.createSession({ playerId: 99, role: 'player' }, lifetimes));
    const sentence = 'There is no player 99, MySQL refuses the row, and createSession() resolved';
    expect(error !== undefined, sentence).toBe(true);
  }
  expect((await redis.keys('*')).length, 'MySQL refused the session, and Redis holds it').toBe(before);
  for (let i = 0; i < 11; i++) {
    const none = [
      await lab.slideSession('nobody', lifetimes),
      await lab.rotateSession('nobody', { role: 'admin', idleMs: 1 }),
    ];
    expect(none, 'There is no such session: null').toEqual([null, null]);
  }
  expect(await lab.slideSession(id, lifetimes), 'A session that lives is slid after all that').not.toBe(null);
});

check('11.away.mysql', 'MySQL does not answer: an error, where it is asked', 2, async (fixtures) => {
  const { lab, redis, tap, draw, expect } = fixtures;
  const lifetimes = drawn(draw);
  const id = await loggedIn(fixtures, { lifetimes, without: 'an outage of MySQL' });
  const made = madeAt(CLOCK_START, ada, lifetimes);
  const before = (await redis.keys('*')).length;
  tap.mysql.refuse(100_000);
  tap.mysql.disconnectAll();
  expect(await lab.readSession(id), 'Redis has the session: MySQL need not answer').toEqual(made);
  const log = await thrownBy(lab.createSession(borin, lifetimes));
  expect(log !== undefined, 'MySQL was away, and createSession() resolved').toBe(true);
  const after = (await redis.keys('*')).length;
  expect(after, 'createSession() threw while MySQL was away, and Redis holds a session').toBe(before);
  await redis.flushdb();
  const calls: [string, () => Promise<unknown>][] = [
    ['readSession', () => lab.readSession(id)],
    ['slideSession', () => lab.slideSession(id, lifetimes)],
    ['rotateSession', () => lab.rotateSession(id, { role: 'admin', idleMs: lifetimes.idleMs })],
    ['endSession', () => lab.endSession(id)],
    ['endAllSessions', () => lab.endAllSessions(ada.playerId)],
    ['listSessions', () => lab.listSessions(ada.playerId)],
  ];
  for (const [name, call] of calls) {
    const error = await thrownBy(call());
    const sentence = `Redis was empty and MySQL away, and ${name}() resolved: let its error reach the caller`;
    expect(error !== undefined, sentence).toBe(true);
  }
});

check(
  '11.end.again',
  'endSession() counts once it was repeated, wherever it was killed',
  2,
  async (fixtures) => {
    const { lab, redis, tap, draw, expect } = fixtures;
    const lifetimes = drawn(draw);
    await loggedOut(fixtures, { lifetimes, without: 'a crash' });
    for (const [server, first] of [
      ['redis', 0],
      ['mysql', 2],
    ] as const) {
      for (let at = first; at < 6; at++) {
        const id = await logIn(lab, ada, lifetimes);
        tap.meter.reset();
        const next = tap[server].stallAt(at + 1, { executed: false });
        const broken = thrownBy(lab.endSession(id)).catch(() => {});
        const happened = await Promise.race([next.happened.then(() => true), broken.then(() => false)]);
        if (happened) await lab.$crash();
        await broken;
        next.release();
        await lab.endSession(id);
        const open = await opens({ lab, redis }, id);
        const sentence = `The process was killed after ${countOf(at, 'command')} to ${server}, the call made again, and the session still lives`;
        expect(open, sentence).toEqual([]);
        if (!happened) break;
      }
    }
  },
);

check('11.once.rotate', 'Of two calls of rotateSession() at once one gets a new id', 2, async (fixtures) => {
  const { lab, draw, expect } = fixtures;
  const lifetimes = drawn(draw);
  const other = await lab.$another();
  const rights = { role: 'admin', idleMs: lifetimes.idleMs };
  for (let round = 0; round < 4; round++) {
    const id = await loggedIn(fixtures, { lifetimes, without: 'a second call' });
    const all = [lab, other, lab, other].map((process) => process.rotateSession(id, rights));
    const ids = (await Promise.all(all)).filter((next) => next !== null);
    const sentence = 'Four calls at once asked for a new id for one session';
    expect(ids.length, `${sentence}: one gets it, the others null`).toBe(1);
    expect(await lab.readSession(String(ids[0])), `${sentence}: the one that was given opens it`).not.toBe(
      null,
    );
    const list = listOf(await lab.listSessions(ada.playerId), 'What listSessions() gives');
    expect(list.length, `${sentence}: it is one session still`).toBe(1);
    await lab.endSession(String(ids[0]));
  }
});

check('11.once.log-ins', 'Log-ins and log-outs of one player at once all resolve', 1, async (fixtures) => {
  const { lab, tap, draw, expect } = fixtures;
  const lifetimes = drawn(draw);
  await loggedOut(fixtures, { lifetimes, without: 'a second call' });
  const other = await lab.$another();
  const first = await logIn(lab, ada, { ...lifetimes, idleMs: MINUTE });
  for (const process of [lab, other]) await process.$setClock(CLOCK_START + MINUTE);
  const log = [() => lab.createSession(ada, lifetimes), () => other.createSession(ada, lifetimes)] as const;
  const prepare = () => other.endAllSessions(ada.playerId);
  const two = {
    prepare,
    call: log[0],
    step: log[1],
    server: 'mysql',
    first: 1,
    most: 8,
    stillMs: 300,
  } as const;
  for await (const { commands } of steppedIn(tap, two)) {
    const sentence = `A log-in met another one of the same player after ${countOf(commands, 'command')} to mysql: both count`;
    expect(listOf(await lab.listSessions(ada.playerId), 'What listSessions() gives').length, sentence).toBe(
      2,
    );
  }
  await other.endAllSessions(ada.playerId);
  tap.redis.latencyMs = 15; // so that they meet
  const made = await Promise.all([lab, other, lab, other].map((process) => logIn(process, ada, lifetimes)));
  await Promise.all(
    [...made, first].flatMap((id) => [lab.endSession(id), other.slideSession(id, lifetimes)]),
  );
  const left = await lab.listSessions(ada.playerId);
  expect(left, 'Each session was ended while it was slid: none is left').toEqual([]);
  const found = await Promise.all(made.map((id) => other.readSession(id)));
  expect(
    found.filter((session) => session !== null),
    'A session that was ended is let in',
  ).toEqual([]);
});

check('11.slide.never-back', 'slideSession() makes no session shorter', 2, async (fixtures) => {
  const { lab, redis, draw, expect } = fixtures;
  const lifetimes = drawn(draw);
  const id = await loggedIn(fixtures, { lifetimes, without: 'a second clock' });
  const other = await lab.$another();
  await lab.$setClock(CLOCK_START + 15 * MINUTE);
  const slid = await lab.slideSession(id, lifetimes);
  expect(
    await other.slideSession(id, lifetimes),
    'A process whose clock is 15 minutes behind made it shorter',
  ).toEqual(slid);
  expect(await lab.readSession(id), 'In Redis it is shorter than it was').toEqual(slid);
  const brief = await lab.slideSession(id, { idleMs: MINUTE });
  expect(brief, 'It was slid with a shorter idleMs: expiresAt stays').toEqual(slid);
  await redis.flushdb();
  expect(await lab.readSession(id), 'In MySQL it is shorter than it was').toEqual(slid);
});

check('11.once.slide', 'Of two calls of slideSession() at once the later end stays', 2, async (fixtures) => {
  const { lab, redis, tap, draw, undisturbed, expect } = fixtures;
  const lifetimes = drawn(draw);
  const other = await lab.$another();
  const ahead = CLOCK_START + 15 * MINUTE;
  await other.$setClock(ahead);
  const slid = { ...madeAt(CLOCK_START, ada, lifetimes), expiresAt: ahead + lifetimes.idleMs };
  await undisturbed({ see: '11.slide.never-back', without: 'a second call' }, async () => {
    const id = await logIn(lab, ada, lifetimes);
    await other.slideSession(id, lifetimes);
    expect(await lab.slideSession(id, lifetimes), 'It became shorter').toEqual(slid);
  });
  for (const server of ['redis', 'mysql'] as const) {
    let id = '';
    const prepare = async () => {
      id = await logIn(lab, ada, lifetimes);
    };
    const call = () => lab.slideSession(id, lifetimes);
    const step = () => other.slideSession(id, lifetimes);
    for await (const { commands } of steppedIn(tap, { prepare, call, step, server, first: 0, most: 8 })) {
      const sentence = `A use was overtaken after ${countOf(commands, 'command')} to ${server} by another one that ends 15 minutes later. The later end stays`;
      expect(await lab.readSession(id), `${sentence}, in Redis`).toEqual(slid);
      await redis.flushdb();
      expect(await lab.readSession(id), `${sentence}, in MySQL`).toEqual(slid);
    }
  }
});

check('11.end.reader', 'endSession() also ends what somebody is just reading', 4, async (fixtures) => {
  const { lab, redis, tap, draw, expect } = fixtures;
  const lifetimes = drawn(draw);
  await loggedOut(fixtures, { lifetimes, without: 'a reader' });
  const other = await lab.$another();
  for (const server of ['redis', 'mysql'] as const) {
    let id = '';
    const prepare = async () => {
      id = await logIn(lab, ada, lifetimes);
      await redis.flushdb();
    };
    const call = () => lab.readSession(id);
    const step = async () => {
      await other.endSession(id);
      await pause(20); // a reader may take its time: what keeps it from writing must outlive that
    };
    for await (const { commands } of steppedIn(tap, { prepare, call, step, server, first: 0, most: 5 })) {
      const sentence = `A reader found nothing in Redis, and was overtaken by the log-out after ${countOf(commands, 'command')} to ${server}: it kept the session in Redis, where it lives on`;
      expect(await opens({ lab: other, redis }, id), sentence).toEqual([]);
    }
  }
});

check(
  '11.end.reader-of-others',
  'endAllSessions() and rotateSession() also end what somebody is just reading',
  2,
  async (fixtures) => {
    const { lab, redis, tap, draw, undisturbed, expect } = fixtures;
    const lifetimes = drawn(draw);
    const other = await lab.$another();
    const ways = {
      endAllSessions: { see: '11.end.all', end: (_: string) => other.endAllSessions(ada.playerId) },
      rotateSession: {
        see: '11.rotate.new-id',
        end: (id: string) => other.rotateSession(id, { role: 'admin', idleMs: lifetimes.idleMs }),
      },
    };
    for (const [name, { see, end }] of Object.entries(ways)) {
      let id = '';
      const prepare = async () => {
        id = await logIn(lab, ada, lifetimes);
        await redis.flushdb();
      };
      await undisturbed({ see, without: 'a reader' }, async () => {
        await prepare();
        await lab.readSession(id);
        await end(id);
        expect(await lab.readSession(id), 'It is over').toBe(null);
      });
      const [call, step] = [() => lab.readSession(id), () => end(id)];
      for await (const { commands } of steppedIn(tap, { prepare, call, step, most: 4 })) {
        const sentence = `A reader found nothing in Redis, and was overtaken by ${name}() after ${countOf(commands, 'command')} to redis: it kept in Redis what was over, where it lives on`;
        expect(await opens({ lab: other, redis }, id), sentence).toEqual([]);
      }
    }
  },
);

check(
  '11.slide.overtaken',
  'slideSession() brings nothing back that is ended meanwhile',
  2,
  async (fixtures) => {
    const { lab, redis, tap, draw, expect } = fixtures;
    const lifetimes = drawn(draw);
    await loggedOut(fixtures, { lifetimes, without: 'a use' });
    const other = await lab.$another();
    const rights = { role: 'admin', idleMs: lifetimes.idleMs };
    const ends: [string, 'redis' | 'mysql', (id: string) => Promise<unknown>][] = [
      ['the log-out', 'redis', (id) => other.endSession(id)],
      ['the log-out', 'mysql', (id) => other.endSession(id)],
      ['a change of rights', 'redis', (id) => other.rotateSession(id, rights)],
    ];
    for (const [what, server, end] of ends) {
      let id = '';
      const prepare = async () => {
        id = await logIn(lab, ada, lifetimes);
      };
      const [call, step] = [() => lab.slideSession(id, lifetimes), () => end(id)];
      for await (const { commands } of steppedIn(tap, { prepare, call, step, server, first: 0, most: 8 })) {
        const sentence = `A use was overtaken by ${what} after ${countOf(commands, 'command')} to ${server}, and wrote the old session back`;
        expect(await opens({ lab: other, redis }, id), sentence).toEqual([]);
      }
    }
  },
);

check('11.end.rotating', 'endAllSessions() also ends what gets a new id meanwhile', 3, async (fixtures) => {
  const { lab, redis, tap, draw, expect } = fixtures;
  const lifetimes = drawn(draw);
  await loggedOut(fixtures, { lifetimes, without: 'a change of rights' });
  const other = await lab.$another();
  for (const server of ['redis', 'mysql'] as const) {
    let id = '';
    const prepare = async () => {
      id = await logIn(lab, ada, lifetimes);
    };
    const call = () => lab.rotateSession(id, { role: 'admin', idleMs: lifetimes.idleMs });
    const step = () => other.endAllSessions(ada.playerId);
    for await (const { commands, value } of steppedIn(tap, {
      prepare,
      call,
      step,
      server,
      first: 0,
      most: 8,
    })) {
      const sentence = `A session was getting a new id, ${countOf(commands, 'command')} to ${server} far, when all were ended: it lives on`;
      const ids = [id, ...(value === null ? [] : [idOf(value, 'rotateSession()')])];
      expect(await opens({ lab: other, redis }, ...ids), sentence).toEqual([]);
    }
  }
});
