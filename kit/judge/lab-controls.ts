import type { Remote } from './remote.ts';

/** What a check can do to the student's process, beside calling it. Names begin with `$`, as no lab function does. */
export interface LabControls<Lab = unknown> {
  /** Ends the process as `kill -9` would; the next call starts a new one. */
  $crash(): Promise<void>;
  /** The clock that `now()` reads, ms since 1970; it stands still unless a check moves it. */
  $setClock(now: number): Promise<void>;
  /** The student's pool connects to this schema from the next call on: one of `generated()`. */
  $useSchema(name: string): void;
  /**
   * What `work` resolves to, done once for each submission: for checks that look at one long call from several sides.
   * What the student's code threw in it is thrown to each of them.
   */
  $once<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** What the student's code printed since the check began. */
  $output(): string;
  /**
   * The same functions in one more process, with clients and a clock of its own behind the same taps; it runs when this
   * resolves, and has these controls too. Like the first process it may have served an earlier check of this file.
   *
   * @example
   * const [b, c] = await Promise.all([lab.$another(), lab.$another()]);
   * const answers = Promise.all([lab.refresh(), b.refresh(), c.refresh()]);
   * await c.$crash();
   */
  $another(): Promise<Remote<Lab> & LabControls<Lab>>;
}
