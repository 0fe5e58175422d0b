/** A load that answers when the check says so. */
export interface HeldLoad {
  load(): Promise<never>;
  /** Waits until it was called, or until `call`, which was to call it, is over: its error is thrown on. */
  entered(call: Promise<unknown>): Promise<void>;
  /** Lets all that wait in it answer. */
  go(): void;
  /** Lets all that wait in it fail. */
  fail(error: Error): void;
}

/**
 * The database of a check: what a student's code calls as `load`. It counts, and answers when it is told.
 *
 * @example
 * const loads = new Loads();
 * const slow = loads.held([1]);
 * const call = lab.getOrLoad('k', slow.load, { ttlMs: 1000 });
 * await slow.entered(call);
 * slow.go();
 */
export class Loads {
  /** When each began, by `performance.now()`. */
  begunAt: number[] = [];
  #held = new Set<() => void>();

  /** How many began. */
  get begun(): number {
    return this.begunAt.length;
  }

  /** Counts from zero. */
  forget(): void {
    this.begunAt = [];
  }

  /** A load that brings `value` at once. */
  of(value: unknown): () => Promise<never> {
    return async () => {
      this.begunAt.push(performance.now());
      return value as never;
    };
  }

  held(value: unknown): HeldLoad {
    const [gate, called] = [opening(), opening()];
    gate.promise.catch(() => {}); // nobody may be waiting in it
    this.#held.add(gate.resolve);
    return {
      load: async () => {
        this.begunAt.push(performance.now());
        called.resolve();
        await gate.promise;
        return value as never;
      },
      entered: (call) => Promise.race([called.promise, call.then(() => {})]),
      go: gate.resolve,
      fail: gate.reject,
    };
  }

  /** Lets everything go that is still held. */
  letGo(): void {
    for (const go of this.#held) go();
  }
}

/** A promise and what settles it. */
function opening() {
  const ends = { resolve: () => {}, reject: (_: Error) => {} };
  const promise = new Promise<void>((resolve, reject) => Object.assign(ends, { resolve, reject }));
  return { promise, resolve: () => ends.resolve(), reject: (error: Error) => ends.reject(error) };
}
