import { performance } from 'node:perf_hooks';

/** A connection as the gate sees it. */
export interface Holder {
  /** Its tap's hold in milliseconds. */
  readonly holdMs: number;
  /** Since when the server owes it an answer, or it is being set up: others then wait for it a little. */
  busySince(): number | undefined;
  /** The gate opened: deliver what is held. */
  release(): void;
}

/** For so many holds quiet clients wait for a command that the server has not answered; then it counts as slow. */
const MAX_QUIET_HOLDS = 100;
/** After so many holds a reply goes, however busy the clients are. */
const LIMIT = 200;

/**
 * Holds replies back until all clients were quiet, so that commands which do not wait for one another arrive before
 * the first of their replies leaves, and trips do not vary with the machine's speed. A client that sent something, or
 * to whom another connection delivered something, is not quiet. Replies of parallel connections leave together.
 *
 * On a machine that has no time for the clients to be quiet is not to be done: where `ask` is there, it tells when each has
 * come to the end of what it does, and has sent all that it had to send.
 */
export class HoldGate {
  /** Resolves once every client's event loop has turned, and what it sent before that has been read. */
  ask: (() => Promise<unknown>) | undefined;
  /** When the last question that was answered had been asked, and whether one is open. */
  #askedAt = Number.NEGATIVE_INFINITY;
  #asking = false;
  #members = new Set<Holder>();
  #waiting = new Map<Holder, number>();
  #leaving = new Set<Holder>();
  #lastSent = 0;
  /** The last delivery, and the last one of another connection than that. */
  #lastDelivery: { member: Holder | undefined; at: number } = { member: undefined, at: 0 };
  #otherDelivery = 0;
  #timer: NodeJS.Timeout | undefined;
  #looking: NodeJS.Immediate | undefined;

  join(member: Holder): void {
    this.#members.add(member);
    this.sent();
  }

  leave(member: Holder): void {
    this.#members.delete(member);
    this.#waiting.delete(member);
  }

  /** A client sent something. */
  sent(): void {
    this.#lastSent = performance.now();
  }

  /** A client was given something that it may act upon. */
  delivered(member: Holder): void {
    const { member: previous, at } = this.#lastDelivery;
    if (previous !== member) this.#otherDelivery = at;
    this.#lastDelivery = { member, at: performance.now() };
  }

  /** Whether a reply may go now; where it may not, `release()` is called once it may. */
  open(member: Holder): boolean {
    if (member.holdMs === 0 || this.#leaving.has(member)) return true;
    const now = performance.now();
    const since = this.#waiting.get(member) ?? now;
    const left = this.#left(member, { now, since });
    // The last of several parallel replies does not go before the others: they leave together.
    const alone = this.#waiting.size === 0 || (this.#waiting.size === 1 && this.#waiting.has(member));
    if (left <= 0 && alone) {
      this.#waiting.delete(member);
      return true;
    }
    this.#waiting.set(member, since);
    this.#arm(left);
    return false;
  }

  /** Milliseconds that a member still has to wait. */
  #left(member: Holder, { now, since: heldSince }: { now: number; since: number }): number {
    const hold = member.holdMs;
    const timeIsUp = now - heldSince >= hold * LIMIT;
    const { member: to, at } = this.#lastDelivery;
    const lastSign = Math.max(this.#lastSent, to === member ? this.#otherDelivery : at);
    if (!timeIsUp) {
      if (now - lastSign < hold) return hold - (now - lastSign);
      for (const other of this.#members) {
        const since = other.busySince();
        if (since !== undefined && now - since < hold * MAX_QUIET_HOLDS) return 1;
      }
    }
    return this.#haveSentAll(timeIsUp ? heldSince : lastSign) ? 0 : hold;
  }

  /** Whether the clients were asked after that moment, and have answered; asks them where they were not. */
  #haveSentAll(moment: number): boolean {
    if (!this.ask || this.#askedAt > moment) return true;
    if (!this.#asking) void this.#ask(this.ask);
    return false;
  }

  async #ask(ask: () => Promise<unknown>): Promise<void> {
    this.#asking = true;
    const now = performance.now();
    await ask().catch(() => {}); // who is gone sends nothing more
    this.#asking = false;
    this.#askedAt = now;
    this.#arm(0);
  }

  #arm(delay: number): void {
    if (delay <= 0 && this.#timer) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
    }
    if (this.#timer || this.#looking) return;
    // What lies in the sockets is read first: a process that was late must not take itself for quiet clients.
    const look = () => {
      this.#timer = undefined;
      this.#looking = setImmediate(() => this.#look());
    };
    if (delay <= 0) look();
    else this.#timer = setTimeout(look, Math.ceil(delay));
  }

  #look(): void {
    this.#looking = undefined;
    const now = performance.now();
    let shortest = Number.POSITIVE_INFINITY;
    // All are asked before the first goes, as what it delivers would hold the others back.
    for (const [member, since] of this.#waiting) {
      const left = this.#left(member, { now, since });
      if (left <= 0) this.#leaving.add(member);
      else shortest = Math.min(shortest, left);
    }
    for (const member of this.#leaving) this.#waiting.delete(member);
    for (const member of this.#leaving) member.release();
    this.#leaving.clear();
    if (this.#waiting.size > 0) this.#arm(Math.max(1, Math.min(shortest, 5)));
  }
}
