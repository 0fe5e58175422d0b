import { judgeLost, STRAINED } from '../base/lost-time.ts';
import { MachineTooBusy } from './machine-too-busy.ts';
import type { Limit } from './runner/limit.ts';
import { StudentError } from './runner/student-error.ts';
import { STRAINED_FACTOR, WALL_MS } from './runner/watch.ts';

/** The time that a student's code may take in one check, ms. A limit, not a budget: what is asserted is counted. */
export const CHECK_MS = 10_000;
/** The same in all checks of a submission together, ms. */
export const SUBMISSION_MS = 120_000;

/**
 * What a server of the judge's costs that the code has spoilt, of the time for all checks, ms: to find out, to end what can be
 * ended and to start another takes half a minute. Three are all the time there is.
 */
export const SERVER_MS = 40_000;

/** What this machine keeps from a process: its time so far, ms, which only grows. */
export interface Loser {
  readonly ms: number;
}

/**
 * The time that is left to a student's code: only what it takes itself counts, from call to reply, not what the judge
 * does meanwhile, nor what the machine keeps from its process or from the judge.
 *
 * @example
 * const time = new TimeLimit();
 * time.beginCheck();
 * time.left().leftMs; // 10000
 */
export class TimeLimit {
  /** Used in the checks before this one, and by the clock in this one, ms. */
  #before = 0;
  #used = 0;
  #running = 0;
  #since = 0;
  /** Servers that the code has spoilt so far. */
  #servers = 0;
  /** When the check at hand began, by `performance.now()`. */
  #begun = performance.now();
  /** Who may lose time in this check, and what each had lost when it came. */
  #losers = new Map<Loser, number>();
  #judge: Loser;

  constructor({ judge = judgeLost }: { judge?: Loser } = {}) {
    this.#judge = judge;
  }

  beginCheck(): void {
    atHand = this;
    this.#before += this.#used - this.#lost();
    this.#used = 0;
    this.#begun = performance.now();
    this.#losers.clear();
    this.follow(this.#judge);
  }

  /** From now on, what this one loses in this check does not count. */
  follow(loser: Loser): void {
    if (!this.#losers.has(loser)) this.#losers.set(loser, loser.ms);
  }

  /**
   * What is left now, of the check's time or of that of all checks, whichever is less.
   *
   * @throws StudentError where nothing is, or MachineTooBusy where the machine kept much of it.
   */
  left(): Limit {
    const lost = this.#lost();
    const used = this.#used - lost;
    const check = {
      leftMs: CHECK_MS - used,
      named: `the ${CHECK_MS / 1000} s that your code has for one check`,
    };
    const submission = {
      leftMs: SUBMISSION_MS - this.#before - used,
      named: `the ${SUBMISSION_MS / 1000} s that your code has for all checks together`,
    };
    const limit = submission.leftMs < check.leftMs ? submission : check;
    if (limit.leftMs > 0 && this.#used < WALL_MS) return limit;
    const strained = lost >= STRAINED * this.#used && this.#used > 0;
    const patience = STRAINED_FACTOR * CHECK_MS - used;
    if (strained && limit === check && patience > 0 && this.#used < WALL_MS)
      return { ...check, leftMs: patience };
    if (strained)
      throw new MachineTooBusy(
        `its calls took ${seconds(this.#used)}, and for ${seconds(lost)} of them the machine had no time for your code or for the judge`,
      );
    throw new StudentError(
      'too slow',
      limit === check
        ? `Your code took more than ${CHECK_MS / 1000} s in this check. Does it do one thing at a time that could be done together?`
        : `Your code had ${SUBMISSION_MS / 1000} s for all checks together and used them up before this one. ${this.#servers > 0 ? `It spoilt ${this.#servers} of the servers, which costs ${SERVER_MS / 1000} s each: look at what the checks say of that.` : 'Look at the check that took longest.'}`,
    );
  }

  /** Counts time that was measured, ms. */
  charge(ms: number): void {
    this.#used += ms;
  }

  /** Counts what a server costs that the code has spoilt. */
  chargeServer(): void {
    this.#servers++;
    this.#before += SERVER_MS;
  }

  /** Counts the time of `work`; of calls that run at once, it counts once. */
  async counted<T>(work: (limit: Limit) => Promise<T>): Promise<T> {
    const limit = this.left();
    if (this.#running++ === 0) this.#since = performance.now();
    try {
      return await work(limit);
    } finally {
      if (--this.#running === 0) this.charge(performance.now() - this.#since);
    }
  }

  /** What the machine has kept in this check so far from the student's processes and from the judge together, ms. */
  lostMs(): number {
    let lost = 0;
    for (const [loser, before] of this.#losers) lost += loser.ms - before;
    return lost;
  }

  /** Whether that is so much of the time since the check began that a time that is up is no verdict. */
  get strained(): boolean {
    return this.lostMs() >= STRAINED * (performance.now() - this.#begun);
  }

  /** What of the time that was used was lost. To look costs some microseconds: not before it can matter. */
  #lost(): number {
    return this.#used < CHECK_MS / 10 ? 0 : Math.min(this.#used, this.lostMs());
  }
}

/** That of the check which this process judges: it judges one at a time. */
let atHand: TimeLimit | undefined;

/** How the machine treats the check which this process judges. */
export const checkAtHand = {
  /** What it has kept from it so far, ms. */
  lostMs: (): number => atHand?.lostMs() ?? 0,
  /** Whether that is so much that a wait in vain is no verdict. */
  strained: (): boolean => atHand?.strained ?? false,
};

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
