import { Publisher, Reply, Router } from 'zeromq';
import { addressOf, type Connection } from './connection-file.ts';
import { decode, encode, type Message, message } from './jupyter-message.ts';

type Content = Record<string, unknown>;

/** What the server asks of the kernel. */
export interface Handlers {
  execute(request: Content, publish: (type: string, content: Content) => void): Promise<Content>;
  /** The content of the reply to any other request; undefined where the kernel has no answer to it. */
  answer(type: string, content: Content): Content | undefined;
  shutdown(): void;
}

/** Speaks the Jupyter protocol on the five channels of a connection file. */
export class KernelServer {
  readonly #connection: Connection;
  readonly #handlers: Handlers;
  readonly #iopub = new Publisher({ sendHighWaterMark: 0 });
  readonly #shell = new Router({ sendHighWaterMark: 0, receiveHighWaterMark: 0 });
  readonly #control = new Router({ sendHighWaterMark: 0 });
  readonly #stdin = new Router();
  readonly #heartbeat = new Reply();
  #queue: Message[] = [];
  #executing = false;

  constructor(connection: Connection, handlers: Handlers) {
    this.#connection = connection;
    this.#handlers = handlers;
  }

  async listen(): Promise<void> {
    await Promise.all([
      this.#iopub.bind(addressOf(this.#connection, 'iopub')),
      this.#shell.bind(addressOf(this.#connection, 'shell')),
      this.#control.bind(addressOf(this.#connection, 'control')),
      this.#stdin.bind(addressOf(this.#connection, 'stdin')),
      this.#heartbeat.bind(addressOf(this.#connection, 'hb')),
    ]);
    void this.#receive(this.#shell);
    void this.#receive(this.#control);
    void this.#beat();
  }

  async #beat(): Promise<void> {
    for await (const beat of this.#heartbeat) await this.#heartbeat.send(beat);
  }

  async #receive(socket: Router): Promise<void> {
    for await (const frames of socket) {
      try {
        const request = decode(frames, this.#connection.key);
        if (request.header.msg_type === 'execute_request') {
          this.#queue.push(request);
          void this.#executeQueue();
        } else this.#answer(socket, request);
      } catch (error) {
        console.error(error);
      }
    }
  }

  #answer(socket: Router, request: Message): void {
    const type = request.header.msg_type;
    this.#publish('status', { execution_state: 'busy' }, request);
    try {
      const content = this.#handlers.answer(type, request.content);
      if (content) this.#reply(socket, request, content);
    } catch (error) {
      this.#reply(socket, request, failed(error));
    } finally {
      this.#publish('status', { execution_state: 'idle' }, request);
    }
    if (type === 'shutdown_request') this.#handlers.shutdown();
  }

  /** One cell after the other, in the order in which they came. */
  async #executeQueue(): Promise<void> {
    if (this.#executing) return;
    this.#executing = true;
    for (let request = this.#queue.shift(); request; request = this.#queue.shift()) {
      this.#publish('status', { execution_state: 'busy' }, request);
      const publish = (type: string, content: Content) => this.#publish(type, content, request);
      const reply = await this.#handlers.execute(request.content, publish).catch(failed);
      const stops = reply.status === 'error' && request.content.stop_on_error !== false;
      const abandoned = stops ? await this.#arrived() : [];
      this.#reply(this.#shell, request, reply);
      this.#publish('status', { execution_state: 'idle' }, request);
      for (const one of abandoned) {
        this.#publish('status', { execution_state: 'busy' }, one);
        this.#reply(this.#shell, one, { status: 'aborted' });
        this.#publish('status', { execution_state: 'idle' }, one);
      }
    }
    this.#executing = false;
  }

  /** Every request sent before the failing cell's reply, and none that comes after it: only those are aborted. */
  async #arrived(): Promise<Message[]> {
    for (let turns = 0; turns < 3; turns++) await new Promise((resolve) => setImmediate(resolve));
    return this.#queue.splice(0);
  }

  #publish(type: string, content: Content, parent: Message): void {
    const sent = message(type, content, parent);
    sent.identities = [Buffer.from(type)];
    this.#send(this.#iopub, sent);
  }

  #reply(socket: Router, request: Message, content: Content): void {
    this.#send(socket, message(request.header.msg_type.replace('_request', '_reply'), content, request));
  }

  #send(socket: Publisher | Router, sent: Message): void {
    // A peer that is gone is no reason to stop.
    socket.send(encode(sent, this.#connection.key)).catch(() => {});
  }
}

/** The kernel's own failure: one request's, and no reason to leave the others without an answer. */
function failed(error: unknown): Content {
  const { name, message, stack } = error as Error;
  return { status: 'error', ename: name, evalue: message, traceback: String(stack).split('\n') };
}
