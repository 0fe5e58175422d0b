import type { Redis } from 'ioredis';
import { isTodo } from '../../kit/base/is-todo.ts';
import type { CallOptions, RedisCalls } from './redis-calls.ts';
import { isTrouble } from './redis-trouble.ts';

/**
 * How a call of a lab's function went: what it gave, or that its own code failed, or that Redis did. Whoever called
 * then does the work in another way.
 */
export type LabOutcome<T> = { value: T } | 'code failed' | 'Redis failed';

export interface LabCallOptions {
  /** Errors that are neither the lab's nor Redis's, which are thrown on; default none. */
  passes?(error: unknown): boolean;
  /** A stub is not spoken of, default false. */
  quietStub?: boolean;
}

/**
 * Calls a lab's function. A failure is counted and told to a person; a stub is told alone.
 *
 * @param what for the log: 'readGeneration of lab 09'
 * @throws what `passes` lets through, and nothing else
 */
export async function callLab<T>(
  calls: RedisCalls,
  what: string,
  run: (redis: Redis) => Promise<T>,
  { passes = () => false, ...options }: LabCallOptions = {},
): Promise<LabOutcome<T>> {
  try {
    return await unlessRedisFails(calls, what, run, { passes, ...options });
  } catch (error) {
    if (passes(error)) throw error;
    calls.failed(what, error);
    return 'Redis failed';
  }
}

/**
 * Calls a lab's function that asks Redis, and waits no longer than `timeoutMs`.
 *
 * @param options `timeoutMs` is ten times that of one call by default: a lab may need several.
 * @throws CacheUnavailable where it is strict and Redis failed, rather than the lab
 */
export function callLabInTime<T>(
  calls: RedisCalls,
  what: string,
  run: (redis: Redis) => Promise<T>,
  {
    strict,
    timeoutMs = calls.timeoutMs * 10,
    ...options
  }: CallOptions & LabCallOptions & { timeoutMs?: number },
): Promise<LabOutcome<T>> {
  const attempt = () => unlessRedisFails(calls, what, run, options);
  return calls.ask(what, attempt, { strict, timeoutMs, otherwise: 'Redis failed' });
}

async function unlessRedisFails<T>(
  calls: RedisCalls,
  what: string,
  run: (redis: Redis) => Promise<T>,
  { passes, quietStub = false }: LabCallOptions,
): Promise<{ value: T } | 'code failed'> {
  try {
    return { value: await run(calls.redis) };
  } catch (error) {
    if (passes?.(error) || isTrouble(error)) throw error;
    if (!isTodo(error)) calls.failed(what, error);
    else if (!quietStub) calls.notWritten(what, error);
    return 'code failed';
  }
}
