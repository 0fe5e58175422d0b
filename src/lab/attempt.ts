import { escapeHtml } from '../../kit/base/html.ts';
import { isTodo } from '../../kit/base/is-todo.ts';
import { display } from './display.ts';
import { page } from './html-page.ts';

/**
 * Runs something that needs the learner's own code. Where that code is not written yet (its stub throws `TODO`), it
 * says so in a sentence and resolves to undefined, and the cells below go on. Every other error is thrown on.
 *
 * @example await attempt(() => waitForMysql(lab, { retries: 3, delayMs: 100 }))
 */
export async function attempt<T>(fn: () => Promise<T>): Promise<T | undefined> {
  try {
    return await fn();
  } catch (error) {
    const { message } = error as Error;
    if (!isTodo(error)) throw error;
    const text = `Not written yet. ${message}; save it, then run the import cell and this one again.`;
    display({ text, html: page(`<em>${escapeHtml(text)}</em>`) });
    return undefined;
  }
}
