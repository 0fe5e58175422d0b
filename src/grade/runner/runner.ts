import type { ChildProcess } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { blamed, whereNow } from './blame.ts';
import { Channel } from './channel.ts';
import { Inbox, type Waiting } from './inbox.ts';
import { OutputKeeper } from './output.ts';
import { cpuMs, HEAP_MB, startProcess } from './process.ts';
import type { RunnerServers } from './protocol.ts';
import { missingExport, processEnded } from './sentences.ts';
import { lineOfExport, StudentError } from './student-error.ts';
import { encode } from './value.ts';
import { type Look, watch } from './watch.ts';

export interface RunnerOptions {
  /** The student's file as written, for messages and lines. */
  source: string;
  /** The same, transpiled (`transpile.ts`). */
  file: string;
  servers: RunnerServers;
  /** The clock's first reading, ms since 1970. */
  now: number;
  /** Whether nothing is under way at the taps: without it, a promise that never settles is found out by time alone. */
  quiet?: () => boolean;
  /** Whether to start the watchdog, which finds the line of an endless loop and makes a start three times as dear; not unless told. */
  watched?: boolean;
}

/** How long a call may take, ms, unless the call says otherwise. */
export const CALL_LIMIT_MS = 10_000;
/** How long an event loop may give no sign before a look at it says 'blocked', ms. */
const SIGN_MS = 500;
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
  #child: ChildProcess;
  #channel: Channel;
  #watchdog: Duplex;
  #options: RunnerOptions;
  #next = 0;
  #ended: StudentError | undefined;
  /** Everything that fails when the process ends. */
  #open = new Set<Waiting>();
  #inbox: Inbox;

  private constructor(child: ChildProcess, options: RunnerOptions) {
    this.source = options.source;
    this.#child = child;
    this.#options = options;
    const violation = (why: string) => this.#violation(why);
    this.#inbox = new Inbox(options.source, { say: (message) => this.#channel.say(message), violation });
    this.#channel = new Channel(child.stdio[3] as Duplex, {
      message: (message) => this.#inbox.take(message),
      violation,
    });
    this.#watchdog = child.stdio[4] as Duplex;
    this.#watchdog.on('error', () => {});
    this.output.follow(child.stdout!, 'stdout');
    this.output.follow(child.stderr!, 'stderr');
    this.exited = new Promise((resolve) => {
      child.on('error', () => resolve());
      child.on('exit', (code, signal) => {
        this.#end(processEnded({ code, signal, output: this.output.text() }, HEAP_MB));
        resolve();
      });
    });
  }

  /**
   * Starts a process and loads the student's file in it.
   *
   * @throws StudentError (`cannot load`, `endless loop`, `process ended`) where the file does not load.
   */
  static async start(options: RunnerOptions, limitMs = CALL_LIMIT_MS): Promise<Runner> {
    const runner = new Runner(await startProcess({ watched: options.watched ?? false }), options);
    try {
      await runner.#within(limitMs, '', (loading) => {
        runner.#inbox.loading = loading;
        const { file, servers, now, watched = false } = options;
        runner.#channel.say({ type: 'open', file, servers, now, watched });
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
   * @throws StudentError
   */
  async call(name: string, args: unknown[], limitMs = CALL_LIMIT_MS): Promise<unknown> {
    if (this.#ended) throw this.#ended;
    const { exports, callbacks, calls } = this.#inbox;
    if (!Object.hasOwn(exports, name) || exports[name] !== 'function') throw missingExport(name, exports);
    const id = ++this.#next;
    const { send, drop } = callbacks.ofOneCall();
    const packed = args.map((arg) => encode(arg, { send, receive: () => () => Promise.reject() }));
    try {
      return await this.#within(limitMs, name, (call) => {
        calls.set(id, call);
        this.#channel.say({ type: 'call', id, name, args: packed });
      });
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
    await this.#within(CALL_LIMIT_MS, '', ({ resolve }) => {
      this.#inbox.signs.set(id, () => resolve());
      this.#channel.say({ type: 'reset', id, now, database });
    });
  }

  /** Names of the commands that were still on their way when the last call returned: nobody awaited them. */
  get unanswered(): readonly string[] {
    return this.#inbox.unanswered;
  }

  /** Whether it can tell the line of an endless loop. */
  get watched(): boolean {
    return this.#options.watched ?? false;
  }

  get alive(): boolean {
    return !this.#ended;
  }

  /**
   * Rejections and exceptions that nobody awaited, since the last look. The loop is asked once first, so that one
   * that was made before the last reply is in.
   */
  async takeStrays(): Promise<StudentError[]> {
    if (!this.#ended) await this.#look();
    return this.#inbox.strays.splice(0);
  }

  /** Ends the process at once, as a crash would, and waits until it is gone. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.exited;
  }

  /** Waits for what `begin` starts, watches the process meanwhile, and says what it was doing when that is hopeless. */
  #within(limitMs: number, name: string, begin: (waiting: Waiting) => void): Promise<unknown> {
    if (this.#ended) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      const begun = performance.now();
      const hopeless = async (blocked: boolean) => {
        const stands =
          blocked && this.watched ? await whereNow(this.#watchdog, this.#options.file) : undefined;
        const line = stands ?? lineOfExport(this.source, name);
        this.#end(blamed(name, performance.now() - begun, { blocked, line }));
        this.#child.kill('SIGKILL');
      };
      const stop = watch({
        limitMs,
        look: () => this.#look(),
        cpuMs: () => cpuMs(this.#child.pid),
        hopeless,
      });
      const over = () => {
        stop();
        this.#open.delete(waiting);
      };
      const waiting: Waiting = {
        resolve: (value) => {
          over();
          resolve(value);
        },
        reject: (error) => {
          over();
          reject(error);
        },
      };
      this.#open.add(waiting);
      begin(waiting);
    });
  }

  /** Asks the event loop for a sign. */
  #look(): Promise<Look> {
    const id = ++this.#next;
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, SIGN_MS, 'blocked');
      const answer = (look: Look) => {
        clearTimeout(timer);
        resolve(look);
      };
      this.#inbox.signs.set(id, (message) => {
        const holds = message.type === 'pong' && Array.isArray(message.waiting) ? message.waiting : ['?'];
        const idle = this.#options.quiet?.() && this.#inbox.callbacks.running === 0;
        answer(idle && holds.every((what) => idleHandles.has(what)) ? 'idle' : 'busy');
      });
      void this.exited.then(() => answer('busy'));
      this.#channel.say({ type: 'ping', id });
    });
  }

  #end(why: StudentError): void {
    if (this.#ended) return;
    this.#ended = why;
    for (const waiting of [...this.#open]) waiting.reject(why);
  }

  #violation(why: string): void {
    this.#end(new StudentError('protocol', `Your code wrote to the judge's own channel (${why}).`));
    this.#child.kill('SIGKILL');
  }
}
