const HEADER = 4;
/** A packet of this length goes on in the next one. */
const FULL = 0xffffff;
/** So much of a packet that arrives in pieces is kept. */
const KEPT = 1024;

/** A whole MySQL packet, however many pieces it came in; valid only until the next one is asked for. */
export interface MysqlPacket {
  /** The payload's beginning: all of it, or at least its first 1024 bytes. */
  payload: Uint8Array;
  /** The payload's whole length. */
  length: number;
  /** With headers. */
  bytes: number;
  /** Sequence id of its last piece. */
  sequence: number;
  /** Where it ended in its chunk. */
  end: number;
}

/**
 * Cuts a stream into MySQL packets, joins those of 16 MB and more, and keeps no more than the beginning of each that
 * a chunk does not hold whole. Chunks may end anywhere.
 */
export class MysqlPackets {
  #header = Buffer.alloc(HEADER);
  #headerLength = 0;
  #left = 0;
  #goesOn = false;
  #kept = Buffer.allocUnsafe(KEPT);
  #keptLength = 0;
  #length = 0;
  #bytes = 0;

  /** Whether a packet has begun and not ended. */
  get inside(): boolean {
    return this.#headerLength > 0 || this.#bytes > 0;
  }

  /** The packets that end in the next chunk of the stream. Who leaves the loop early leaves the rest of it unread. */
  *packets(chunk: Uint8Array): Generator<MysqlPacket> {
    let at = 0;
    while (at < chunk.length) {
      if (this.#headerLength < HEADER) {
        if (this.#bytes === 0 && this.#headerLength === 0) {
          const whole = wholePacket(chunk, at);
          if (whole) {
            at = whole.end;
            yield whole;
            continue;
          }
        }
        this.#header[this.#headerLength++] = chunk[at++]!;
        if (this.#headerLength < HEADER) continue;
        this.#left = this.#header.readUIntLE(0, 3);
        this.#goesOn = this.#left === FULL;
        this.#length += this.#left;
        this.#bytes += HEADER + this.#left;
      } else {
        const taken = Math.min(this.#left, chunk.length - at);
        const kept = Math.min(taken, KEPT - this.#keptLength);
        if (kept > 0) this.#kept.set(chunk.subarray(at, at + kept), this.#keptLength);
        this.#keptLength += kept;
        this.#left -= taken;
        at += taken;
      }
      const ended = this.#left === 0 ? this.#pieceEnded(at) : undefined;
      if (ended) yield ended;
    }
  }

  #pieceEnded(end: number): MysqlPacket | undefined {
    this.#headerLength = 0;
    if (this.#goesOn) return undefined;
    const packet: MysqlPacket = {
      payload: this.#kept.subarray(0, this.#keptLength),
      length: this.#length,
      bytes: this.#bytes,
      sequence: this.#header[3]!,
      end,
    };
    this.#keptLength = 0;
    this.#length = 0;
    this.#bytes = 0;
    return packet;
  }
}

/** The fast path: the packet that begins here and lies whole in the chunk; undefined where it does not. */
function wholePacket(chunk: Uint8Array, at: number): MysqlPacket | undefined {
  if (chunk.length - at < HEADER) return undefined;
  const length = chunk[at]! | (chunk[at + 1]! << 8) | (chunk[at + 2]! << 16);
  const end = at + HEADER + length;
  if (length === FULL || end > chunk.length) return undefined;
  const payload = chunk.subarray(at + HEADER, end);
  return { payload, length, bytes: HEADER + length, sequence: chunk[at + 3]!, end };
}
