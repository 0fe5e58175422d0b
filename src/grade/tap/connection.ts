import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { Fifo } from './fifo.ts';
import type { Holder } from './hold.ts';
import { Refused } from './refused.ts';
import type { Reply, Request, Session, Sink } from './session.ts';

/** Held or delayed replies may take up this many bytes; then the server is not read any more. */
const MOST_HELD = 1024 * 1024;

/** What a connection tells its tap. */
export interface Listener {
  readonly holdMs: number;
  readonly latencyMs: number;
  /** A command arrived; the tap gives it its id and depth. 'drop': it must not reach the server; 'last': nothing after it. */
  arrived(connection: Connection, request: Request): 'forward' | 'last' | 'drop';
  /** The server's whole reply is here, whether the client gets it now or later. */
  answered(connection: Connection, request: Request): void;
  delivered(connection: Connection, request: Request, reply: Reply): void;
  pushed(connection: Connection, name: string, push: { text: string; bytes: number }): void;
  rows(count: number): void;
  refused(connection: Connection, reason: string): void;
  closed(connection: Connection): void;
  /** Asks the gate whether held replies of this connection may go. */
  mayGo(connection: Connection): boolean;
  /** The client sent bytes. */
  sent(): void;
  /** The client was given something whole, on which it may act. */
  acted(connection: Connection): void;
}

/** A piece of what the server sent, with what became whole in it. */
interface Segment {
  chunk: Uint8Array;
  replies: { request: Request; reply: Reply }[];
  pushes: { name: string; push: { text: string; bytes: number } }[];
  rows: number;
  /** Whether it completes a reply that counts; only such a segment waits for quiet clients. */
  counts: boolean;
  readyAt: number;
}

/** Thrown through a parser to stop it: what follows in the chunk must not be read. */
class Stop extends Error {}

/** A client's socket, its own socket to the server, and what is on its way between them. */
export class Connection implements Sink, Holder {
  readonly number: number;
  readonly session: Session;
  #client: Socket;
  #server: Socket;
  #tap: Listener;
  #queue = new Fifo<Segment>();
  #held = 0;
  #segment: Segment | undefined;
  /** Of the chunk at hand: where to stop forwarding (-1: nowhere), and where the last request ended. */
  #forwardUpTo = -1;
  #lastEnd = 0;
  #clientFull = false;
  #timer: NodeJS.Timeout | undefined;
  /** When something last arrived, from either side. */
  #lastBytes = performance.now();
  #ended = false;
  #closed = false;
  /** A cut fell: nothing passes any more, in either direction. */
  #frozen = false;

  constructor(given: {
    number: number;
    client: Socket;
    server: Socket;
    tap: Listener;
    session: (sink: Sink) => Session;
  }) {
    this.number = given.number;
    this.#client = given.client;
    this.#server = given.server;
    this.#tap = given.tap;
    this.session = given.session(this);
    const { client, server } = given;
    client.on('data', (chunk) => this.#fromClient(chunk));
    server.on('data', (chunk) => this.#fromServer(chunk));
    client.on('drain', () => this.#drained());
    server.on('drain', () => client.resume());
    client.on('end', () => server.end());
    server.on('end', () => {
      this.#ended = true;
      this.#pump();
    });
    client.on('error', () => this.close());
    client.on('close', () => this.close());
    server.on('error', () => this.#serverLost());
    server.on('close', () => this.#serverLost());
  }

  get holdMs(): number {
    return this.#tap.holdMs;
  }

  busySince(): number | undefined {
    if (this.#server.isPaused()) return undefined;
    return this.session.settingUp || this.session.awaitsServer ? this.#lastBytes : undefined;
  }

  release(): void {
    this.#pump();
  }

  /** Commands whose reply the client does not have yet; without `all`, neither set-up nor those that may block. */
  *undelivered({ all = false }: { all?: boolean } = {}): Generator<Request> {
    const wanted = (request: Request): boolean => !request.setup && (all || !request.blocking);
    for (const { replies } of this.#queue)
      for (const { request } of replies) if (wanted(request)) yield request;
    for (const request of this.session.pending()) if (wanted(request)) yield request;
  }

  /** Lets nothing through any more; what the server still sends is read, and not delivered. */
  freeze(): void {
    this.#frozen = true;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#client.destroy();
    this.#server.destroy();
    this.#tap.closed(this);
  }

  #fromClient(chunk: Uint8Array): void {
    if (this.#frozen || this.#closed) return;
    this.#lastBytes = performance.now();
    this.#tap.sent();
    this.#forwardUpTo = -1;
    this.#lastEnd = 0;
    try {
      this.session.fromClient(chunk);
    } catch (error) {
      if (error instanceof Refused) {
        this.#refuse(error.message);
        return;
      }
      if (!(error instanceof Stop)) throw error;
    }
    const passing = this.#forwardUpTo < 0 ? chunk : chunk.subarray(0, this.#forwardUpTo);
    if (passing.length > 0 && !this.#server.write(passing)) this.#client.pause();
  }

  request(request: Request, end: number): void {
    const verdict = this.#tap.arrived(this, request);
    if (verdict === 'forward') {
      this.#lastEnd = end;
      return;
    }
    this.#forwardUpTo = verdict === 'last' ? end : this.#lastEnd;
    throw new Stop();
  }

  #fromServer(chunk: Uint8Array): void {
    this.#lastBytes = performance.now();
    const latency = this.#tap.latencyMs;
    const readyAt = latency > 0 ? this.#lastBytes + latency : 0;
    const segment: Segment = { chunk, replies: [], pushes: [], rows: 0, counts: false, readyAt };
    this.#segment = segment;
    try {
      this.session.fromServer(chunk);
    } catch (error) {
      if (error instanceof Refused) {
        this.#refuse(error.message);
        return;
      }
      throw error;
    }
    segment.rows = this.session.takeRows();
    if (this.#frozen || this.#closed) return;
    this.#held += chunk.length;
    this.#queue.push(segment);
    this.#pump();
    if (this.#held > MOST_HELD || this.#clientFull) this.#server.pause();
  }

  reply(request: Request, reply: Reply): void {
    const segment = this.#segment!;
    segment.replies.push({ request, reply });
    if (!request.setup) segment.counts = true;
    this.#tap.answered(this, request);
  }

  push(name: string, push: { text: string; bytes: number }): void {
    this.#segment!.pushes.push({ name, push });
  }

  /** Delivers what may go, in its order. */
  #pump(): void {
    while (!this.#closed && !this.#frozen && !this.#clientFull) {
      const segment = this.#queue.peek();
      if (!segment) break;
      if (segment.readyAt > 0 && !this.#arrivedInTime(segment.readyAt)) return;
      if (segment.counts && !this.#tap.mayGo(this)) return;
      this.#queue.shift();
      this.#held -= segment.chunk.length;
      this.#clientFull = !this.#client.write(segment.chunk);
      this.#report(segment);
    }
    if (this.#held <= MOST_HELD && !this.#clientFull && this.#server.isPaused()) this.#server.resume();
    if (this.#ended && this.#queue.length === 0) this.#client.destroySoon();
  }

  #arrivedInTime(readyAt: number): boolean {
    const left = readyAt - performance.now();
    if (left <= 0.2) return true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#pump(), Math.max(1, Math.round(left)));
    return false;
  }

  #report(segment: Segment): void {
    if (segment.replies.length > 0 || segment.pushes.length > 0) this.#tap.acted(this);
    if (segment.rows > 0) this.#tap.rows(segment.rows);
    for (const { request, reply } of segment.replies) this.#tap.delivered(this, request, reply);
    for (const { name, push } of segment.pushes) this.#tap.pushed(this, name, push);
  }

  #drained(): void {
    this.#clientFull = false;
    this.#pump();
  }

  #serverLost(): void {
    this.#ended = true;
    if (this.#queue.length === 0) this.#client.destroySoon();
    else this.#pump();
  }

  #refuse(reason: string): void {
    const message = `tap: ${reason}`;
    this.#tap.refused(this, message);
    this.freeze();
    this.#server.destroy();
    this.#client.write(this.session.error(message));
    this.#client.destroySoon();
  }
}
