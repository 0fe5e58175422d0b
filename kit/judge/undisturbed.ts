import { CheckFailed, NotGradable, NotReached } from './check-errors.ts';
import { explain, isInfrastructure } from './explain.ts';

export interface Undisturbed {
  /** The check that is about just that, which says what is wrong: `01.sync.exact`. */
  see: string;
  /** What does not happen here: `a crash`, `a second process`, `an error of Redis`. */
  without: string;
}

/**
 * Runs what a check is about without what the check goes on to disturb it by. Where that fails already, the check has
 * nothing to say of crashes or races: its outcome is `not reached`, and it names the check that says what is wrong.
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
    if (isInfrastructure(error) || error instanceof NotGradable || error instanceof NotReached) throw error;
    const { sentence } = error instanceof CheckFailed ? { sentence: error.message } : explain(error);
    throw new NotReached(error, `This fails already without ${without}: see ${see}. ${sentence}`);
  }
}
