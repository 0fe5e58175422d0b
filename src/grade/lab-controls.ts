import type { Remote } from './definition.ts';
import type { Environment } from './environment.ts';
import { type Handle, labHandle, type SharedByHandles } from './lab-handle.ts';
import type { TimeLimit } from './time-limit.ts';

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

/** The student's functions for one check, and what the judge asks when it is over. */
export function labControls<Lab>(
  env: Environment,
  { source, labId, time }: { source: string; labId: string; time: TimeLimit },
) {
  time.beginCheck();
  const shared: SharedByHandles = { env, source, labId, time, inFlight: 0, begun: 0, another };
  const first = labHandle<Lab>(shared, { at: 0, schema: env.schema });
  const handles: Handle<Lab>[] = [first];
  let started: Promise<unknown> | undefined;

  async function another(schema: string) {
    const handle = labHandle<Lab>(shared, { at: handles.length, schema });
    handles.push(handle);
    // The first comes first: the first start of a submission gives the student's MySQL user a new password.
    started ??= first.ready();
    time.left(); // throws where nothing is
    await started.then(() => handle.ready());
    return handle.lab;
  }

  return {
    lab: first.lab,
    async settled(): Promise<void> {
      for (const handle of handles) await handle.settled();
    },
    takeOutput: () => handles.map((handle) => handle.takeOutput()).join(''),
  };
}
