import type { FromWorker, ToJudging } from './messages.ts';

/** A worker, as far as whose turn it is. */
export interface Waiter {
  tell(message: ToJudging): void;
}

/**
 * Lets one worker of a run judge a check alone: whoever asks waits until each of the others has come to the end of its
 * check, and they wait until it is done. Who asks meanwhile comes next.
 */
export class Turns {
  #judging = new Set<Waiter>();
  #waiting = new Set<Waiter>();
  #asking: Waiter[] = [];
  #alone: Waiter | undefined;

  join(worker: Waiter): void {
    this.#judging.add(worker);
    if (this.#asking.length > 0 || this.#alone) worker.tell({ type: 'pause' });
  }

  /** Its connection ended. */
  leave(worker: Waiter): void {
    this.#judging.delete(worker);
    this.#waiting.delete(worker);
    this.#asking = this.#asking.filter((one) => one !== worker);
    if (this.#alone === worker) this.#alone = undefined;
    this.#next();
  }

  heard(worker: Waiter, { type }: FromWorker): void {
    if (type === 'ask to be alone') {
      if (this.#asking.length === 0 && !this.#alone)
        for (const other of this.#judging) if (other !== worker) other.tell({ type: 'pause' });
      this.#judging.delete(worker);
      this.#asking.push(worker);
    } else if (type === 'paused') {
      this.#judging.delete(worker);
      this.#waiting.add(worker);
    } else if (type === 'no longer alone' && this.#alone === worker) {
      this.#alone = undefined;
      // It had no pause, as it was the one to be alone.
      if (this.#asking.length > 0) worker.tell({ type: 'pause' });
      this.#judging.add(worker);
    } else return;
    this.#next();
  }

  /** Whoever is first gets its turn once nobody judges; where nobody asks, all go on. */
  #next(): void {
    if (this.#alone) return;
    if (this.#asking.length > 0) {
      if (this.#judging.size > 0) return;
      this.#alone = this.#asking.shift();
      this.#alone!.tell({ type: 'alone' });
      return;
    }
    for (const worker of this.#waiting) {
      this.#judging.add(worker);
      worker.tell({ type: 'go on' });
    }
    this.#waiting.clear();
  }
}
