import { isTodo } from '../base/is-todo.ts';
import { NotGradable, NotReached } from './check-errors.ts';
import { explain, isInfrastructure } from './explain.ts';
import { StudentError } from './runner/student-error.ts';
import { CannotLoad } from './runner/transpile.ts';

/**
 * What says all there is to say already: nothing could be judged, or the file does not load, a function is missing, is not
 * written yet, loops, never settles or ends its process. That is so in every check that meets it.
 */
const saysAll = (error: unknown): boolean =>
  [NotGradable, NotReached, CannotLoad].some((kind) => error instanceof kind) ||
  (error instanceof StudentError && (error.trouble !== 'throw' || isTodo(error)));

export interface Undisturbed {
  /** The check that is about just that, which says what is wrong: `01.sync.exact`. */
  see: string;
  /** What does not happen here: `a crash`, `a second process`, `an error of Redis`. */
  without: string;
}

/**
 * Runs what a check is about without what the check goes on to disturb it by. Where that fails already, the check has
 * nothing to say of crashes or races: its outcome is `not reached`, and it names the check that says what is wrong. A file
 * that does not load, a stub and an endless loop are failures of every check.
 *
 * @throws NotReached; whatever is the judge's own travels on as it is.
 * @example
 * await undisturbed({ see: '01.sync.exact', without: 'a crash' }, async () => {
 *   expect(await lab.syncAllOrdersToRedis()).toBe(5);
 * });
 */
export async function undisturbed<T>({ see, without }: Undisturbed, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isInfrastructure(error) || saysAll(error)) throw error;
    throw new NotReached(
      error,
      `This fails already without ${without}: see ${see}. ${explain(error).sentence}`,
    );
  }
}
