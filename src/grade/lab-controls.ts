import type { Remote } from './definition.ts';
import { CLOCK_START, type Environment } from './environment.ts';
import type { Runner } from './runner/runner.ts';
import { StudentError } from './runner/student-error.ts';
import { isEndless } from './source-memory.ts';
import type { TimeLimit } from './time-limit.ts';

/** What a check can do to the student's process, beside calling it. Names begin with `$`, as no lab function does. */
export interface LabControls {
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
}

/** How long a connection must be quiet after a reply for the call to be over, ms. */
const QUIET_MS = 3;

/** The student's functions for one check, and what the judge asks when it is over. */
export function labControls<Lab>(
  env: Environment,
  { source, labId, time }: { source: string; labId: string; time: TimeLimit },
) {
  time.beginCheck();
  let fresh = true;
  let runner: Runner | undefined;
  let printed = '';
  let schema = env.schema;
  let inFlight = 0;
  let starting: Promise<Runner> | undefined;
  const { meter } = env.taps;

  /** Calls that begin at once share one start. */
  function ready(): Promise<Runner> {
    starting ??= start().finally(() => {
      starting = undefined;
    });
    return starting;
  }

  async function start(): Promise<Runner> {
    runner = await env.runner(source, labId);
    if (fresh) await runner.reset(CLOCK_START, schema);
    fresh = false;
    return runner;
  }

  /** After a reply nothing may be under way, nor begin: that would be a command whose promise nobody awaited. */
  async function nothingLeft(name: string): Promise<void> {
    const before = meter.commands;
    const seen = [...env.taps.redis.outstanding(), ...env.taps.mysql.outstanding()];
    // The runner's clients say it for certain; the taps also see clients that the code made itself.
    const left = [...(runner?.unanswered ?? []), ...seen.map(({ command }) => command)];
    await Promise.all([
      env.taps.redis.settled({ quietMs: QUIET_MS }),
      env.taps.mysql.settled({ quietMs: QUIET_MS }),
    ]);
    const [stray] = (await runner?.takeStrays()) ?? [];
    if (stray) throw stray;
    if (left.length === 0 && meter.commands === before) return;
    const named = left[0] ? `, for example ${left[0]}` : '';
    throw new StudentError(
      'stray',
      `\`${name}\` resolved while commands of its own were still on their way${named}. Is an \`await\` missing?`,
    );
  }

  /** The same call once more, where nobody watched on what line it loops: a watchdog costs too much to have one always. */
  async function withLine(error: unknown, { name, args }: { name: string; args: unknown[] }) {
    try {
      const watched = await env.watchedRunner(source, labId);
      await watched?.reset(CLOCK_START, schema);
      await watched?.call(name, args);
    } catch (again) {
      if (isEndless(again)) return again;
    }
    return error;
  }

  async function call(name: string, args: unknown[]): Promise<unknown> {
    const current = await time.counted(() => ready());
    inFlight++;
    const value = await time
      .counted((limitMs) => current.call(name, args, limitMs))
      .finally(() => inFlight--)
      .catch(async (error) => {
        throw isEndless(error) ? await withLine(error, { name, args }) : error;
      });
    // Of calls that run at once, what is on its way may belong to another: the last one answers for all.
    if (inFlight === 0) await nothingLeft(name);
    return value;
  }

  const controls: LabControls = {
    async $crash() {
      printed += runner?.output.take() ?? '';
      await env.endRunner();
      runner = undefined;
      fresh = true;
    },
    $useSchema(name) {
      schema = name;
      fresh = true;
    },
    $once: (name, work) => env.once(`${source} ${labId} ${name}`, work),
    async $setClock(now) {
      (await ready()).setClock(now);
    },
    $output: () => printed + (runner?.output.text() ?? ''),
  };

  const lab = new Proxy(controls as Remote<Lab> & LabControls, {
    get: (own, key) => {
      if (typeof key !== 'string' || key === 'then') return undefined;
      return Object.hasOwn(own, key)
        ? own[key as keyof LabControls]
        : (...args: unknown[]) => call(key, args);
    },
  });

  return {
    lab,
    /** The last look of a check: rejections that nobody awaited are failures of it. */
    async settled(): Promise<void> {
      const [stray] = (await runner?.takeStrays()) ?? [];
      if (stray) throw stray;
    },
    takeOutput: () => printed + (runner?.output.take() ?? ''),
  };
}
