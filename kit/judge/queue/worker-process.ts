import { type ChildProcess, fork } from 'node:child_process';
import { on } from 'node:events';
import { fileURLToPath } from 'node:url';
import { WALL_MS } from '../runner/watch.ts';
import type { FromWorker, ToWorker } from './messages.ts';

/**
 * How long a worker may say nothing, ms: a check has at most `WALL_MS` on a machine that has no time for it, twice, and as
 * long again while it waits for others or others for it.
 */
const SILENCE_MS = 5 * WALL_MS;
/** How long a worker that was told to end may take to put everything away, ms. */
const END_MS = 10_000;

/** A worker's heap would grow by 90 MB in its first minutes, as nothing asks V8 to keep it small; it holds about 60. */
const execArgv = ['--max-semi-space-size=4', '--max-old-space-size=256'];

/** A worker as the run sees it: a process (`worker.ts`) that loads the checks at once, and ends with this one. */
export class WorkerProcess {
  /** Why it ended, a sentence; undefined while it runs, and where it was told to end. */
  death: string | undefined;
  #child: ChildProcess;
  #ended: Promise<void>;
  #silenceMs: number;
  #timer: NodeJS.Timeout | undefined;
  #over = false;
  #mayEnd = false;
  #silent = false;
  #stderr = '';

  /** @param files the check files of each lab. A worker that says nothing for `silenceMs`, default 500,000, is ended. */
  constructor(files: Record<string, string[]>, { silenceMs = SILENCE_MS } = {}) {
    this.#silenceMs = silenceMs;
    this.#child = fork(fileURLToPath(new URL('worker.ts', import.meta.url)), {
      execArgv,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-4000);
    });
    // Not 'close': Node emits none after a `disconnect()`. And what it said last may come after its 'exit'.
    const both = ['exit', 'disconnect'].map((name) => new Promise((over) => this.#child.once(name, over)));
    this.#ended = Promise.all(both).then(() => {
      clearTimeout(this.#timer);
      this.#over = true;
      if (!this.#mayEnd) this.death = this.#whyItDied();
      this.#child.emit('ended');
    });
    this.tell({ type: 'load', files });
  }

  /** Tells it something. One that is gone hears nothing; its `death` says why. */
  tell(message: ToWorker): void {
    if (this.#over) return;
    if (message.type === 'end') this.#mayEnd = true;
    if (message.type !== 'load') this.#expectWord(this.#mayEnd ? END_MS : this.#silenceMs);
    this.#child.send(message, () => {});
  }

  /** What it says, until it has ended. Who stops listening lets go of it, and waits until it has ended. */
  async *messages(): AsyncGenerator<FromWorker> {
    if (this.#over) return;
    try {
      for await (const [message] of on(this.#child, 'message', { close: ['ended'] })) {
        this.#timer?.refresh();
        yield message;
      }
    } finally {
      this.leave();
      await this.#ended;
    }
  }

  /** Lets go of it: it puts everything away and ends, after the check that it is at. */
  leave(): void {
    this.#mayEnd = true;
    if (this.#child.connected) this.#child.disconnect();
  }

  #expectWord(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#silent = true;
      this.#child.kill('SIGKILL');
    }, ms);
  }

  #whyItDied(): string {
    const { exitCode, signalCode } = this.#child;
    const how = this.#silent
      ? `said nothing for ${this.#silenceMs / 1000} s and was ended`
      : `ended by itself (${signalCode ?? exitCode})`;
    return `A worker of the judge ${how}. ${this.#stderr.trim().split('\n').at(-1)}`.trim();
  }
}
