import { relative } from 'node:path';
import { rootFolder } from '../base/root.ts';
import type { Submission } from '../judge/submission.ts';

export interface Agreement {
  /** It was said beforehand, with `--trust`. */
  trusted: boolean;
  /** Asks whoever is at the terminal; undefined where nobody is. */
  ask: ((question: string) => Promise<boolean>) | undefined;
}

/**
 * `./lab 03` and `./lab serve` run a lab's file as the person who starts them, outside of the sandbox. For a file that
 * lies outside of this folder, so perhaps another's, that needs a yes.
 *
 * @throws NotTrusted where nobody said yes: it says what judges such a file in the sandbox.
 * @example await runAsOneself(findSubmission('../zoe'), { trusted: false, ask: undefined }) // NotTrusted
 */
export async function runAsOneself({ name, path }: Submission, { trusted, ask }: Agreement): Promise<void> {
  const outside = relative(rootFolder(), path).startsWith('..');
  if (name === 'answers' || !outside || trusted) return;
  const why = `${path} lies outside of this folder. This command runs it outside of the sandbox: it can read, change and send whatever you can.`;
  if (await ask?.(`${why} Run it?`)) return;
  const error = new Error(
    `${why} Add --trust where you know whose it is, or judge it in the sandbox: LABS=${path} ./lab check`,
  );
  error.name = 'NotTrusted';
  throw error;
}
