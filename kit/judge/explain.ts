import { inspect } from 'node:util';
import { CheckFailed, NotGradable, NotReached } from './check-errors.ts';
import type { Failure } from './result.ts';
import { StudentError } from './runner/student-error.ts';
import { CannotLoad } from './runner/transpile.ts';

/** A failure that is the judge's or a server's, never the student's. The check is tried again. */
export class InfrastructureError extends Error {
  override name = 'InfrastructureError';
}

/**
 * What the judge does between a student's calls: it opens servers, puts the data back, renews a password. Whatever fails
 * there, in whatever words, is its own.
 *
 * @param what begins the sentence that says so.
 * @throws InfrastructureError
 */
export async function judgesOwn<T>(
  work: Promise<T>,
  what = 'The judge could not set a check up',
): Promise<T> {
  return work.catch((cause) => {
    if (cause instanceof InfrastructureError) throw cause;
    throw new InfrastructureError(`${what}: ${(cause as Error).message}`, { cause });
  });
}

const MAX_VALUE = 1200;

/** A value as a student reads it: bounded, and with the strings told from the numbers. */
export function shown(value: unknown): string {
  const text = inspect(value, {
    depth: 5,
    maxArrayLength: 12,
    maxStringLength: 300,
    breakLength: 80,
    sorted: true,
  });
  return text.length > MAX_VALUE
    ? `${text.slice(0, MAX_VALUE)}… (${text.length - MAX_VALUE} more characters)`
    : text;
}

/** What to tell a student about what a check threw: the likely mistake first, then the values, then the line. */
export function explain(error: unknown): Failure {
  if (error instanceof StudentError) {
    return { sentence: error.sentence, ...(error.line ? { line: error.line } : {}) };
  }
  if (error instanceof CannotLoad) {
    const text = error.text ? `: ${error.text.trim()}` : '';
    const at = error.line ? ` Line ${error.line}${text}` : '';
    return {
      sentence: `Your file does not load. ${error.message}${at}`,
      ...(error.line ? { line: error.line } : {}),
    };
  }
  if (error instanceof CheckFailed) return { sentence: error.message, ...error.values };
  if (error instanceof NotReached) return { sentence: error.message };
  const assertion = error as { message?: string; expected?: unknown; actual?: unknown };
  const message = String(assertion?.message ?? error);
  if (!error || typeof error !== 'object' || !('actual' in error)) return { sentence: message };
  // Chai puts a check's own sentence first: "the sentence: expected 1 to be 2 // Object.is equality".
  const cut = message.search(/: expected /);
  // A check's own sentence says more than that something should have been true.
  if (cut > 0 && typeof assertion.expected === 'boolean' && typeof assertion.actual === 'boolean')
    return { sentence: message.slice(0, cut) };
  const sentence = cut > 0 ? message.slice(0, cut) : message;
  const [expected, got] = [shown(assertion.expected), shown(assertion.actual)];
  // That there should have been nothing is in the sentence; "expected undefined" says it in JavaScript's words.
  if (assertion.expected === undefined && got !== expected) return { sentence, got };
  // Where something was to differ, or two values print alike, "expected 5, got 5" says less than the sentence does.
  return expected === got ? { sentence } : { sentence, expected, got };
}

/**
 * True where it was the judge's side that failed: a server of its own, or the check, which stumbled. What a student's
 * code did comes as one of a few errors, whatever its words are, and never counts here.
 */
export function isInfrastructure(error: unknown): boolean {
  if (error instanceof StudentError || error instanceof CannotLoad) return false;
  if ([CheckFailed, NotGradable, NotReached].some((kind) => error instanceof kind)) return false;
  // The library's, whose class each worker has of its own. A student's error of this name is a `StudentError`.
  return (error as Error | undefined)?.name !== 'AssertionError';
}
