import { performance } from 'node:perf_hooks';
import { HoldGate } from './hold.ts';
import type { TapServer } from './tap.ts';

/** Where a request stands: its depth over all servers, and among the requests to its own server. */
export interface Depth {
  all: number;
  own: number;
  /** The reset that it was sent after; a reply from before a reset counts nowhere. */
  generation: number;
}

interface Tally {
  commands: number;
  trips: number;
  /** The deepest reply that the client has. */
  delivered: number;
}

const nothing = (): Tally => ({ commands: 0, trips: 0, delivered: 0 });

/**
 * Counts commands and trips over all taps that share it. A command's depth is 1 plus the deepest reply already
 * delivered when it arrives, on whatever connection; trips is the greatest depth. A published message or an invalidation
 * that was delivered is something to act on as well: it tells of any command that had arrived until then.
 *
 * @example six awaited HSET: commands 6, trips 6; one pipeline of 100: commands 100, trips 1
 */
export class Meter {
  /** Decides when held replies may go. */
  readonly gate: HoldGate = new HoldGate();
  generation = 0;
  /** How often anything crossed a tap so far, in either direction, set-up and parts of a reply included; no reset sets it back. */
  crossings = 0;
  #all = nothing();
  #servers: Record<TapServer, Tally> = { redis: nothing(), mysql: nothing() };
  #startedAt = performance.now();
  #rowsSinceWrite = 0;
  #mostRows = 0;
  #onReset = new Set<() => void>();

  /** Requests to all servers. */
  get commands(): number {
    return this.#all.commands;
  }

  /** Round trips that waited for one another, over all servers. */
  get trips(): number {
    return this.#all.trips;
  }

  /**
   * The most MySQL rows that a client was given between two Redis requests, before the first or after the last: about
   * a page for code that pages or streams, all of them for code that reads everything first.
   */
  get rowsBeforeWrite(): number {
    return this.#mostRows;
  }

  /** Commands and trips of one server. */
  of(server: TapServer): { commands: number; trips: number } {
    const { commands, trips } = this.#servers[server];
    return { commands, trips };
  }

  /** Milliseconds since the reset. */
  now(): number {
    return performance.now() - this.#startedAt;
  }

  /** A request arrived. */
  request(server: TapServer): Depth {
    if (server === 'redis') this.#rowsSinceWrite = 0;
    return {
      all: count(this.#all),
      own: count(this.#servers[server]),
      generation: this.generation,
    };
  }

  /** The whole reply was written to the client. */
  delivered(server: TapServer, depth: Depth): void {
    if (depth.generation !== this.generation) return;
    const own = this.#servers[server];
    if (depth.all > this.#all.delivered) this.#all.delivered = depth.all;
    if (depth.own > own.delivered) own.delivered = depth.own;
  }

  /** A message was written to a client that had not asked for it there and then: it may tell of every command so far. */
  pushed(server: TapServer): void {
    for (const tally of [this.#all, this.#servers[server]]) tally.delivered = tally.trips;
  }

  /** MySQL rows were written to the client. */
  rows(count: number): void {
    this.#rowsSinceWrite += count;
    if (this.#rowsSinceWrite > this.#mostRows) this.#mostRows = this.#rowsSinceWrite;
  }

  /** Everything from zero, in every tap on this meter. */
  reset(): void {
    this.generation += 1;
    this.#all = nothing();
    this.#servers = { redis: nothing(), mysql: nothing() };
    this.#startedAt = performance.now();
    this.#rowsSinceWrite = 0;
    this.#mostRows = 0;
    for (const listener of this.#onReset) listener();
  }

  /** Calls `listener` on each reset, until the returned function is called. */
  onReset(listener: () => void): () => void {
    this.#onReset.add(listener);
    return () => this.#onReset.delete(listener);
  }
}

function count(tally: Tally): number {
  tally.commands += 1;
  const depth = tally.delivered + 1;
  if (depth > tally.trips) tally.trips = depth;
  return depth;
}
