/** The same refusal is told again after this long, ms. */
const AGAIN_MS = 60_000;
const MAX_REMEMBERED = 100;

/**
 * Says what a person should know of failing calls, and not a line for each: that Redis is away, that it is back and
 * how many calls failed meanwhile, and each other failure once a minute.
 */
export class CallLog {
  #say: (sentence: string) => void;
  #away: { since: number; failed: number } | undefined;
  #told = new Map<string, number>();

  constructor(say: (sentence: string) => void) {
    this.#say = say;
  }

  unreachable(what: string, message: string): void {
    if (this.#away) {
      this.#away.failed++;
      return;
    }
    this.#away = { since: performance.now(), failed: 1 };
    this.#say(
      `Redis does not answer (${what}: ${message}): reads are misses and writes are refused until it does.`,
    );
  }

  answered(): void {
    if (!this.#away) return;
    const { since, failed } = this.#away;
    this.#away = undefined;
    const seconds = ((performance.now() - since) / 1000).toFixed(1);
    this.#say(`Redis answers again after ${seconds} s; ${failed} calls failed meanwhile.`);
  }

  /** Once a minute for each kind of call and message. @param what 'GET a' @param said 'Redis refused GET a: ...' */
  once(what: string, message: string, said: string): void {
    const kind = `${what.split(' ')[0]} ${message}`;
    const now = performance.now();
    if (now - (this.#told.get(kind) ?? Number.NEGATIVE_INFINITY) < AGAIN_MS) return;
    if (this.#told.size >= MAX_REMEMBERED) this.#told.clear();
    this.#told.set(kind, now);
    this.#say(said);
  }
}
