import type { PlainError } from './protocol.ts';

/** The judge's functions that a runner may call while their call is in flight, by number. */
export function callbackNumbers() {
  const known = new Map<number, (...args: unknown[]) => unknown>();
  let next = 0;
  let running = 0;
  return {
    /** How many run right now. */
    get running(): number {
      return running;
    },
    /** The numbers of one call: `send` gives a function one, `drop` forgets them all when the call is over. */
    ofOneCall() {
      const own: number[] = [];
      return {
        send(fn: (...args: unknown[]) => unknown): number {
          known.set(++next, fn);
          own.push(next);
          return next;
        },
        drop(): void {
          for (const ref of own) known.delete(ref);
        },
      };
    },
    /** Runs one; what it throws becomes plain data. An unknown number is an error of the runner's. */
    async run(ref: number, args: unknown[]): Promise<{ value: unknown } | { error: PlainError }> {
      const fn = known.get(ref);
      if (!fn) return { error: { name: 'Error', message: 'this callback belongs to a call that is over' } };
      running++;
      try {
        return { value: await fn(...args) };
      } catch (thrown) {
        const { name, message, code } = thrown as NodeJS.ErrnoException;
        return {
          error: { name: String(name), message: String(message), ...(code ? { code: String(code) } : {}) },
        };
      } finally {
        running--;
      }
    },
  };
}
