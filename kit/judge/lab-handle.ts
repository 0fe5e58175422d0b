import { CLOCK_START, type Environment } from './environment.ts';
import type { LabControls } from './lab-controls.ts';
import type { Remote } from './remote.ts';
import type { Runner } from './runner/runner.ts';
import { StudentError } from './runner/student-error.ts';
import { isEndless } from './source-memory.ts';
import type { TimeLimit } from './time-limit.ts';

/** How long a connection must be quiet after a reply for the call to be over, ms. */
const QUIET_MS = 3;

/** What the processes of one check have in common. */
export interface SharedByHandles {
  env: Environment;
  source: string;
  labId: string;
  time: TimeLimit;
  /** Calls under way, in whichever process. */
  inFlight: number;
  /** Calls that began so far. */
  begun: number;
  /** Starts one more process, whose handle begins with this schema. */
  another(schema: string): Promise<unknown>;
}

/** One process of a submission for the time of one check, as `labControls` hands it out. */
export interface Handle<Lab> {
  lab: Remote<Lab> & LabControls<Lab>;
  /** Starts the process where none runs. */
  ready(): Promise<unknown>;
  /** The last look of a check: rejections that nobody awaited are failures of it. */
  settled(): Promise<void>;
  takeOutput(): string;
}

/** @param at the process's number in the environment, 0 for the first. */
export function labHandle<Lab>(
  shared: SharedByHandles,
  { at, schema: first }: { at: number; schema: string },
): Handle<Lab> {
  const { env, source, labId, time } = shared;
  let fresh = true;
  let runner: Runner | undefined;
  let printed = '';
  let schema = first;
  let clock = CLOCK_START;
  let starting: Promise<Runner> | undefined;
  /** Settles once all clients are back after a cut: calls that begin at once wait for the same. */
  let back: Promise<void> | undefined;
  const { meter, redis, mysql } = env.taps;
  const cuts = () => redis.cuts + mysql.cuts;

  /** Calls that begin at once share one start. */
  function ready(): Promise<Runner> {
    starting ??= start().finally(() => {
      starting = undefined;
    });
    return starting;
  }

  async function start(): Promise<Runner> {
    const begun = performance.now();
    runner = await env.runners.of(source, { lab: labId, at });
    if (fresh) await runner.reset(clock, schema);
    runner.cutsMet ??= cuts();
    fresh = false;
    // How fast this machine starts a process, or a container, is not the student's: what their file does then is.
    time.charge(Math.max(0, performance.now() - begun - runner.takeBootMs()));
    time.follow(runner.lostTime);
    return runner;
  }

  async function settled(): Promise<void> {
    const [stray] = (await runner?.takeStrays()) ?? [];
    if (stray) throw stray;
  }

  /** After a reply nothing may be under way, nor begin: that would be a command whose promise nobody awaited. */
  async function nothingLeft(name: string): Promise<void> {
    const before = meter.commands;
    const { begun } = shared;
    const seen = [...env.taps.redis.outstanding(), ...env.taps.mysql.outstanding()];
    // The runner's clients say it for certain; the taps also see clients that the code made itself.
    const left = [...(runner?.unanswered ?? []), ...seen.map(({ command }) => command)];
    await Promise.all([
      env.taps.redis.settled({ quietMs: QUIET_MS }),
      env.taps.mysql.settled({ quietMs: QUIET_MS }),
    ]);
    await settled();
    if (shared.begun !== begun || (left.length === 0 && meter.commands === before)) return;
    const named = left[0] ? ` (for example ${left[0].toUpperCase()})` : '';
    throw new StudentError(
      'stray',
      `\`${name}\` resolved while commands of its own were still on their way to Redis or MySQL${named}. Is an \`await\` missing? Or does a timer go on?`,
    );
  }

  /** The same call once more, where nobody watched on what line it loops: a watchdog costs too much to have one always. */
  async function withLine(error: unknown, { name, args }: { name: string; args: unknown[] }) {
    try {
      const watched = await env.runners.watched(source, { lab: labId, at });
      await watched?.reset(clock, schema);
      await watched?.call(name, args);
    } catch (again) {
      if (isEndless(again)) return again;
    }
    return error;
  }

  async function call(name: string, args: unknown[]): Promise<unknown> {
    time.left(); // throws where nothing is
    const current = await ready();
    // A cut is felt by every process. Once it is over, one that meets it in its next call has done nothing wrong; nor do
    // clients that come back late count as new ones, in this check or in the next.
    if (cuts() !== current.cutsMet && redis.letsIn) {
      current.cutsMet = cuts();
      back = env.runners.reconnected();
    }
    await back;
    shared.inFlight++;
    shared.begun++;
    const value = await time
      .counted((limit) => current.call(name, args, limit))
      .finally(() => shared.inFlight--)
      .catch(async (error) => {
        throw isEndless(error) ? await withLine(error, { name, args }) : error;
      });
    // Of calls that run at once, what is on its way may belong to another: the last one answers for all.
    if (shared.inFlight === 0) await nothingLeft(name);
    return value;
  }

  const controls: LabControls<Lab> = {
    async $crash() {
      printed += runner?.output.take() ?? '';
      await env.runners.end(at);
      runner = undefined;
      fresh = true;
      clock = CLOCK_START;
    },
    $useSchema(name) {
      schema = name;
      fresh = true;
    },
    $once: (name, work) => env.remembered.once(`${source} ${labId} ${name}`, work),
    async $setClock(now) {
      clock = now;
      (await ready()).setClock(now);
    },
    $another: () => shared.another(schema) as ReturnType<LabControls<Lab>['$another']>,
    $output: () => printed + (runner?.output.text() ?? ''),
  };

  const lab = new Proxy(controls as Remote<Lab> & LabControls<Lab>, {
    get: (own, key) => {
      if (typeof key !== 'string' || key === 'then') return undefined;
      return Object.hasOwn(own, key)
        ? own[key as keyof LabControls<Lab>]
        : (...args: unknown[]) => call(key, args);
    },
  });

  return { lab, ready, settled, takeOutput: () => printed + (runner?.output.take() ?? '') };
}
