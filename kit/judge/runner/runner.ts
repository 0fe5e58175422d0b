import { judgeLost, LostTime } from '../../base/lost-time.ts';
import { InfrastructureError } from '../explain.ts';
import type { RunnerFiles } from '../isolation/isolation.ts';
import { HEAP_MB } from '../isolation/node-flags.ts';
import type { RunnerProcess } from '../isolation/runner-process.ts';
import { blamed, whereNow } from './blame.ts';
import { Channel } from './channel.ts';
import { Inbox, type Waiting } from './inbox.ts';
import { callLimit, type Limit } from './limit.ts';
import { OutputKeeper } from './output-keeper.ts';
import { startProcess } from './process.ts';
import type { RunnerServers } from './protocol.ts';
import type { RunnerOptions } from './runner-options.ts';
import { missingExport, processEnded } from './sentences.ts';
import { Signs } from './signs.ts';
import { lineOfExport, StudentError } from './student-error.ts';
import { encode } from './value.ts';
import { Waits } from './waits.ts';
import type { Hopeless, Sign } from './watch.ts';

/** How long an event loop may give no sign before a look at it says 'blocked', ms. */
const SIGN_MS = 500;
/** How long a client may take to connect again, ms; a right one needs some 100 ms. */
const RECONNECT_MS = 20_000;
/** How long a turn of its event loop may take, ms; then nobody waits for it any more. */
const TURN_MS = 10_000;
/** How long a process may be on its way out once its channel has ended, ms. */
const GRACE_MS = 500;
/** What an event loop holds that waits for nothing but its peers: the clients' sockets and the judge's channel. */
const idleHandles = new Set(['PipeWrap', 'TCPSocketWrap', 'MessagePort', 'Worker']);

/**
 * One runner process and the judge's end of its channel. It believes nothing that the other side says: an unknown
 * id, a second reply or a malformed line ends the process, and the call in flight fails with `trouble: 'protocol'`.
 */
export class Runner {
  readonly source: string;
  readonly output = new OutputKeeper();
  readonly exited: Promise<void>;
  /** What this machine keeps from the process. */
  readonly lostTime: LostTime;
  #process: RunnerProcess;
  #channel: Channel;
  #options: RunnerOptions;
  #next = 0;
  /** When its start began, by `performance.now()`. */
  #spawned = 0;
  #waits = new Waits();
  #inbox: Inbox;
  #signs: Signs;

  private constructor(process: RunnerProcess, options: RunnerOptions) {
    const { child } = process;
    this.source = options.source;
    this.#process = process;
    this.#options = options;
    this.lostTime = new LostTime(() => process.usage());
    const violation = (why: string) => this.#violation(why);
    this.#inbox = new Inbox(options.source, {
      say: (message) => this.#channel.say(message),
      violation,
      tooMuch: (sentence) => this.#endFor(sentence),
    });
    this.#signs = new Signs({
      expected: this.#inbox.signs,
      say: (message) => this.#channel.say(message),
      number: () => ++this.#next,
    });
    this.#channel = new Channel(process.channel, {
      message: (message, characters) => this.#inbox.take(message, characters),
      violation,
    });
    // It also ends with the process, which says better how that came about.
    process.channel.on('end', () => setTimeout(violation, GRACE_MS, 'it was closed').unref());
    this.output.follow(child.stdout!, 'stdout');
    this.output.follow(child.stderr!, 'stderr');
    this.exited = new Promise((resolve) => {
      child.on('error', ({ message }) => {
        this.#end(new InfrastructureError(`A runner did not start: ${message}`));
        resolve();
      });
      child.on('exit', (code, signal) => {
        const output = this.output.lastWords;
        this.#end(
          this.#inbox.prepared
            ? processEnded({ ...process.ending(code, signal), output }, HEAP_MB)
            : new InfrastructureError(`A runner did not start (${signal ?? code}): ${output.trim()}`),
        );
        resolve();
      });
    });
  }

  /**
   * Starts a process and loads the student's file in it.
   *
   * @throws StudentError (`cannot load`, `endless loop`, `process ended`) where the file does not load.
   */
  static async start(options: RunnerOptions, limit = callLimit()): Promise<Runner> {
    const { file, imports = [], servers, now, isolation, watched = false } = options;
    const begun = performance.now();
    const files = { lab: file, redis: servers.redis.path, mysql: servers.mysql.socketPath };
    const started = await startProcess(files as RunnerFiles, {
      isolation,
      watched,
      bullmq: imports.includes('bullmq'),
    });
    const runner = new Runner(started, options);
    runner.#spawned = begun;
    try {
      await runner.#within(limit, '', (loading) => {
        runner.#inbox.loading = loading;
        runner.#channel.say({ type: 'open', ...asInside(started.inside, servers), now, watched });
      });
    } catch (error) {
      await runner.kill();
      throw error;
    }
    return runner;
  }

  /**
   * Calls an exported function with the lab context and `args`. Functions among the arguments become callbacks of
   * this call alone.
   *
   * @returns what the function resolved to, as plain data.
   * @throws StudentError, or what a function among the arguments threw where that is the check's own verdict.
   */
  async call(name: string, args: unknown[], limit = callLimit()): Promise<unknown> {
    if (this.#waits.ended) throw this.#waits.ended;
    const { exports, callbacks, calls } = this.#inbox;
    if (!Object.hasOwn(exports, name) || exports[name] !== 'function') throw missingExport(name, exports);
    const id = ++this.#next;
    const own = callbacks.ofOneCall();
    const { send, drop } = own;
    const packed = args.map((arg) => encode(arg, { send, receive: () => () => Promise.reject() }));
    try {
      const value = await this.#within(limit, name, (call) => {
        calls.set(id, call);
        this.#channel.say({ type: 'call', id, name, args: packed });
      });
      if (own.verdict) throw own.verdict;
      return value;
    } catch (error) {
      throw own.verdict ?? error;
    } finally {
      calls.delete(id);
      drop();
    }
  }

  /** Moves the clock that `now()` reads, ms since 1970. */
  setClock(now: number): void {
    this.#channel.say({ type: 'clock', now });
  }

  /** Drops the student's clients, so that the next call connects anew, to the schema `database`. */
  async reset(now: number, database: string): Promise<void> {
    const id = ++this.#next;
    await this.#within(callLimit(), '', ({ resolve }) => {
      this.#inbox.signs.set(id, () => resolve());
      this.#channel.say({ type: 'reset', id, now, database });
    });
  }

  /**
   * Waits until each of its Redis clients that was cut off is connected again, for at most 20 s: a client that the student's
   * code made for itself may never be.
   */
  async reconnected(): Promise<void> {
    await this.#signs.ask('reconnect', RECONNECT_MS);
  }

  /** How many cuts there had been when it was last seen connected; undefined before its first call. */
  cutsMet: number | undefined;

  /** How long the process took to come up, ms, before any of the student's code ran; 0 when asked again. */
  takeBootMs(): number {
    const took = Math.max(0, this.#inbox.startedAt - this.#spawned);
    this.#spawned = Number.POSITIVE_INFINITY;
    return took;
  }

  /** Names of the commands that were still on their way when the last call returned: nobody awaited them. */
  get unanswered(): readonly string[] {
    return this.#inbox.unanswered;
  }

  /** Whether it can tell the line of an endless loop. */
  get watched(): boolean {
    return this.#options.watched ?? false;
  }

  /** Whether somebody waits for it. */
  get busy(): boolean {
    return this.#waits.busy;
  }

  get alive(): boolean {
    return !this.#waits.ended;
  }

  /**
   * Rejections and exceptions that nobody awaited, since the last look. The loop is asked once first, so that one
   * that was made before the last reply is in.
   */
  async takeStrays(): Promise<StudentError[]> {
    await this.turn();
    return this.#inbox.strays.splice(0);
  }

  /**
   * Resolves once its event loop has turned, and what it had sent to the taps before that has been read; or once the process
   * is gone, or has not answered for 10 s.
   */
  async turn(): Promise<void> {
    await this.#signs.ask('ping', TURN_MS);
  }

  /** Ends the process at once, as a crash would, and waits until it is gone. */
  async kill(): Promise<void> {
    this.#process.kill();
    await this.exited;
  }

  /** Waits for what `begin` starts, watches the process meanwhile, and says what it was doing when that is hopeless. */
  #within({ leftMs, named }: Limit, name: string, begin: (waiting: Waiting) => void): Promise<unknown> {
    const hopeless = async (verdict: Hopeless) => {
      const line = (await this.#lineOfLoop(verdict)) ?? lineOfExport(this.source, name);
      this.#end(blamed(verdict, { name, line, limit: named }));
      this.#process.kill();
    };
    const looks = { ask: () => this.#ask(), seen: () => this.#seen(), process: this.lostTime };
    return this.#waits.for({ limitMs: leftMs, ...looks, hopeless }, begin);
  }

  /** On what line of the student's file its endless loop stands, where the watchdog can tell. */
  async #lineOfLoop({ why }: Hopeless): Promise<number | undefined> {
    if (why !== 'blocked' || !this.watched) return undefined;
    const { watchdog, inside } = this.#process;
    return whereNow(await watchdog, { file: this.#options.file, inside: inside.lab });
  }

  /** Asks the event loop for a sign. */
  async #ask(): Promise<Sign> {
    const message = await this.#signs.ask('ping', SIGN_MS, judgeLost.pause(SIGN_MS));
    if (!message) return this.alive ? 'none' : 'waits';
    const holds = message.type === 'pong' && Array.isArray(message.waiting) ? message.waiting : ['?'];
    return holds.every((what) => idleHandles.has(what)) ? 'free' : 'waits';
  }

  #seen() {
    const { traffic } = this.#options;
    const { running, begun } = this.#inbox.callbacks;
    return {
      atRest: traffic?.atRest() === true && running === 0,
      crossings: (traffic?.crossings() ?? 0) + begun,
    };
  }

  #end(why: Error): void {
    if (this.#waits.ended) return;
    this.#signs.end();
    this.#waits.end(why);
  }

  #violation(why: string): void {
    this.#endFor(`Your code wrote to the judge's own channel (${why}).`);
  }

  #endFor(sentence: string): void {
    this.#end(new StudentError('protocol', sentence));
    this.#process.kill();
  }
}

/** The servers' addresses as the process finds them. */
function asInside({ lab, redis, mysql }: RunnerFiles, servers: RunnerServers) {
  return {
    file: lab,
    servers: {
      ...servers,
      redis: { ...servers.redis, path: redis },
      mysql: { ...servers.mysql, socketPath: mysql },
    },
  };
}
