import { performance } from 'node:perf_hooks';

/** A connection as the gate sees it. */
export interface Holder {
  /** Its tap's hold in milliseconds. */
  readonly holdMs: number;
  /** True while the server owes it an answer, or while it is being set up: others then wait for it a little. */
  busy(): boolean;
  /** The gate opened: deliver what is held. */
  release(): void;
}

/** For so many holds a quiet client waits for a server that has not answered every command. */
const PATIENCE = 10;
/** After so many holds a reply goes, however busy the clients are. */
const LIMIT = 200;

/**
 * Holds replies back until all clients were quiet, so that commands which do not wait for one another arrive before
 * the first of their replies leaves, and trips do not vary with the machine's speed. Replies of parallel connections
 * leave together, for the same reason.
 */
export class HoldGate {
  #members = new Set<Holder>();
  #waiting = new Map<Holder, number>();
  #lastActivity = 0;
  #timer: NodeJS.Timeout | undefined;

  join(member: Holder): void {
    this.#members.add(member);
    this.touch();
  }

  leave(member: Holder): void {
    this.#members.delete(member);
    this.#waiting.delete(member);
  }

  /** A client sent something. */
  touch(): void {
    this.#lastActivity = performance.now();
  }

  /** Whether a reply may go now; where it may not, `release()` is called once it may. */
  open(member: Holder): boolean {
    if (member.holdMs === 0) return true;
    const now = performance.now();
    const since = this.#waiting.get(member);
    if (since === undefined) this.#waiting.set(member, now);
    const left = this.#left(member, { now, since: since ?? now });
    if (left <= 0) {
      this.#waiting.delete(member);
      return true;
    }
    this.#arm(left);
    return false;
  }

  #left(member: Holder, { now, since }: { now: number; since: number }): number {
    const hold = member.holdMs;
    if (now - since >= hold * LIMIT) return 0;
    const quiet = now - this.#lastActivity;
    if (quiet < hold) return hold - quiet;
    if (quiet >= hold * PATIENCE) return 0;
    for (const other of this.#members) if (other.busy()) return 1;
    return 0;
  }

  #arm(delay: number): void {
    if (this.#timer) return;
    this.#timer = setTimeout(() => {
      // What lies in the sockets is read first: a process that was late must not take itself for quiet clients.
      setImmediate(() => {
        this.#timer = undefined;
        for (const member of [...this.#waiting.keys()]) member.release();
      });
    }, Math.ceil(delay));
  }
}
