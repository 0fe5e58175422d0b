import { isTodo } from '../base/is-todo.ts';
import { StudentError } from './runner/student-error.ts';

/** True of an error that the student's code threw of its own accord. */
export const isThrown = (error: unknown): error is StudentError =>
  error instanceof StudentError && error.trouble === 'throw' && !isTodo(error);

/**
 * For checks that expect an error: the error that the student's code threw of its own accord, or undefined where it
 * resolved. An endless loop, an ended process, a stub that is not written yet are no such error: they are thrown on.
 *
 * @example
 * const error = await thrownBy(lab.waitForMysql({ retries: 3, delayMs: 5 }));
 * expect(error?.name, 'MySQL never answered').toBe('MysqlUnavailable');
 */
export async function thrownBy(call: Promise<unknown>): Promise<StudentError | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    if (isThrown(error)) return error;
    throw error;
  }
}
