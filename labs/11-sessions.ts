/**
 * Lab 11: sessions. Fill in the seven functions, then run `./lab check 11`.
 *
 * A player logs in and gets an id, which comes back with each request (`X-Session-ID`). Who has the id is the player, so
 * it is a secret like a password. Sessions are read from Redis, and written through to MySQL: a Redis that starts empty
 * logs nobody out. In MySQL a session is a row of `sessions`:
 *
 *     id_hash 'c0ffee…' (64)   player_id 7   role 'player'   created_at, expires_at, ends_at   (ms since 1970)
 *
 * and everywhere else
 *
 *     { playerId: 7, role: 'player', createdAt: 1768478400000, expiresAt: 1768480200000, endsAt: 1768564800000 }
 *
 * - An id is a text of 22 to 128 letters, digits, `-`, `_` or `.`, with 120 random bits or more in it, from `node:crypto`:
 *   16 random bytes, or a UUID of version 4. No two sessions have the same, in whatever process they were made.
 * - Who reads Redis or MySQL cannot log in: neither ever holds an id. `id_hash` is the SHA-256 of the id, in hex.
 * - All times are by `now()`. A session is over at `expiresAt`, to the ms: at 1768480199999 it lives, at 1768480200000 not.
 *   `expiresAt` moves with each use; `endsAt` never moves, and `expiresAt` is never later.
 * - Names of keys begin with `sid:`. What follows is yours to choose. Every key expires, at `endsAt` of its session at the
 *   latest.
 * - Redis does not answer, or refuses: its error is thrown. That is no log-in, and it is not "not logged in" either. So is
 *   an error of MySQL, where it is asked.
 * - Two calls at once, of one session or one player, in one process or two: both resolve. A deadlock is an error, so let none
 *   be: `DELETE … WHERE player_id = ?` in a transaction locks more than it deletes.
 * - A connection that you take from the pool goes back, with no transaction on it, also where you throw: the pool has ten.
 *
 * Core: create, read, slide, rotate, end, end all, list, one call at a time. Robust: a Redis that comes back empty or is
 * away, a killed process, two calls at once. Expert: a call that is overtaken while it is under way.
 */
import type { Lifetimes, Session, Sessions } from '../src/contracts/sessions.ts';
import type { LabContext } from '../src/lab/context.ts';
import type { Step } from '../src/lab/steps.ts';
import '../src/lab/as-command.ts'; // `npx tsx labs/11-sessions.ts` plays this lab

type Ctx = Pick<LabContext, 'redis' | 'mysql' | 'now'>;

/**
 * A log-in. Makes a new session under a new id, in MySQL and in Redis, and resolves to the id. `createdAt` is now,
 * `endsAt` is `maxMs` later, and `expiresAt` is `idleMs` later, or `endsAt` where that is earlier.
 *
 * Rows of the same player that are over are deleted: with 3 rows that are over and 1 that is not, there are 2 afterwards.
 *
 * Where it throws there is no new session: `listSessions` shows none.
 */
export async function createSession(
  { redis, mysql, now }: Ctx,
  { playerId, role }: { playerId: number; role: string },
  { idleMs, maxMs }: Lifetimes,
): Promise<string> {
  throw new Error('TODO: write createSession in labs/11-sessions.ts');
}

/**
 * The session of `id`, or null where there is none or it is over. `id` is whatever text a client sent: '', 'no\nid', or
 * the hash out of Redis are nobody's. Reading does not slide.
 *
 * - Redis has the session: one round trip, no query.
 * - Redis has not: from MySQL, and then kept in Redis, so that the next read asks MySQL no more.
 */
export async function readSession({ redis, mysql, now }: Ctx, id: string): Promise<Session | null> {
  throw new Error('TODO: write readSession in labs/11-sessions.ts');
}

/**
 * A use. `expiresAt` becomes `idleMs` from now, but `endsAt` where that is earlier. It never becomes earlier than it was:
 * it is 12:40 already, and a process whose clock is an hour behind slides to 11:40; it stays 12:40.
 *
 * Resolves to the session as it is then, in Redis and in MySQL. Null where there is none or it is over: no use brings it
 * back, also where the session is ended or gets a new id while this runs.
 */
export async function slideSession(
  { redis, mysql, now }: Ctx,
  id: string,
  { idleMs }: { idleMs: number },
): Promise<Session | null> {
  throw new Error('TODO: write slideSession in labs/11-sessions.ts');
}

/**
 * A change of rights. The session goes on under a new id, with the new `role`; `createdAt` and `endsAt` stay, `expiresAt`
 * slides. Resolves to the new id. The old id is over then, for every process: who knew it has no part in the new rights.
 *
 * Null where there is no session or it is over. Of two calls at once for one id, one gets a new id and the other null.
 */
export async function rotateSession(
  { redis, mysql, now }: Ctx,
  id: string,
  { role, idleMs }: { role: string; idleMs: number },
): Promise<string | null> {
  throw new Error('TODO: write rotateSession in labs/11-sessions.ts');
}

/**
 * A log-out. Once this has resolved the session is over: for every process, after Redis came back empty, and also where
 * somebody read it from MySQL before and is only now about to keep it in Redis. No such session: nothing happens.
 *
 * A call that threw, or whose process was killed, is made again, and then the same holds.
 */
export async function endSession({ redis, mysql, now }: Ctx, id: string): Promise<void> {
  throw new Error('TODO: write endSession in labs/11-sessions.ts');
}

/**
 * Ends all sessions of a player (a stolen password), as endSession would each: those that there were when the call began,
 * also one that gets a new id while this runs. Those of other players go on.
 *
 * @returns how many it ended; those that were over before do not count.
 */
export async function endAllSessions({ redis, mysql, now }: Ctx, playerId: number): Promise<number> {
  throw new Error('TODO: write endAllSessions in labs/11-sessions.ts');
}

/** The sessions of a player that are not over, by `createdAt`, the oldest first. A session has the five fields, and no id. */
export async function listSessions({ redis, mysql, now }: Ctx, playerId: number): Promise<Session[]> {
  throw new Error('TODO: write listSessions in labs/11-sessions.ts');
}

/** Of the story: half an hour, a day. */
const lifetimes = { idleMs: 1_800_000, maxMs: 86_400_000 };
const gita = { playerId: 7, role: 'player' };

/** Runs with no session of the player's, and ends what the story leaves. */
async function withoutSessions(
  yours: Parameters<Step<Sessions>['run']>[0]['yours'],
  lab: LabContext,
  story: () => Promise<void>,
) {
  await yours.endAllSessions(lab, gita.playerId);
  try {
    await story();
  } finally {
    await yours.endAllSessions(lab, gita.playerId);
  }
}

/** The story that `./lab 11` plays in the terminal, on the live servers. */
export const steps: Step<Sessions>[] = [
  {
    title: 'A log-in, a request, a use, on the wire',
    text: 'Gita logs in; then her session is read, then slid. Which of the three reach MySQL? And where do you see her id?',
    run: ({ lab, yours, wire }) =>
      withoutSessions(yours, lab, async () => {
        const id = await yours.createSession(lab, gita, lifetimes);
        await wire((tapped) => yours.createSession(tapped, gita, lifetimes));
        await wire((tapped) => yours.readSession(tapped, id));
        await wire((tapped) => yours.slideSession(tapped, id, lifetimes));
      }),
  },
  {
    title: 'A new id with new rights',
    text: 'Gita becomes an admin. Somebody has seen her old id over her shoulder. What does each of the two ids open?',
    run: ({ lab, yours, table }) =>
      withoutSessions(yours, lab, async () => {
        const before = await yours.createSession(lab, gita, lifetimes);
        const after = await yours.rotateSession(lab, before, { role: 'admin', idleMs: lifetimes.idleMs });
        table([
          { id: 'the old one', opens: (await yours.readSession(lab, before))?.role ?? 'nothing' },
          { id: 'the new one', opens: (await yours.readSession(lab, after!))?.role ?? 'nothing' },
        ]);
      }),
  },
  {
    title: 'Redis comes back empty',
    text: 'Every key of the sessions is gone. Is Gita still logged in? And who answers: Redis or MySQL, the first and the second time?',
    run: ({ lab, yours, wire }) =>
      withoutSessions(yours, lab, async () => {
        const id = await yours.createSession(lab, gita, lifetimes);
        for (const key of await lab.redis.keys('sid:*')) await lab.redis.del(key);
        await wire((tapped) => yours.readSession(tapped, id));
        await wire((tapped) => yours.readSession(tapped, id));
      }),
  },
  {
    title: 'A stolen password',
    text: 'Three browsers are logged in. Then the password is changed. How many of the three are still let in?',
    run: ({ lab, yours, table, say }) =>
      withoutSessions(yours, lab, async () => {
        const ids: string[] = [];
        for (let i = 0; i < 3; i++) ids.push(await yours.createSession(lab, gita, lifetimes));
        table(await yours.listSessions(lab, gita.playerId));
        say(`${await yours.endAllSessions(lab, gita.playerId)} sessions ended.`);
        const found = await Promise.all(ids.map((id) => yours.readSession(lab, id)));
        say(`${found.filter((session) => session !== null).length} of the three ids still open something.`);
      }),
  },
];
