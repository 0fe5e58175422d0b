import type { z } from 'zod';
import { isTodo } from '../../kit/base/is-todo.ts';
import { CacheUnavailable } from '../../src/cache/redis-calls.ts';
import { isTrouble, messageOf } from '../../src/cache/redis-trouble.ts';
import { deadline } from '../shared/deadline.ts';
import { LabFailed, LabNotSolved } from '../shared/lab-error.ts';
import { codeOf } from '../shared/mysql-errors.ts';
import { inShape } from '../shared/results.ts';
import type { LoadedLab } from '../shared/shop-labs.ts';

/** So long a lab's function may keep a request waiting, ms. */
const PATIENCE_MS = 15_000;

export interface LabCallOptions {
  /** What it must resolve to: student code runs here, nothing is taken on trust. */
  shape?: z.ZodType;
  /** It runs for as long as it likes. */
  unhurried?: boolean;
  /** Names of errors of its contract, which go through. */
  throws?: readonly string[];
}

/**
 * A function of a lab that a route cannot do without, safe to call.
 *
 * @returns a function that throws LabNotSolved where the lab's is a stub or missing, LabFailed where it threw, was late
 * or gave nonsense, CacheUnavailable where Redis failed, and MySQL's errors as they came.
 * @example labFunction<WriteThrough['getProfile']>(lab, 'getProfile', { shape: profile.nullable() })
 */
export function labFunction<F extends (...args: never[]) => Promise<unknown>>(
  lab: LoadedLab,
  name: string,
  { shape, unhurried = false, throws = [] }: LabCallOptions = {},
): F {
  const written = lab.exports[name];
  const call = async (...args: unknown[]) => {
    if (typeof written !== 'function') throw new LabNotSolved(lab, name);
    const late = () => new LabFailed(lab, name, `did not answer within ${PATIENCE_MS / 1000} s.`);
    try {
      const running = (async () => written(...args))();
      const result = await (unhurried ? running : deadline(running, PATIENCE_MS, late));
      return shape ? inShape(shape, result) : result;
    } catch (error) {
      throw told(error);
    }
  };
  const told = (error: unknown): unknown => {
    if (error instanceof LabFailed) return error;
    const { name: kind, message } = error instanceof Error ? error : new Error(String(error));
    if (isTodo({ message })) return new LabNotSolved(lab, name);
    if (kind === 'ReplyError' || isTrouble(error))
      return new CacheUnavailable(`Redis failed at ${name}: ${messageOf(error)}`, { cause: error });
    if (throws.includes(kind) || /^(ER_|PROTOCOL_|E[A-Z])/.test(codeOf(error))) return error;
    const what = message.startsWith('resolved to') ? message : `threw: ${message.slice(0, 300)}`;
    return new LabFailed(lab, name, /[.!?]$/.test(what) ? what : `${what}.`, { cause: error });
  };
  return call as unknown as F;
}
