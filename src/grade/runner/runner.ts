import { type ChildProcess, spawn } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { join } from 'node:path';
import { rootFolder } from '../../root.ts';
import { cacheFolder, runnerFile } from './bundle.ts';
import { blamed, type CallInFlight, whereNow } from './blame.ts';
import { callbackNumbers } from './callbacks.ts';
import { OutputKeeper } from './output.ts';
import { type FromRunner, lineReader, MAX_FRAME, type PlainError, type RunnerServers, type ToRunner } from './protocol.ts';
import { lineInStack, lineOfExport, StudentError } from './student-error.ts';
import { decode, encode } from './value.ts';
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
}

/** How long a call may take, ms, unless the call says otherwise. */
export const CALL_LIMIT_MS = 10_000;
const HEAP_MB = 384;

/** What an event loop holds that waits for nothing but its peers: the clients' sockets and the judge's channel. */
const idleHandles = new Set(['PipeWrap', 'TCPSocketWrap', 'MessagePort', 'Worker']);

/**
 * One runner process and the judge's end of its channel. It believes nothing that the other side says: an unknown
 * id, a second reply or a malformed line ends the process, and the call in flight fails with `trouble: 'protocol'`.
 */
export class Runner {
  readonly source: string;
  readonly exports: Record<string, string> = {};
  readonly output = new OutputKeeper();
  /** Rejections and exceptions that nobody awaited, since the last `takeStrays()`. */
  #strays: StudentError[] = [];
  #child: ChildProcess;
  #channel: Duplex;
  #watchdog: Duplex;
  #options: RunnerOptions;
  #calls = new Map<number, CallInFlight>();
  #callbacks = callbackNumbers();
  #waiting = new Map<number, (message: FromRunner) => void>();
  #opened: ((error?: StudentError) => void) | undefined;
  /** How to fail whatever waits, when the process ends. */
  #deaths = new Set<(error: StudentError) => void>();
  #next = 0;
  #ended: StudentError | undefined;
  readonly exited: Promise<void>;

  private constructor(child: ChildProcess, options: RunnerOptions) {
    this.#child = child;
    this.#options = options;
    this.source = options.source;
    this.#channel = child.stdio[3] as Duplex;
    this.#watchdog = child.stdio[4] as Duplex;
    const violation = (why: string) => this.#violation(why);
    this.#channel.on('data', lineReader((message) => this.#receive(message), violation));
    for (const stream of [this.#channel, this.#watchdog]) stream.on('error', () => {});
    this.output.follow(child.stdout!, 'stdout');
    this.output.follow(child.stderr!, 'stderr');
    this.exited = new Promise((resolve) => {
      child.on('exit', (code, signal) => {
        this.#end(new StudentError('process ended', endSentence(code, signal, this.output.text())));
        resolve();
      });
      child.on('error', () => resolve());
    });
  }

  /**
   * Starts a process and loads the student's file in it.
   *
   * @throws StudentError (`cannot load`, `endless loop`, `process ended`) where the file does not load.
   */
  static async start(options: RunnerOptions, limitMs = CALL_LIMIT_MS): Promise<Runner> {
    const child = spawn(
      process.execPath,
      ['--enable-source-maps', '--disable-warning=ExperimentalWarning', `--max-old-space-size=${HEAP_MB}`, await runnerFile()],
      {
        cwd: rootFolder(),
        stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
        env: { PATH: process.env.PATH, TZ: 'UTC', LANG: 'C.UTF-8', NODE_COMPILE_CACHE: join(cacheFolder(), 'v8') },
      },
    );
    const runner = new Runner(child, options);
    try {
      await runner.#timed('', limitMs, (settle) => {
        runner.#opened = (error) => settle(error);
        const { file, servers, now } = options;
        runner.#say({ type: 'open', file, servers, now });
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
    const kind = Object.hasOwn(this.exports, name) ? this.exports[name] : undefined;
    if (kind !== 'function') throw this.#missing(name, kind);
    const id = ++this.#next;
    const own: number[] = [];
    const send = (fn: (...given: unknown[]) => unknown) => this.#callbacks.add(fn, own);
    const packed = args.map((arg) => encode(arg, { send, receive: () => { throw new Error('never'); } }));
    try {
      return await this.#timed(name, limitMs, (settle, fulfil) => {
        this.#calls.set(id, { name, settle, fulfil });
        this.#say({ type: 'call', id, name, args: packed });
      });
    } finally {
      this.#calls.delete(id);
      this.#callbacks.drop(own);
    }
  }

  /** Moves the clock that `now()` reads, ms since 1970. */
  setClock(now: number): void {
    this.#say({ type: 'clock', now });
  }

  /** Drops the student's clients, so that the next call connects anew, to the schema `database`. */
  async reset(now: number, database: string): Promise<void> {
    const id = ++this.#next;
    await this.#timed('', CALL_LIMIT_MS, (settle) => {
      this.#waiting.set(id, () => settle());
      this.#say({ type: 'reset', id, now, database });
    });
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
    return this.#strays.splice(0);
  }

  /** Ends the process at once, as a crash would, and waits until it is gone. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.exited;
  }

  /** Lets go of the process as a judge does that is killed: it must then end by itself. */
  abandon(): void {
    this.#channel.destroy();
    this.#watchdog.destroy();
  }

  #say(message: ToRunner): void {
    const line = JSON.stringify(message);
    if (line.length > MAX_FRAME) throw new Error(`The check sends ${line.length} characters; at most ${MAX_FRAME} can cross.`);
    if (!this.#ended) this.#channel.write(`${line}\n`);
  }

  /** Waits for `begin` to settle, watches the process meanwhile, and says what it was doing when that is hopeless. */
  #timed(name: string, limitMs: number, begin: (settle: (error?: StudentError) => void, fulfil: (value: unknown) => void) => void) {
    return new Promise<unknown>((resolve, reject) => {
      const begun = performance.now();
      const stop = watch({
        limitMs,
        look: () => this.#look(),
        hopeless: async (blocked) => {
          const stands = blocked ? await whereNow(this.#watchdog, this.#options.file) : undefined;
          const line = stands ?? lineOfExport(this.source, name);
          this.#end(blamed(name, performance.now() - begun, { blocked, line }));
          this.#child.kill('SIGKILL');
        },
      });
      const finish = (then: () => void) => {
        stop();
        this.#deaths.delete(settle);
        then();
      };
      const settle = (error?: StudentError) => finish(() => (error ? reject(error) : resolve(undefined)));
      if (this.#ended) return settle(this.#ended);
      this.#deaths.add(settle);
      begin(settle, (value) => finish(() => resolve(value)));
    });
  }

  #end(why: StudentError): void {
    if (this.#ended) return;
    this.#ended = why;
    if (why.trouble === 'protocol') this.#child.kill('SIGKILL');
    for (const die of [...this.#deaths]) die(why);
  }

  #missing(name: string, kind: string | undefined): StudentError {
    const there = Object.keys(this.exports).join(', ') || 'nothing';
    const what = kind ? `exports \`${name}\` as ${kind}, not as a function` : `does not export \`${name}\``;
    return new StudentError('missing export', `The file ${what}. It exports: ${there}. Keep the names and signatures of the lab.`);
  }

  #violation(why: string): void {
    this.#end(new StudentError('protocol', `Your code wrote to the judge's own channel (${why}).`));
  }

  /** Asks the event loop for a sign; 'blocked' where none comes within half a second. */
  async #look(): Promise<Look> {
    const id = ++this.#next;
    return new Promise<Look>((resolve) => {
      const timer = setTimeout(() => resolve('blocked'), 500);
      const answer = (look: Look) => {
        clearTimeout(timer);
        resolve(look);
      };
      this.#waiting.set(id, (message) => {
        const waits = message.type === 'pong' && Array.isArray(message.waiting) ? message.waiting : ['unknown'];
        const quiet = this.#options.quiet?.() ?? false;
        answer(quiet && this.#callbacks.running === 0 && waits.every((what) => idleHandles.has(what)) ? 'idle' : 'busy');
      });
      void this.exited.then(() => answer('busy'));
      this.#say({ type: 'ping', id });
    });
  }

  #receive(raw: unknown): void {
    const message = raw as FromRunner;
    try {
      if (!raw || typeof raw !== 'object' || !Object.hasOwn(raw, 'type')) throw new Error('no type');
      this.#take(message);
    } catch (error) {
      this.#violation(error instanceof Error ? error.message : 'malformed');
    }
  }

  #take(message: FromRunner): void {
    if (message.type === 'opened' && this.#opened) {
      for (const [name, kind] of Object.entries(message.exports)) this.exports[name] = String(kind);
      this.#opened();
      this.#opened = undefined;
    } else if (message.type === 'refused' && this.#opened) {
      this.#opened(this.#thrown('cannot load', message.error));
    } else if (message.type === 'returned' || message.type === 'threw') {
      const call = this.#calls.get(message.id);
      if (!call) throw new Error('a reply to a call that was not made');
      this.#calls.delete(message.id);
      if (message.type === 'returned') call.fulfil(decode(message.value));
      else call.settle(this.#thrown('throw', message.error));
    } else if (message.type === 'callback') {
      if (!this.#calls.has(message.call)) throw new Error('a callback of a call that is over');
      this.#answer(message).catch((error) => this.#violation(String(error?.message)));
    } else if (message.type === 'stray') {
      if (this.#strays.length < 20) this.#strays.push(this.#thrown('stray', message.error));
    } else if (message.type === 'pong' || message.type === 'done') {
      const waiting = this.#waiting.get(message.id);
      if (!waiting) throw new Error('an answer to nothing');
      this.#waiting.delete(message.id);
      waiting(message);
    } else throw new Error('an unknown message');
  }

  async #answer({ id, ref, args }: Extract<FromRunner, { type: 'callback' }>): Promise<void> {
    if (!Number.isSafeInteger(id) || !Array.isArray(args)) throw new Error('a malformed callback');
    const reply = await this.#callbacks.run(ref, args.map((arg) => decode(arg)));
    this.#say('error' in reply ? { type: 'answer', id, error: reply.error } : { type: 'answer', id, value: encode(reply.value) });
  }

  #thrown(trouble: 'throw' | 'cannot load' | 'stray', error: PlainError): StudentError {
    const plain: PlainError = { ...error, name: String(error?.name), message: String(error?.message) };
    const line = lineInStack(typeof plain.stack === 'string' ? plain.stack : undefined, this.source);
    const at = line ? ` on line ${line}` : '';
    const said = `${plain.name}: ${plain.message}`;
    const sentences = {
      throw: `Your code threw${at}: ${said}`,
      'cannot load': `Your file threw${at} while it was loaded: ${said}`,
      stray: `A promise was rejected${at} and nobody awaited it: ${said}. Is an \`await\` missing?`,
    };
    return new StudentError(trouble, sentences[trouble], { error: plain, ...(line ? { line } : {}) });
  }
}

function endSentence(code: number | null, signal: NodeJS.Signals | null, output: string): string {
  if (/heap out of memory|heap limit/i.test(output)) return `Your code needed more than ${HEAP_MB} MB of memory and was ended.`;
  if (signal) return `The process that ran your code was ended by ${signal}.`;
  return `Your code ended its own process (exit code ${code}). A lab must not call process.exit().`;
}
