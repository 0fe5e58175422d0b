import type { LabContext } from '../lab/context.ts';

/** What is known of who is logged in. All times are in ms since 1970, by `now()`. */
export interface Session {
  playerId: number;
  /** What this session may do: `player`, `admin`. */
  role: string;
  createdAt: number;
  /** The sliding end: at this ms it is over. Never later than `endsAt`. */
  expiresAt: number;
  /** The absolute end, which nothing moves. */
  endsAt: number;
}

/** How long a session lives, in ms. */
export interface Lifetimes {
  /** How long after its last use. */
  idleMs: number;
  /** How long after the log-in, however much it is used. */
  maxMs: number;
}

type Ctx = Pick<LabContext, 'redis' | 'mysql' | 'now'>;

/**
 * What lab 11 implements: sessions that are read from Redis and written through to MySQL.
 *
 * An id is a secret: 22 to 128 letters, digits, `-`, `_` or `.`, with 120 random bits or more. Neither store ever holds
 * one; the row of `sessions` has its SHA-256 in hex. Names of keys begin with `sid:`, and every key expires. A Redis that
 * does not answer is an error: it is neither a log-in nor "not logged in".
 */
export interface Sessions {
  /**
   * A log-in: a new session under a new id. Rows of the same player that are over go.
   *
   * @returns the id
   * @throws the error of Redis or MySQL, and then there is no new session
   * @example await createSession(ctx, { playerId: 7, role: 'player' }, { idleMs: 1_800_000, maxMs: 86_400_000 })
   * // 'q5R0vX…', 43 characters
   */
  createSession(ctx: Ctx, who: { playerId: number; role: string }, lifetimes: Lifetimes): Promise<string>;

  /**
   * The session of an id; null where there is none or it is over. Where Redis has it: one round trip, no query. Reading
   * does not slide.
   */
  readSession(ctx: Ctx, id: string): Promise<Session | null>;

  /**
   * A use: `expiresAt` becomes `idleMs` from now, never earlier than it was, never later than `endsAt`, in both stores.
   *
   * @returns the session as it is then; null where there is none or it is over
   */
  slideSession(ctx: Ctx, id: string, options: { idleMs: number }): Promise<Session | null>;

  /**
   * A change of rights: the session goes on under a new id, with the new role, and the old id is over. It slides as well.
   *
   * @returns the new id; null where there is no session, it is over, or another call was first
   */
  rotateSession(ctx: Ctx, id: string, options: { role: string; idleMs: number }): Promise<string | null>;

  /** A log-out. Once it has resolved, nobody finds the session, in either store. May be repeated. */
  endSession(ctx: Ctx, id: string): Promise<void>;

  /**
   * Ends every session of a player that there was when the call began, also one that gets a new id meanwhile.
   *
   * @returns how many it ended
   */
  endAllSessions(ctx: Ctx, playerId: number): Promise<number>;

  /** The sessions of a player that are not over, the oldest first. No ids. */
  listSessions(ctx: Ctx, playerId: number): Promise<Session[]>;
}
