import { errorText, integer, lengthEncoded } from './mysql-bytes.ts';
import type { ReplyForm } from './mysql-commands.ts';
import type { Agreed } from './mysql-handshake.ts';
import type { MysqlPacket } from './mysql-packets.ts';
import { Refused } from './refused.ts';

const MORE_RESULTS = 0x0008;
const CURSOR_EXISTS = 0x0040;

type Expecting = 'first' | 'columns' | 'columnsEnd' | 'rows' | 'parameters' | 'parametersEnd';

/** Follows one reply from its first packet to its last. */
export class ReplyReader {
  rows = 0;
  bytes = 0;
  text = '';
  error: string | undefined;
  /** Id of the statement that a PREPARE made. */
  statement: number | undefined;
  /** The last packet completed a row. */
  wasRow = false;
  #form: ReplyForm;
  #agreed: Agreed;
  #expecting: Expecting = 'first';
  #columns = 0;
  #left = 0;

  constructor(form: ReplyForm, agreed: Agreed) {
    this.#form = form;
    this.#agreed = agreed;
    if (form === 'rows') this.#expecting = 'rows';
    if (form === 'columns') this.#left = Number.POSITIVE_INFINITY;
    if (form === 'columns') this.#expecting = 'columns';
  }

  /** Takes the next packet; true where it ends the reply. */
  take(packet: MysqlPacket): boolean {
    const { payload } = packet;
    this.bytes += packet.bytes;
    this.wasRow = false;
    if (payload[0] === 0xff) {
      if (integer(payload, 1, 2) === 0xffff) return false; // a progress report of MariaDB
      this.error = errorText(payload);
      this.text = this.error;
      return true;
    }
    if (this.#expecting === 'first') return this.#first(packet);
    if (this.#expecting === 'rows') return this.#row(packet);
    if (this.#expecting === 'columnsEnd') return this.#columnsEnd(payload);
    if (this.#form === 'columns' && isEnd(packet, this.#agreed)) return true;
    if (this.#expecting === 'parametersEnd') return this.#afterParameters();
    this.#left -= 1;
    if (this.#left > 0) return false;
    const closed = !this.#agreed.deprecateEof;
    if (this.#expecting === 'parameters') {
      this.#expecting = 'parametersEnd';
      return closed ? false : this.#afterParameters();
    }
    this.#expecting = closed ? 'columnsEnd' : 'rows';
    return !closed && this.#form === 'prepare';
  }

  #first(packet: MysqlPacket): boolean {
    const { payload } = packet;
    if (this.#form === 'login') return payload[0] === 0;
    if (this.#form === 'status') return true;
    if (this.#form === 'prepare') return this.#prepared(payload);
    if (payload[0] === 0) return this.#ok(payload);
    if (payload[0] === 0xfb) throw new Refused('LOAD DATA LOCAL INFILE cannot be counted');
    const columns = lengthEncoded(payload, 0);
    if (!columns) throw new Refused('this is not the protocol of MySQL');
    this.#columns = columns.value;
    this.#left = columns.value;
    const described = !this.#agreed.cacheMetadata || payload[columns.end] !== 0;
    this.#expecting = described ? 'columns' : this.#agreed.deprecateEof ? 'rows' : 'columnsEnd';
    return false;
  }

  #ok(payload: Uint8Array): boolean {
    const affected = lengthEncoded(payload, 1);
    const inserted = lengthEncoded(payload, affected?.end ?? 1);
    this.text = `OK, ${affected?.value ?? 0} changed`;
    return this.#unlessMore(integer(payload, inserted?.end ?? 3, 2));
  }

  #unlessMore(status: number): boolean {
    if (!(status & MORE_RESULTS)) return true;
    this.#expecting = 'first';
    return false;
  }

  #columnsEnd(payload: Uint8Array): boolean {
    if (this.#form === 'prepare') return true;
    this.#expecting = 'rows';
    if (!(integer(payload, 3, 2) & CURSOR_EXISTS)) return false;
    this.text = 'cursor';
    return true;
  }

  #row(packet: MysqlPacket): boolean {
    const { payload } = packet;
    if (!isEnd(packet, this.#agreed)) {
      this.rows += 1;
      this.wasRow = true;
      return false;
    }
    this.text = `${this.rows} ${this.rows === 1 ? 'row' : 'rows'}`;
    if (!this.#agreed.deprecateEof) return this.#unlessMore(integer(payload, 3, 2));
    const affected = lengthEncoded(payload, 1);
    const inserted = lengthEncoded(payload, affected?.end ?? 1);
    return this.#unlessMore(integer(payload, inserted?.end ?? 3, 2));
  }

  #prepared(payload: Uint8Array): boolean {
    this.statement = integer(payload, 1, 4);
    this.#columns = integer(payload, 5, 2);
    const parameters = integer(payload, 7, 2);
    this.text = `statement ${this.statement}, ${parameters} ${parameters === 1 ? 'parameter' : 'parameters'}`;
    this.#left = parameters;
    this.#expecting = 'parameters';
    return parameters > 0 ? false : this.#afterParameters();
  }

  #afterParameters(): boolean {
    this.#expecting = 'columns';
    this.#left = this.#columns;
    return this.#columns === 0;
  }
}

/** Whether a packet ends rows or columns: an EOF, or the OK that takes its place. A long row may begin alike. */
function isEnd({ payload, length }: MysqlPacket, { deprecateEof }: Agreed): boolean {
  return payload[0] === 0xfe && length < (deprecateEof ? 0xffffff : 9);
}
