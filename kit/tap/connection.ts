import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { Delivery, type Segment } from './delivery.ts';
import type { Holder } from './hold.ts';
import type { Reply, Request, Session } from './protocol-session.ts';
import { Refused } from './refused.ts';

/** What a connection tells its tap. */
export interface Listener {
  readonly holdMs: number;
  readonly latencyMs: number;
  /** A command arrived; it gets its id and depth. 'drop': it must not reach the server; 'last': nothing after it. */
  arrived(connection: Connection, request: Request): 'forward' | 'last' | 'drop';
  /** Whether a counted request, or its reply, is to stand still until `letGo` is called. */
  stallsRequest(request: Request, letGo: () => void): boolean;
  stallsReply(answered: { request: Request; reply: Reply; letGo: () => void }): boolean;
  /** The server's whole reply is here, whether the client gets it now or later. */
  answered(): void;
  delivered(connection: Connection, request: Request, reply: Reply): void;
  pushed(connection: Connection, name: string, push: { text: string; bytes: number }): void;
  rows(count: number): void;
  refused(connection: Connection, reason: string): void;
  closed(connection: Connection): void;
  /** Asks the gate whether held replies of this connection may go. */
  mayGo(connection: Connection): boolean;
  /** The client sent bytes. */
  sent(): void;
  /** Bytes of the server were written to the client. */
  received(): void;
  /** The client was given something whole, on which it may act. */
  acted(connection: Connection): void;
}

/** A client's socket, its own socket to the server, and what is on its way between them. */
export class Connection implements Holder {
  readonly number: number;
  readonly session: Session;
  #client: Socket;
  #server: Socket;
  #tap: Listener;
  #delivery: Delivery;
  /** What waits behind a request that stands still; undefined where none does. */
  #stalled: Uint8Array[] | undefined;
  /** When something last arrived, from either side. */
  #lastBytes = performance.now();
  #closed = false;
  /** A cut or a refusal: nothing passes any more, in either direction. */
  #frozen = false;

  constructor(given: {
    number: number;
    client: Socket;
    server: Socket;
    tap: Listener;
    session: Session;
  }) {
    const { client, server, tap } = given;
    this.number = given.number;
    this.#client = client;
    this.#server = server;
    this.#tap = tap;
    this.session = given.session;
    const mayGo = () => tap.mayGo(this);
    this.#delivery = new Delivery({ client, server, mayGo, gone: (segment) => this.#report(segment) });
    client.on('data', (chunk) => this.#fromClient(chunk));
    client.on('end', () => server.end());
    client.on('error', () => this.close());
    client.on('close', () => this.close());
    server.on('data', (chunk) => this.#fromServer(chunk));
    server.on('drain', () => client.resume());
    for (const event of ['end', 'error', 'close']) server.on(event, () => this.#delivery.end());
  }

  get holdMs(): number {
    return this.#tap.holdMs;
  }

  /** Whether its client waits for nothing, set-up and blocking reads included. */
  get atRest(): boolean {
    const waits = [this.session.pending(), this.#delivery.waiting()].some(
      ([...requests]) => requests.length > 0,
    );
    return !this.session.settingUp && !waits;
  }

  busySince(): number | undefined {
    if (this.#server.isPaused()) return undefined;
    return this.session.settingUp || this.session.awaitsServer ? this.#lastBytes : undefined;
  }

  release(): void {
    this.#delivery.pump();
  }

  /** Delivers at once what still waits for its latency to pass. */
  hurry(): void {
    this.#delivery.hurry();
  }

  /** Commands whose reply the client does not have yet; without `all`, none that may block. Set-up is left out. */
  *undelivered({ all = false }: { all?: boolean } = {}): Generator<Request> {
    const wanted = (request: Request): boolean => !request.setup && (all || !request.blocking);
    for (const request of this.#delivery.waiting()) if (wanted(request)) yield request;
    for (const request of this.session.pending()) if (wanted(request)) yield request;
  }

  /** Lets nothing through any more; what the server still sends is read, and not delivered. */
  freeze(): void {
    this.#frozen = true;
    this.#delivery.stop();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#delivery.stop();
    this.#client.destroy();
    this.#server.destroy();
    this.#tap.closed(this);
  }

  #fromClient(chunk: Uint8Array): void {
    if (this.#frozen || this.#closed) return;
    this.#lastBytes = performance.now();
    this.#tap.sent();
    let begin = 0; // of the request at hand
    let passing = chunk.length; // bytes that are for the server
    let stallsAt = this.#stalled ? 0 : Number.POSITIVE_INFINITY;
    try {
      for (const { request, end } of this.session.requests(chunk)) {
        const verdict = this.#tap.arrived(this, request);
        if (verdict !== 'forward') {
          passing = verdict === 'last' ? end : begin;
          break; // what follows must not even be read
        }
        if (this.#stalls(request)) stallsAt = begin;
        begin = end;
      }
    } catch (error) {
      this.#refuse(error);
      return;
    }
    const now = chunk.subarray(0, Math.min(passing, stallsAt));
    if (passing > stallsAt) this.#stalled?.push(chunk.subarray(stallsAt, passing));
    if (now.length > 0 && !this.#server.write(now)) this.#client.pause();
  }

  /** Whether a request is the first to stand still: it, and what comes after it, waits until it is let go. */
  #stalls(request: Request): boolean {
    if (request.setup || !this.#tap.stallsRequest(request, () => this.#goOn()) || this.#stalled) return false;
    this.#stalled = [];
    return true;
  }

  /** Sends what stood still. */
  #goOn(): void {
    const stalled = this.#stalled;
    this.#stalled = undefined;
    if (this.#closed || this.#frozen || !stalled) return;
    for (const bytes of stalled) this.#server.write(bytes);
  }

  #fromServer(chunk: Uint8Array): void {
    this.#lastBytes = performance.now();
    const latency = this.#tap.latencyMs;
    const readyAt = latency > 0 ? this.#lastBytes + latency : 0;
    const segment: Segment = { chunk, replies: [], pushes: [], rows: 0, counts: false, readyAt };
    try {
      for (const received of this.session.replies(chunk)) {
        if (!('push' in received)) {
          this.#answered(received, segment);
          continue;
        }
        segment.pushes.push(received);
        segment.counts = true;
      }
    } catch (error) {
      this.#refuse(error);
      return;
    }
    segment.rows = this.session.takeRows();
    if (!this.#frozen && !this.#closed) this.#delivery.add(segment);
  }

  #answered(answer: Segment['replies'][number], segment: Segment): void {
    segment.replies.push(answer);
    if (!answer.request.setup) {
      segment.counts = true;
      const letGo = () => this.#delivery.letGo(segment);
      if (this.#tap.stallsReply({ ...answer, letGo })) segment.readyAt = Number.POSITIVE_INFINITY;
    }
    this.#tap.answered();
  }

  #report(segment: Segment): void {
    this.#tap.received();
    if (segment.replies.length > 0 || segment.pushes.length > 0) this.#tap.acted(this);
    if (segment.rows > 0) this.#tap.rows(segment.rows);
    for (const { request, reply } of segment.replies) this.#tap.delivered(this, request, reply);
    for (const { name, push } of segment.pushes) this.#tap.pushed(this, name, push);
  }

  /** Bytes that cannot be counted end the connection; any other error is thrown on. */
  #refuse(error: unknown): void {
    if (!(error instanceof Refused)) throw error;
    const message = `tap: ${error.message}`;
    this.#tap.refused(this, message);
    this.freeze();
    this.#server.destroy();
    this.#client.write(this.session.error(message));
    this.#client.destroySoon();
  }
}
