import { Fifo } from './fifo.ts';
import { errorPacket } from './mysql-bytes.ts';
import { type ReplyForm, readCommand } from './mysql-commands.ts';
import { type Agreed, type Offered, readGreeting, readLogin } from './mysql-handshake.ts';
import { type MysqlPacket, MysqlPackets } from './mysql-packets.ts';
import { ReplyReader } from './mysql-replies.ts';
import { newRequest, type Received, type Request, type Sent, type Session } from './protocol-session.ts';
import { Refused } from './refused.ts';

interface Pending {
  request: Request;
  reader: ReplyReader;
  /** A login: the packets that the client sends meanwhile are no commands. */
  login: boolean;
}

const undecided: Agreed = { deprecateEof: false, queryAttributes: false, cacheMetadata: false };

/** One MySQL connection: greeting, login, then commands whose replies come in their order. */
export class MysqlSession implements Session {
  #phase: 'greeting' | 'hello' | 'commands' = 'greeting';
  #offered: Offered = { flags: 0, mariadb: 0 };
  #agreed = undecided;
  #pending = new Fifo<Pending>();
  #statements = new Map<number, string>();
  #rows = 0;
  #sequence = 0;
  #client = new MysqlPackets();
  #server = new MysqlPackets();

  get settingUp(): boolean {
    return this.#phase !== 'commands' || this.#pending.peek()?.login === true;
  }

  get awaitsServer(): boolean {
    const head = this.#pending.peek();
    return head !== undefined && head.reader.bytes === 0 && !this.#server.inside;
  }

  *requests(chunk: Uint8Array): Generator<Sent> {
    for (const packet of this.#client.packets(chunk)) {
      const request = this.#sent(packet);
      if (request) yield { request, end: packet.end };
    }
  }

  *replies(chunk: Uint8Array): Generator<Received> {
    for (const packet of this.#server.packets(chunk)) {
      const ended = this.#received(packet);
      if (ended) yield ended;
    }
  }

  *pending(): Generator<Request> {
    for (const { request } of this.#pending) yield request;
  }

  takeRows(): number {
    const rows = this.#rows;
    this.#rows = 0;
    return rows;
  }

  error(message: string): Uint8Array {
    return errorPacket(message, this.#sequence + 1);
  }

  /** The request that a packet of the client is; undefined for one that is part of a login. */
  #sent(packet: MysqlPacket): Request | undefined {
    this.#sequence = packet.sequence;
    if (this.#phase === 'greeting')
      throw new Refused('this is not the protocol of MySQL (it waits for a greeting)');
    if (this.#phase === 'hello') {
      this.#agreed = readLogin(packet.payload, this.#offered);
      this.#phase = 'commands';
      return this.#expect(newRequest('LOGIN', { text: '', bytes: packet.bytes, setup: true }), 'login');
    }
    if (this.#pending.peek()?.login) return undefined;
    const command = readCommand(packet.payload, { agreed: this.#agreed, statements: this.#statements });
    if (command.name === 'CLOSE_STATEMENT') this.#statements.delete(command.statement);
    if (command.name === 'RESET_CONNECTION') this.#statements.clear();
    const request = newRequest(command.name, {
      text: command.text,
      bytes: packet.bytes,
      setup: command.setup,
      silent: command.form === 'none',
    });
    return this.#expect(request, command.form);
  }

  #expect(request: Request, form: ReplyForm): Request {
    if (!request.silent) {
      this.#pending.push({ request, reader: new ReplyReader(form, this.#agreed), login: form === 'login' });
    }
    return request;
  }

  /** The reply that a packet of the server ends. */
  #received(packet: MysqlPacket): Received | undefined {
    if (this.#phase === 'greeting') {
      if (packet.payload[0] !== 0xff) this.#offered = readGreeting(packet.payload);
      this.#phase = 'hello';
      return undefined;
    }
    const head = this.#pending.peek();
    this.#sequence = packet.sequence;
    if (!head) return undefined; // a farewell of the server, e.g. on its shutdown
    const { request, reader } = head;
    const ended = reader.take(packet);
    if (reader.wasRow) this.#rows += 1;
    if (!ended) return undefined;
    this.#pending.shift();
    if (request.name === 'PREPARE' && reader.statement !== undefined) {
      this.#statements.set(reader.statement, request.text);
    }
    const { text, bytes, rows, error } = reader;
    return { request, reply: { text, bytes, rows, error } };
  }
}
