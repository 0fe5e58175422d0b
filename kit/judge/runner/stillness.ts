import type { ProcessUsage } from '../../base/process-usage.ts';

/** What can be seen of a process without asking it. */
export interface Seen {
  /** Whether it waits for no server and for nothing that the judge does for it. */
  atRest: boolean;
  /** How often anything crossed between it and others so far. */
  crossings: number;
  usage: ProcessUsage | undefined;
}

/** So many times in a row nothing happened from one look to the next: then nothing ever will. */
const TIMES = 2;
/** A process that does nothing but answer looks uses less of a processor than this. */
const SHARE = 0.05;

/**
 * Tells a process that has nothing more to do from one that merely does nothing at this moment. Between two looks nothing
 * may have crossed and hardly any processor time been used; it must have gone to sleep since the last look, and hold no
 * timer when it answers. One that computes between two commands, or that the machine leaves no time, is never still.
 */
export class Stillness {
  #last: (Seen & { at: number }) | undefined;
  #times = 0;
  #since = 0;

  /**
   * Takes in one look.
   *
   * @param before what was seen before it was asked, `after` when its answer and all that it sent before were in.
   * @param free whether it answered that it holds neither a timer nor anything else that could wake it.
   */
  look(before: Seen, after: Seen, free: boolean): void {
    const last = this.#last;
    const now = performance.now();
    const rests = free && before.atRest && after.atRest;
    const still =
      rests &&
      last !== undefined &&
      after.crossings === last.crossings &&
      (before.usage?.state ?? 'asleep') === 'asleep' &&
      cpuBetween(last, before) <= SHARE * (now - last.at);
    if (!still) this.#since = now;
    this.#times = still ? this.#times + 1 : 0;
    this.#last = rests ? { ...after, at: now } : undefined;
  }

  /** It gave no answer. */
  noAnswer(): void {
    this.#last = undefined;
    this.#times = 0;
  }

  /** How long nothing has happened, ms, where that is long enough to be for ever; else undefined. */
  get forMs(): number | undefined {
    return this.#times >= TIMES ? performance.now() - this.#since : undefined;
  }
}

const cpuBetween = (last: Seen, now: Seen): number =>
  last.usage && now.usage ? now.usage.cpuMs - last.usage.cpuMs : 0;
