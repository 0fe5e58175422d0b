import { isTodo } from '../../kit/base/is-todo.ts';
import { CheckFailed } from '../../kit/judge/check-errors.ts';
import { StudentError } from '../../kit/judge/runner/student-error.ts';

/**
 * What `call` resolves to. What the student's code throws in it, or lets nobody await, is told with the check's own
 * sentence, which says what was going on, and then the error with its line: a bare TypeError says nothing of the order
 * that was deleted meanwhile.
 *
 * @throws CheckFailed; an endless loop, an ended process or a stub travels on as it is.
 * @example await saying('Order 7 was deleted while the report ran', lab.getBestSellersFromOrders())
 */
export async function saying<T>(sentence: string, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof StudentError) || isTodo(error)) throw error;
    if (error.trouble !== 'throw' && error.trouble !== 'stray') throw error;
    throw new CheckFailed(`${sentence}. ${error.sentence}`);
  }
}
