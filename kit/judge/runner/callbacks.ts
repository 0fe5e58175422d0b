import { CheckFailed } from '../check-errors.ts';
import { askedByJudge } from '../own-clients.ts';
import type { PlainError } from './protocol.ts';
import { StudentError } from './student-error.ts';

/**
 * The most that a student's code may call back in one call of its own, or in several that overlap: several times what
 * the largest lab needs.
 */
const MAX_CALLS = 50_000;
/** The most that it may hand over in all of these together, in characters as they cross. */
const MAX_ARGUMENT_CHARS = 8 << 20;

/** A function of the check's, and the call that handed it over. */
interface Callback {
  fn: (...args: unknown[]) => unknown;
  of: { verdict: Error | undefined };
}

/** The judge's functions that a runner may call while their call is in flight, by number. */
export function callbackNumbers() {
  const known = new Map<number, Callback>();
  /** What was called back since a call was last alone. */
  let used = { calls: 0, characters: 0 };
  let next = 0;
  let running = 0;
  let begun = 0;
  return {
    /** How many run right now. */
    get running(): number {
      return running;
    },
    /** How many have begun so far. */
    get begun(): number {
      return begun;
    },
    /**
     * The numbers of one call: `send` gives a function one, `drop` forgets them all when the call is over. `verdict` is
     * the first error of theirs that was not meant for the student's code: the check's own, whatever became of the call.
     */
    ofOneCall() {
      const own: number[] = [];
      const of: Callback['of'] = { verdict: undefined };
      if (known.size === 0) used = { calls: 0, characters: 0 };
      return {
        send(fn: (...args: unknown[]) => unknown): number {
          known.set(++next, { fn, of });
          own.push(next);
          return next;
        },
        drop(): void {
          for (const ref of own) known.delete(ref);
        },
        get verdict(): Error | undefined {
          return of.verdict;
        },
      };
    },
    /**
     * Counts one that came, so many characters long. What is begun is kept until it has answered: without a bound it
     * would fill the judge's memory.
     *
     * @returns a sentence where it is one too many.
     */
    tooMuch(characters: number): string | undefined {
      used.calls++;
      used.characters += characters;
      if (used.calls > MAX_CALLS)
        return `Your code called the check's functions more than ${MAX_CALLS} times in one call of its own. Is there an \`await\` missing in a loop?`;
      if (used.characters > MAX_ARGUMENT_CHARS)
        return `Your code called the check's functions with more than ${MAX_ARGUMENT_CHARS >> 20} MB of arguments in one call of its own.`;
      return undefined;
    },
    /** Runs one; what it throws becomes plain data. An unknown number is an error of the runner's. */
    async run(ref: number, args: unknown[]): Promise<{ value: unknown } | { error: PlainError }> {
      const callback = known.get(ref);
      if (!callback)
        return {
          error: {
            name: 'Error',
            message: 'this callback was called after the function that was given it had ended',
          },
        };
      running++;
      begun++;
      try {
        return { value: await callback.fn(...args) };
      } catch (thrown) {
        if (isVerdict(thrown)) callback.of.verdict ??= thrown;
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

/**
 * Whether what a check's function threw says something of the check: an `expect` that did not hold, a mistake in its code, or
 * a command of the judge's own that failed. What it throws to see what the student's code makes of it is a plain Error.
 */
function isVerdict(thrown: unknown): thrown is Error {
  if (thrown instanceof CheckFailed || askedByJudge(thrown)) return true;
  if (thrown instanceof StudentError) return false;
  const slips = [TypeError, RangeError, ReferenceError, SyntaxError];
  return slips.some((kind) => thrown instanceof kind) || (thrown as Error)?.name === 'AssertionError';
}
