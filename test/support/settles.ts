import { CheckFailed } from '../../kit/judge/check-errors.ts';
import { StudentError } from '../../kit/judge/runner/student-error.ts';

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
    if (error instanceof StudentError && error.trouble === 'never settles') throw new CheckFailed(sentence);
    throw error;
  }
}
