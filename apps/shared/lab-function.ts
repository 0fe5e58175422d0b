import type { z } from 'zod';
import { isTodo } from '../../kit/base/is-todo.ts';
import { deadline } from './deadline.ts';
import { inShape } from './in-shape.ts';
import { LabFailed, LabNotSolved } from './lab-error.ts';
import type { LoadedLab } from './loaded-lab.ts';

/** So long a lab's function may keep a request waiting, ms. */
const CALL_TIMEOUT_MS = 15_000;

export interface LabCallOptions {
  /** What it must resolve to: student code runs here, nothing is taken on trust. Default: anything. */
  shape?: z.ZodType | undefined;
  /** It may take as long as it takes, default false. */
  unhurried?: boolean;
  /**
   * What to throw in place of an error that is not the lab's fault; undefined for one that is. Default: whatever it
   * throws is its fault.
   */
  notItsFault?(error: unknown): Error | undefined;
}

/**
 * A function of a lab, safe to call: what goes wrong names the lab.
 *
 * @returns a function that throws LabNotSolved where the lab's is a stub or missing, LabFailed where it threw, was late
 * or gave something else than it should, and what `notItsFault` makes of an error.
 * @example labFunction<WriteThrough['getProfile']>(lab, 'getProfile', { shape: profile.nullable() })
 */
export function labFunction<F extends (...args: never[]) => Promise<unknown>>(
  lab: LoadedLab,
  name: string,
  { shape, unhurried = false, notItsFault = () => undefined }: LabCallOptions = {},
): F {
  const written = lab.exports[name];
  const late = () => new LabFailed(lab, name, `did not answer within ${CALL_TIMEOUT_MS / 1000} s.`);
  const call = async (...args: unknown[]) => {
    if (typeof written !== 'function') throw new LabNotSolved(lab, name);
    try {
      const running = (async () => written(...args))();
      const result = await (unhurried ? running : deadline(running, CALL_TIMEOUT_MS, late));
      return shape ? inShape(shape, result) : result;
    } catch (error) {
      throw told(error);
    }
  };
  const told = (error: unknown): Error => {
    // Its own, or that of another lab that it called back.
    if (error instanceof LabFailed || error instanceof LabNotSolved) return error;
    const message = error instanceof Error ? error.message : String(error);
    if (isTodo({ message })) return new LabNotSolved(lab, name);
    const other = notItsFault(error);
    if (other) return other;
    const what = message.startsWith('resolved to') ? message : `threw: ${message.slice(0, 300)}`;
    return new LabFailed(lab, name, /[.!?]$/.test(what) ? what : `${what}.`, { cause: error });
  };
  return call as unknown as F;
}
