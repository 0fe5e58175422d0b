import { AsyncLocalStorage } from 'node:async_hooks';
import type { DisplayContent } from './tslab.ts';

type Publish = (type: string, content: Record<string, unknown>) => void;
type Stream = 'stdout' | 'stderr';

/** Text waits this long for more, so that a loop of small prints is a few messages. */
const GATHER_MS = 20;
const GATHER_CHARS = 64 * 1024;
/** What one cell may print: more would stall the browser. */
const MAX_CELL_CHARS = 8 * 1024 * 1024;

/** Where one cell's output goes, also what it prints after it ended. */
export class CellOutput {
  readonly publish: Publish;
  /** Errors that nobody awaited, thrown while the cell ran. */
  readonly floating: unknown[] = [];
  ended = false;
  #stream: Stream = 'stdout';
  #waiting: string[] = [];
  #length = 0;
  #sent = Number.NEGATIVE_INFINITY;
  #printed = 0;
  #dropped = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(publish: Publish) {
    this.publish = publish;
  }

  write(stream: Stream, text: string): void {
    if (this.#printed + text.length > MAX_CELL_CHARS) {
      this.#dropped += text.length;
      return;
    }
    this.#printed += text.length;
    if (stream !== this.#stream) this.flush();
    this.#stream = stream;
    this.#waiting.push(text);
    this.#length += text.length;
    // The first words leave at once: what follows them may never let go.
    if (this.#length >= GATHER_CHARS || performance.now() - this.#sent > GATHER_MS) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), GATHER_MS);
  }

  display({ data, metadata, transient }: DisplayContent, update: boolean): void {
    this.flush();
    this.publish(update ? 'update_display_data' : 'display_data', { data, metadata, transient });
  }

  /** Sends what was written so far. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.length === 0) return;
    const text = this.#waiting.join('');
    this.#sent = performance.now();
    this.#waiting = [];
    this.#length = 0;
    this.publish('stream', { name: this.#stream, text });
  }

  /** Sends the rest, and says how much was not shown where the cell printed too much. */
  end(): void {
    this.flush();
    this.ended = true;
    if (this.#dropped === 0) return;
    const shown = Math.round(MAX_CELL_CHARS / 2 ** 20);
    this.publish('stream', {
      name: 'stderr',
      text: `\nThis cell printed more than ${shown} million characters: ${this.#dropped} are not shown. Print less, or write to a file.\n`,
    });
    this.#dropped = 0;
  }
}

const running = new AsyncLocalStorage<CellOutput>();
let latest: CellOutput | undefined;

/** Runs `work` as part of a cell: what it prints, then and later, goes to `output`. */
export function within<T>(output: CellOutput, work: () => T): T {
  latest = output;
  return running.run(output, work);
}

/** The output of the cell whose code runs, or of the cell that ran last. */
export function currentOutput(): CellOutput | undefined {
  return running.getStore() ?? latest;
}

/** Sends what cells print to their outputs. Before the first cell, text goes where Jupyter logs it. */
export function captureStreams(): void {
  for (const name of ['stdout', 'stderr'] as const) {
    const stream = process[name];
    const original = stream.write.bind(stream);
    const decoder = new TextDecoder();
    stream.write = ((chunk: string | Uint8Array, encoding?: unknown, callback?: unknown) => {
      const output = currentOutput();
      // biome-ignore lint/suspicious/noExplicitAny: handed on as given
      if (!output) return original(chunk as any, encoding as any, callback as any);
      output.write(name, typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true }));
      const done = typeof encoding === 'function' ? encoding : callback;
      if (typeof done === 'function') process.nextTick(done as () => void);
      return true;
    }) as typeof stream.write;
  }
}
