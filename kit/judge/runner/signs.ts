import type { FromRunner, ToRunner } from './protocol.ts';

/** What the judge asks a process about itself, and when it has the answer or gives up waiting for it. */
export class Signs {
  /** Who waits for which answer; a late one finds its place here too. */
  #expected: Map<number, (message: FromRunner) => void>;
  #say: (message: ToRunner) => void;
  #number: () => number;
  #waiting = new Set<() => void>();
  #gone = false;

  /** @param number gives each question one of its own. */
  constructor(given: {
    expected: Map<number, (message: FromRunner) => void>;
    say: (message: ToRunner) => void;
    number: () => number;
  }) {
    this.#expected = given.expected;
    this.#say = given.say;
    this.#number = given.number;
  }

  /**
   * Asks, and resolves once the answer is here and all that the process sent to the taps before it has been read; to
   * undefined where it is gone, or has not answered in time.
   *
   * @param timeIsUp called then, right when the time is up.
   */
  ask(type: 'ping' | 'reconnect', limitMs: number, timeIsUp?: () => void): Promise<FromRunner | undefined> {
    if (this.#gone) return Promise.resolve(undefined);
    const id = this.#number();
    return new Promise((resolve) => {
      const over = (message?: FromRunner) => {
        clearTimeout(timer);
        this.#waiting.delete(over);
        setImmediate(resolve, message);
      };
      const timer = setTimeout(() => {
        timeIsUp?.();
        over();
      }, limitMs);
      this.#waiting.add(over);
      this.#expected.set(id, over);
      this.#say({ type, id });
    });
  }

  /** The process is gone: nobody waits for it. */
  end(): void {
    this.#gone = true;
    for (const over of this.#waiting) over();
  }
}
