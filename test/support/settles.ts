import { CheckFailed } from '../../kit/judge/check-errors.ts';
import { StudentError } from '../../kit/judge/runner/student-error.ts';

/** True of a call that never settled, or took all the time that there is: the judge can say no more of it than that. */
export const neverSettled = (error: unknown): boolean =>
  error instanceof StudentError && (error.trouble === 'never settles' || error.trouble === 'too slow');

/**
 * What a call resolves to. Where it never settles, the check fails with `sentence`, as only the check knows what was tried.
 *
 * @throws CheckFailed; and whatever the call itself throws.
 * @example await settles('The 11th call waits for ever: are connections given back?', lab.waitForMysql())
 */
export async function settles<T>(sentence: string, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw neverSettled(error) ? new CheckFailed(sentence) : error;
  }
}
