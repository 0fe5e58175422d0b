import type { Duplex } from 'node:stream';
import { type FromRunner, lineReader, MAX_FRAME, type ToRunner } from './protocol.ts';

export interface ChannelEnds {
  /** A message of a known type; what it throws is a violation. */
  message(message: FromRunner, characters: number): void;
  /** The other side sent what no runner sends. Called once; nothing more is read. */
  violation(why: string): void;
}

/** The judge's end of the JSON lines. It reads own properties alone and believes nothing else. */
export class Channel {
  #stream: Duplex;
  #ends: ChannelEnds;

  constructor(stream: Duplex, ends: ChannelEnds) {
    this.#stream = stream;
    this.#ends = ends;
    stream.on('error', () => {}); // the process's own end says it
    stream.on(
      'data',
      lineReader(
        (message, characters) => this.#receive(message, characters),
        (why) => ends.violation(why),
      ),
    );
  }

  /** @throws Error for a message that is too large: the check's own mistake. */
  say(message: ToRunner): void {
    const line = JSON.stringify(message);
    if (line.length > MAX_FRAME) {
      throw new Error(`The check sends ${line.length} characters; at most ${MAX_FRAME} are allowed.`);
    }
    if (this.#stream.writable) this.#stream.write(`${line}\n`);
  }

  destroy(): void {
    this.#stream.destroy();
  }

  #receive(raw: unknown, characters: number): void {
    try {
      if (!raw || typeof raw !== 'object' || !Object.hasOwn(raw, 'type')) throw new Error('no type');
      this.#ends.message(raw as FromRunner, characters);
    } catch (error) {
      this.#ends.violation(error instanceof Error ? error.message : 'malformed');
    }
  }
}
