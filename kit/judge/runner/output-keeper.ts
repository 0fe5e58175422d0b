import type { Readable } from 'node:stream';

/** The most that is kept of what a student's code prints, in bytes. */
export const MAX_OUTPUT = 64 * 1024;
const LAST_WORDS = 4096;

/** Keeps what a process prints, in order, up to `MAX_OUTPUT` bytes; the rest is counted and dropped. */
export class OutputKeeper {
  #chunks: { from: 'stdout' | 'stderr'; text: string }[] = [];
  #kept = 0;
  #dropped = 0;
  /** The end of standard error, kept or not: there a process says why it dies. */
  lastWords = '';

  follow(stream: Readable, from: 'stdout' | 'stderr'): void {
    stream.on('data', (chunk: Buffer) => {
      if (from === 'stderr')
        this.lastWords = (this.lastWords + chunk.subarray(-LAST_WORDS)).slice(-LAST_WORDS);
      const part = chunk.subarray(0, Math.max(0, MAX_OUTPUT - this.#kept));
      this.#kept += part.length;
      this.#dropped += chunk.length - part.length;
      if (part.length > 0) this.#chunks.push({ from, text: part.toString('utf8') });
    });
    stream.on('error', () => {});
  }

  /** What was printed so far, of one stream or of both. */
  text(from?: 'stdout' | 'stderr'): string {
    const kept = this.#chunks.filter((chunk) => !from || chunk.from === from).map(({ text }) => text);
    return kept.join('') + (this.#dropped > 0 ? `\n[${this.#dropped} more bytes were not kept]` : '');
  }

  /** Forgets what was printed, and gives it back. */
  take(): string {
    const text = this.text();
    this.#chunks = [];
    this.#kept = 0;
    this.#dropped = 0;
    return text;
  }
}
