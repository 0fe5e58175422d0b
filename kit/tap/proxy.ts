import { createServer, type Server, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { Connection, type Listener } from './connection.ts';
import { Counts } from './counts.ts';
import { type Place, pushEvent, replyEvent, requestEvent } from './events.ts';
import { Faults } from './faults.ts';
import type { Meter } from './meter.ts';
import type { Reply, Request, Session } from './protocol-session.ts';
import { isConfirmation } from './redis-commands.ts';
import { type SettledOptions, settled } from './settled.ts';
import { Stalls } from './stalls.ts';
import type { Outstanding, PlannedCut, Refusal, Stall, Tap, TapCounts, TapEvent, TapServer } from './tap.ts';
import { printable } from './text-capture.ts';
import { Transcript } from './transcript.ts';

/** What differs between the tap of Redis and that of MySQL. */
export interface TapKind {
  server: TapServer;
  path: string;
  meter: Meter;
  /** A new socket to the server. */
  connect(): Socket;
  session(): Session;
}

/** Opens a tap; resolves once clients can connect. */
export async function openTap(kind: TapKind): Promise<Tap> {
  const tap = new TapProxy(kind);
  await tap.listen();
  return tap;
}

class TapProxy implements Tap, Listener {
  holdMs = 0;
  cuts = 0;
  #latencyMs = 0;
  #kind: TapKind;
  #socket: Server;
  #open = new Set<Connection>();
  #counts = new Counts();
  #transcript = new Transcript();
  #withSetup = new Transcript({ most: 200 });
  #refusals: Refusal[] = [];
  #refusedAt: number[] = [];
  #faults: Faults;
  #stalls = new Stalls();
  #connections = 0;
  #lastId = 0;
  #lastActivity = 0;
  #leave: () => void;

  constructor(kind: TapKind) {
    this.#kind = kind;
    this.#faults = new Faults({
      freeze: () => this.#each((connection) => connection.freeze()),
      cut: () => this.disconnectAll(),
      unanswered: () => [...this.#open].flatMap(({ session }) => [...session.pending()]),
    });
    this.#leave = kind.meter.onReset(() => this.#fromZero());
    this.#socket = createServer({ allowHalfOpen: true }, (client) => this.#accept(client));
  }

  get path(): string {
    return this.#kind.path;
  }

  get server(): TapServer {
    return this.#kind.server;
  }

  get accepted(): number {
    return this.#connections;
  }

  get letsIn(): boolean {
    return this.#faults.none;
  }

  get atRest(): boolean {
    return [...this.#open].every((connection) => connection.atRest);
  }

  get latencyMs(): number {
    return this.#latencyMs;
  }

  set latencyMs(ms: number) {
    this.#latencyMs = ms;
    if (ms === 0) this.#each((connection) => connection.hurry());
  }

  listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.once('error', reject);
      this.#socket.listen(this.path, () => {
        this.#socket.off('error', reject);
        resolve();
      });
    });
  }

  counts(): TapCounts {
    const { meter } = this.#kind;
    return this.#counts.snapshot({ ...meter.of(this.server), rowsBeforeWrite: meter.rowsBeforeWrite });
  }

  transcript({ setup = false }: { setup?: boolean } = {}): TapEvent[] {
    const events = this.#transcript.events();
    if (!setup) return events;
    return [...this.#withSetup.events(), ...events].sort((a, b) => a.at - b.at);
  }

  outstanding(): Outstanding[] {
    const { meter } = this.#kind;
    const now = meter.now();
    const list: Outstanding[] = [];
    for (const connection of this.#open) {
      for (const { id, name, text, at } of connection.undelivered()) {
        const command = printable(`${name} ${text}`).trim();
        list.push({ id, server: this.server, connection: connection.number, command, age: now - at });
      }
    }
    return list;
  }

  refusals(): Refusal[] {
    return [...this.#refusals];
  }

  refusedAt(): readonly number[] {
    return this.#refusedAt;
  }

  settled(options?: SettledOptions): Promise<boolean> {
    const outstanding = () => this.outstanding();
    return settled({ outstanding, lastActivity: () => this.#lastActivity }, options);
  }

  refuse(n: number): void {
    this.#faults.refuse(n);
  }

  cutAfter(commands: number, { executed = true }: { executed?: boolean } = {}): PlannedCut {
    return this.#faults.plan(commands, { executed });
  }

  stallAt(commands: number, { executed = true }: { executed?: boolean } = {}): Stall {
    return this.#stalls.plan(commands, { executed });
  }

  stallAtRows(): Stall {
    return this.#stalls.plan('rows', { executed: true });
  }

  disconnectAll(): void {
    this.cuts++;
    this.#each((connection) => connection.close());
  }

  reset(): void {
    this.#kind.meter.reset();
  }

  async close(): Promise<void> {
    this.#leave();
    this.#faults.clear();
    const closed = new Promise<void>((resolve) => this.#socket.close(() => resolve()));
    this.disconnectAll();
    await closed;
  }

  // What connections report.

  arrived(connection: Connection, request: Request): 'forward' | 'last' | 'drop' {
    const { meter } = this.#kind;
    request.id = ++this.#lastId;
    request.at = meter.now();
    this.#lastActivity = performance.now();
    if (!request.setup) {
      request.depth = meter.request(this.server);
      this.#counts.sent(request);
    }
    this.#note(request, requestEvent(this.#place(connection), request));
    return request.setup ? 'forward' : this.#faults.arrived(request);
  }

  answered(): void {
    this.#faults.answered();
  }

  stallsRequest(request: Request, letGo: () => void): boolean {
    return this.#stalls.arrived({ request, letGo });
  }

  stallsReply(answered: { request: Request; reply: Reply; letGo: () => void }): boolean {
    return this.#stalls.answered(answered);
  }

  delivered(connection: Connection, request: Request, reply: Reply): void {
    const { meter } = this.#kind;
    this.#lastActivity = performance.now();
    if (request.depth && request.depth.generation !== meter.generation) return;
    if (request.depth) {
      meter.delivered(this.server, request.depth);
      this.#counts.received(request, reply);
    }
    this.#note(request, replyEvent(this.#place(connection), { request, reply }));
  }

  pushed(connection: Connection, name: string, { text, bytes }: { text: string; bytes: number }): void {
    this.#lastActivity = performance.now();
    this.#counts.bytesReceived += bytes;
    if (!isConfirmation(name)) this.#kind.meter.pushed(this.server);
    this.#transcript.add(pushEvent(this.#place(connection), { id: ++this.#lastId, name, text, bytes }));
  }

  rows(count: number): void {
    this.#counts.rows += count;
    this.#kind.meter.rows(count);
  }

  refused(connection: Connection, reason: string): void {
    if (this.#refusals.length < 100)
      this.#refusals.push({ server: this.server, connection: connection.number, reason });
  }

  closed(connection: Connection): void {
    this.#open.delete(connection);
    this.#kind.meter.gate.leave(connection);
    const { generation } = this.#kind.meter;
    for (const request of connection.undelivered({ all: true })) {
      if (request.depth?.generation === generation) this.#counts.dropped(request);
    }
  }

  mayGo(connection: Connection): boolean {
    return this.#kind.meter.gate.open(connection);
  }

  sent(): void {
    this.#kind.meter.crossings++;
    this.#kind.meter.gate.sent();
  }

  received(): void {
    this.#kind.meter.crossings++;
  }

  acted(connection: Connection): void {
    this.#kind.meter.gate.delivered(connection);
  }

  #accept(client: Socket): void {
    this.#kind.meter.crossings++;
    if (this.#faults.refuses()) {
      this.#counts.refusedConnections += 1;
      if (this.#refusedAt.length < 1_000) this.#refusedAt.push(this.#kind.meter.now());
      client.destroy();
      return;
    }
    this.#counts.connections += 1;
    const connection = new Connection({
      number: ++this.#connections,
      client,
      server: this.#kind.connect(),
      tap: this,
      session: this.#kind.session(),
    });
    this.#open.add(connection);
    this.#kind.meter.gate.join(connection);
  }

  #each(act: (connection: Connection) => void): void {
    for (const connection of [...this.#open]) act(connection);
  }

  #place({ number }: Connection): Place {
    return { server: this.server, connection: number, at: this.#kind.meter.now() };
  }

  #note(request: Request, event: TapEvent): void {
    (request.setup ? this.#withSetup : this.#transcript).add(event);
  }

  #fromZero(): void {
    this.#counts = new Counts();
    this.#transcript.clear();
    this.#withSetup.clear();
    this.#refusals = [];
    this.#refusedAt = [];
    this.#faults.clear();
    this.#stalls.clear();
  }
}
