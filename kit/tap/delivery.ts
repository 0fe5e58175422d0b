import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { Fifo } from './fifo.ts';
import type { Reply, Request } from './protocol-session.ts';

/** Held or delayed replies may take up this many bytes; then the server is not read any more. */
const MAX_HELD_BYTES = 1024 * 1024;

/** A piece of what the server sent, with what became whole in it. */
export interface Segment {
  chunk: Uint8Array;
  replies: { request: Request; reply: Reply }[];
  pushes: { name: string; push: { text: string; bytes: number } }[];
  rows: number;
  /** Whether it completes a reply that counts, or a message; only such a segment waits for quiet clients. */
  counts: boolean;
  /** Not to be delivered before this moment of `performance.now()`; 0 for at once, infinite for `letGo()`. */
  readyAt: number;
}

/** The way from a server to its client: holds, delays, and never takes more than the client reads. */
export class Delivery {
  #client: Socket;
  #server: Socket;
  #mayGo: () => boolean;
  #gone: (segment: Segment) => void;
  #queue = new Fifo<Segment>();
  #held = 0;
  #clientFull = false;
  #ended = false;
  #stopped = false;
  #timer: NodeJS.Timeout | undefined;

  /** `mayGo` asks whether a held reply may leave, `gone` hears of each segment that was written. */
  constructor(given: {
    client: Socket;
    server: Socket;
    mayGo: () => boolean;
    gone: (segment: Segment) => void;
  }) {
    this.#client = given.client;
    this.#server = given.server;
    this.#mayGo = given.mayGo;
    this.#gone = given.gone;
    given.client.on('drain', () => {
      this.#clientFull = false;
      this.pump();
    });
  }

  add(segment: Segment): void {
    this.#held += segment.chunk.length;
    this.#queue.push(segment);
    this.pump();
    if (this.#held > MAX_HELD_BYTES || this.#clientFull) this.#server.pause();
  }

  /** A segment that stood still may go. */
  letGo(segment: Segment): void {
    segment.readyAt = 0;
    this.pump();
  }

  /** What was to be delayed goes now; what stands still waits for `letGo()`. */
  hurry(): void {
    clearTimeout(this.#timer);
    for (const segment of this.#queue) if (segment.readyAt !== Number.POSITIVE_INFINITY) segment.readyAt = 0;
    this.pump();
  }

  /** The server will send no more: the client is closed after what is still held. */
  end(): void {
    this.#ended = true;
    this.pump();
  }

  /** Nothing is delivered any more. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** Delivers what may go, in its order. */
  pump(): void {
    while (!this.#stopped && !this.#clientFull) {
      const segment = this.#queue.peek();
      if (!segment) break;
      if (segment.readyAt > 0 && !this.#isTime(segment.readyAt)) return;
      if (segment.counts && !this.#mayGo()) return;
      this.#queue.shift();
      this.#held -= segment.chunk.length;
      this.#clientFull = !this.#client.write(segment.chunk);
      this.#gone(segment);
    }
    if (this.#stopped) return;
    if (this.#held <= MAX_HELD_BYTES && !this.#clientFull && this.#server.isPaused()) this.#server.resume();
    if (this.#ended && this.#queue.length === 0) this.#client.destroySoon();
  }

  /** Requests whose reply waits here. */
  *waiting(): Generator<Request> {
    for (const { replies } of this.#queue) for (const { request } of replies) yield request;
  }

  #isTime(readyAt: number): boolean {
    const left = readyAt - performance.now();
    if (left <= 0.2) return true;
    clearTimeout(this.#timer);
    if (left === Number.POSITIVE_INFINITY) return false; // until letGo()
    this.#timer = setTimeout(() => this.pump(), Math.max(1, Math.round(left)));
    return false;
  }
}
