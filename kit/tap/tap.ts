/** A server that a tap can stand in front of. */
export type TapServer = 'redis' | 'mysql';

/** What crossed a tap since the last reset. Setting a connection up is in none of these figures. */
export interface TapCounts {
  /** Requests: a MULTI of 10 is 12, the first `execute()` of a statement is 2. */
  commands: number;
  /** Round trips to this server that waited for one another (`Meter.trips` has them over all servers). */
  trips: number;
  /** Bytes of the requests. */
  bytesSent: number;
  /** Bytes of the replies and pushes, counted when they were written to the client. */
  bytesReceived: number;
  /** MySQL rows written to the client; 0 for Redis. */
  rows: number;
  /** Error replies. */
  errors: number;
  /** Connections accepted. */
  connections: number;
  /** Connections closed at once because of `refuse()` or a cut. */
  refusedConnections: number;
  /** The most that was ever on its way without an answer: `{ commands: 1000, bytes: 84213 }`. */
  largestBacklog: { commands: number; bytes: number };
  /** `Meter.rowsBeforeWrite`, for convenience. */
  rowsBeforeWrite: number;
}

/** One request, reply or push of a transcript, or a gap where the middle was left out. */
export interface TapEvent {
  kind: 'request' | 'reply' | 'push' | 'gap';
  /** A reply has the id of its request; a push or a gap has one of its own. */
  id: number;
  server: TapServer;
  /** Number of the connection, from 1. */
  connection: number;
  direction: 'sent' | 'received';
  /** Milliseconds since the reset. */
  at: number;
  /** `HSET`, `QUERY`, `EXECUTE`; a reply has the name of its request, a push its kind (`message`). */
  name: string;
  /** Arguments or values, shortened, control characters escaped: `order:1 total_amount 1999.99`. */
  text: string;
  bytes: number;
  /** The trip that the request belongs to, from 1; 0 for set-up, pushes and gaps. */
  depth: number;
  /** The part of a connection's set-up: `HELLO`, the MySQL login. */
  setup: boolean;
  /** MySQL rows of a reply. */
  rows?: number;
  /** The server's message, where a reply is an error. */
  error?: string;
  /** How many events a gap stands for. */
  count?: number;
}

/** A command that was sent and whose reply the client does not have yet. */
export interface Outstanding {
  id: number;
  server: TapServer;
  connection: number;
  /** `HSET order:1 total_amount 1999.99`, shortened. */
  command: string;
  /** Milliseconds since it was sent. */
  age: number;
}

/** Something that a tap would not let through, since it cannot count it. */
export interface Refusal {
  server: TapServer;
  connection: number;
  /** A sentence: `tap: inline commands cannot be counted`. */
  reason: string;
}

/** How `cutAfter()` cut. */
export interface Cut {
  /** The command that the cut fell on: `HSET order:7 id 7`. */
  command: string;
  /** Whether the server carried that command out. */
  executed: boolean;
}

/** A fault that was planned with `cutAfter()`. */
export interface PlannedCut {
  /** Settles at the moment of the cut, after the last byte reached the server. */
  readonly happened: Promise<Cut>;
  /** Accepts connections again after a cut, or gives up a cut that has not happened. */
  restore(): void;
}

/** A command that was planned to stand still with `stallAt()` or `stallAtRows()`. */
export interface Stall {
  /** Settles once the command stands still, to what it is: `QUERY COMMIT`. */
  readonly happened: Promise<string>;
  /** Lets it go on, or gives up a stall that has not happened. */
  release(): void;
}

/**
 * A byte-transparent proxy on a Unix socket in front of a server, which counts and remembers what crosses it.
 *
 * @example
 * const meter = new Meter();
 * const tap = await openRedisTap({ upstream: { path: '/tmp/redis.sock' }, path: '/tmp/tap.sock', meter });
 * await new Redis({ path: tap.path }).hset('order:1', { id: 1, user_id: 2 });
 * tap.counts().commands // 1
 */
export interface Tap {
  /** The Unix socket that clients connect to. */
  readonly path: string;
  readonly server: TapServer;
  /** How many connections it has accepted since it was opened; no reset sets it back. */
  readonly accepted: number;
  /** How often it has cut all connections since it was opened; no reset sets it back. */
  readonly cuts: number;
  /** Whether it lets connections in: no `refuse()` and no cut stands. */
  readonly letsIn: boolean;
  /** Whether no client waits for anything: not for a reply, be it of its set-up or of a blocking read. */
  readonly atRest: boolean;
  /** Replies wait until all clients of the meter were quiet for this many milliseconds; 0 is off. */
  holdMs: number;
  /** Milliseconds that every round trip takes longer; set to 0, replies under way go at once. */
  latencyMs: number;
  counts(): TapCounts;
  /** The first and the last events, with a gap between them where there were more. Set-up only when asked for. */
  transcript(options?: { setup?: boolean }): TapEvent[];
  /** Commands without a reply; blocking reads, subscriptions and set-up are left out. */
  outstanding(): Outstanding[];
  /** What was refused since the reset. */
  refusals(): Refusal[];
  /** Waits until nothing is outstanding and nothing crossed for `quietMs` (10); false after `timeoutMs` (1000). */
  settled(options?: { quietMs?: number; timeoutMs?: number }): Promise<boolean>;
  /** When connections were closed at once, ms since the reset. */
  refusedAt(): readonly number[];
  /** Closes the next `n` connections as they come, as a server does that is not up yet. */
  refuse(n: number): void;
  /**
   * Cuts every connection at the `commands`-th command from now and refuses new ones until `restore()` or a reset.
   * `executed` (true) says whether the server still carries that command out; its reply never arrives.
   */
  cutAfter(commands: number, options?: { executed?: boolean }): PlannedCut;
  /**
   * Lets the `commands`-th command from now stand still, with all that follows it on its connection, until `release()`
   * or a reset: other connections go on. `executed` (true) says whether the server carries it out before that, and
   * only its reply waits.
   *
   * @example
   * const commit = tap.mysql.stallAt(1);
   * const first = lab.saveProfile(one, { ttlMs });
   * await commit.happened; // MySQL has it, and the student's code does not know yet
   * await lab.saveProfile(two, { ttlMs });
   * commit.release();
   */
  stallAt(commands: number, options?: { executed?: boolean }): Stall;
  /**
   * Keeps the next reply that brings MySQL rows from its client, as `stallAt` does: what was read grows old. However
   * many commands a student's code sends before it reads.
   */
  stallAtRows(): Stall;
  /** Closes every client's connection. */
  disconnectAll(): void;
  /** Counts, transcript and faults from zero, of every tap on the same meter; connections stay open. */
  reset(): void;
  close(): Promise<void>;
}
