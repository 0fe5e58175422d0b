import { Fifo } from './fifo.ts';
import { newRequest, type Received, type Request, type Sent, type Session } from './protocol-session.ts';
import { commandKind, isConfirmation, isMessage } from './redis-commands.ts';
import { RespParser, type RespValue } from './resp-parser.ts';

interface Pending {
  request: Request;
  /** Confirmations that a subscription still waits for; 0 for every other command. */
  confirmations: number;
}

/** One Redis connection: replies come in the order of the requests, pushes between them. */
export class RedisSession implements Session {
  readonly settingUp = false;
  #pending = new Fifo<Pending>();
  #requests = new RespParser('requests');
  #replies = new RespParser('replies');
  #version = 2;
  #askedVersion = 2;
  #infoSeen = false;
  #monitoring = false;
  #subscribed = false;

  get awaitsServer(): boolean {
    const head = this.#pending.peek();
    return head !== undefined && !head.request.blocking && !this.#replies.inside;
  }

  *requests(chunk: Uint8Array): Generator<Sent> {
    for (const value of this.#requests.values(chunk)) yield this.#sent(value);
  }

  *replies(chunk: Uint8Array): Generator<Received> {
    for (const value of this.#replies.values(chunk)) yield this.#received(value);
  }

  *pending(): Generator<Request> {
    for (const { request } of this.#pending) yield request;
  }

  takeRows(): number {
    return 0;
  }

  error(message: string): Uint8Array {
    return Buffer.from(`-ERR ${message}\r\n`);
  }

  #sent(value: RespValue): Sent {
    const [first = '', ...args] = value.texts;
    const name = first.toUpperCase();
    const kind = commandKind(name, args);
    // ioredis asks INFO once before a connection is ready.
    const readyCheck = name === 'INFO' && value.count === 1 && !this.#infoSeen;
    if (readyCheck) this.#infoSeen = true;
    if (name === 'HELLO') this.#askedVersion = args[0] === '3' ? 3 : 2;
    const setup = kind.setup || readyCheck;
    if (!setup) this.#infoSeen = true;
    const secret = name === 'AUTH' || name === 'HELLO';
    const more = value.count > value.texts.length ? ` … (${value.count - 1} arguments)` : '';
    const request = newRequest(name, {
      text: secret ? (name === 'HELLO' ? (args[0] ?? '') : '…') : args.join(' ') + more,
      bytes: value.bytes,
      setup,
      blocking: kind.blocking,
    });
    this.#pending.push({ request, confirmations: kind.subscription ? Math.max(1, value.count - 1) : 0 });
    return { request, end: value.end };
  }

  #received(value: RespValue): Received {
    const first = value.texts[0];
    const head = this.#pending.peek();
    const pushed =
      value.type === '>' || (this.#version === 2 && value.type === '*' && this.#canBePushed(first, head));
    if (pushed && isConfirmation(first)) return this.#confirmed(first!, value);
    const monitored = this.#monitoring && value.type === '+' && /^\d+\.\d+ \[/.test(first ?? '');
    return pushed || !head || monitored ? push(first, value) : this.#answered(head.request, value);
  }

  /** In RESP2 a push looks like any array; only its first word, and what was asked, tell. */
  #canBePushed(first: string | undefined, head: Pending | undefined): boolean {
    if (isMessage(first))
      return !head || head.confirmations > 0 || head.request.name === 'PING' || this.#subscribed;
    return isConfirmation(first) && (!head || head.confirmations > 0);
  }

  #confirmed(first: string, value: RespValue): Received {
    this.#subscribed = value.texts[2] !== '0';
    const head = this.#pending.peek();
    if (head?.request.name !== first.toUpperCase()) return push(first, value);
    head.confirmations -= 1;
    return head.confirmations <= 0 ? this.#answered(head.request, value) : push(first, value);
  }

  #answered(request: Request, value: RespValue): Received {
    this.#pending.shift();
    if (request.name === 'HELLO' && value.type !== '-') this.#version = this.#askedVersion;
    if (request.name === 'RESET') this.#version = 2;
    if (request.name === 'MONITOR') this.#monitoring = true;
    return { request, reply: { text: describe(value), bytes: value.bytes, rows: 0, error: value.error } };
  }
}

const push = (first = '', { texts, bytes }: RespValue): Received => ({
  name: first,
  push: { text: texts.slice(1).join(' '), bytes },
});

function describe(value: RespValue): string {
  const texts = value.texts.join(' ');
  if (value.count === -1) return 'nil';
  if (!'*%~>'.includes(value.type)) return texts;
  const size = value.type === '%' ? value.count / 2 : value.count;
  return `[${size}] ${texts}${value.count > value.texts.length ? ' …' : ''}`.trimEnd();
}
