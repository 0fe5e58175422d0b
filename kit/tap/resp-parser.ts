import { Refused } from './refused.ts';
import { RespNesting } from './resp-nesting.ts';
import * as types from './resp-types.ts';
import { TextCapture } from './text-capture.ts';

/** One whole RESP value at the top level: a request, a reply or a push. */
export interface RespValue {
  /** The type byte: `*`, `$`, `+`, `-`, `:`, `>`, `%` and so on. */
  type: string;
  /** Elements of an aggregate (a map of 2 has 4), 0 for others, -1 for a null. */
  count: number;
  /** The first leaves, each shortened: `['HSET', 'order:1', 'total_amount', '1999.99']`. */
  texts: string[];
  /** The first error found in it, at the top or inside (an EXEC's reply). */
  error: string | undefined;
  bytes: number;
  /** Where it ended in its chunk. */
  end: number;
}

const TYPE = 0;
const NUMBER = 1;
const LINE = 2;
const BODY = 3;
const bodies = new Set([types.STRING, types.VERBATIM, types.LONG_ERROR]);
const LEAVES = 12;
const MAX_ARGUMENTS = 1024 * 1024;
const MAX_STRING_BYTES = 512 * 1024 * 1024;

/**
 * Cuts a stream of RESP2 or RESP3 into values, byte by byte, so that chunks may end anywhere. Long strings are skipped,
 * not kept. With `requests` it takes what clients send: arrays of strings, and nothing else.
 */
export class RespParser {
  #requests: boolean;
  #state = TYPE;
  #type = 0;
  #number = 0;
  #digits = 0;
  #negative = false;
  #body = 0;
  #capturing = false;
  #text = new TextCapture();
  #open = new RespNesting();
  /** An attribute stood before the value that comes. */
  #described = false;
  #passed = 0;
  #start = 0;
  #top = 0;
  #count = 0;
  #texts: string[] = [];
  #error: string | undefined;

  constructor(mode: 'requests' | 'replies') {
    this.#requests = mode === 'requests';
  }

  /** Whether a value has begun and not ended. */
  get inside(): boolean {
    return this.#state !== TYPE || this.#open.depth > 0 || this.#described;
  }

  /**
   * The values that end in the next chunk of the stream. Who leaves the loop early, or gets an error, leaves the rest of
   * the chunk unread: the parser is then of no more use.
   *
   * @throws Refused
   * @example [...new RespParser('requests').values(Buffer.from('*1\r\n$4\r\nPING\r\n'))][0].texts // ['PING']
   */
  *values(chunk: Uint8Array): Generator<RespValue> {
    const length = chunk.length;
    let at = 0;
    while (at < length) {
      let ended: RespValue | undefined;
      if (this.#state === BODY) {
        const taken = Math.min(this.#body, length - at);
        if (this.#capturing && this.#body > 2)
          this.#text.add(chunk, at, at + Math.min(taken, this.#body - 2));
        at += taken;
        this.#body -= taken;
        if (this.#body === 0) ended = this.#leaf(at);
      } else if (this.#state === NUMBER) {
        const byte = chunk[at++]!;
        if (byte >= 48 && byte <= 57 && this.#digits < 15) {
          this.#number = this.#number * 10 + byte - 48;
          this.#digits += 1;
        } else if (byte === 45 && this.#digits === 0 && !this.#negative) this.#negative = true;
        else if (byte === 10 && this.#digits > 0) ended = this.#header(at);
        else if (byte !== 13 || this.#digits === 0) this.#fail('a length is not a number');
      } else if (this.#state === LINE) {
        const newline = chunk.indexOf(10, at);
        const until = newline < 0 ? length : newline;
        if (this.#capturing) this.#text.add(chunk, at, until);
        at = until;
        if (newline >= 0) ended = this.#leaf(++at);
      } else this.#begin(chunk[at]!, at++);
      if (ended) yield ended;
    }
    this.#passed += length;
  }

  #begin(type: number, at: number): void {
    if (this.#open.depth === 0) {
      if (!this.#described) this.#start = this.#passed + at;
      this.#described = false;
      this.#texts = [];
      this.#error = undefined;
      this.#count = 0;
      this.#top = type;
      if (this.#requests && type !== types.ARRAY) {
        throw new Refused(type === 22 ? 'TLS cannot be counted' : 'inline commands cannot be counted');
      }
    } else if (this.#requests && type !== types.STRING) this.#fail('a request is an array of strings');
    this.#type = type;
    this.#capturing = false;
    if (types.WITH_LENGTH.has(type)) {
      this.#state = NUMBER;
      this.#number = 0;
      this.#digits = 0;
      this.#negative = false;
    } else if (types.LINES.has(type)) {
      this.#state = LINE;
      this.#capture();
    } else this.#fail(`no RESP type begins with ${JSON.stringify(String.fromCharCode(type))}`);
  }

  #capture(): void {
    this.#capturing = this.#texts.length < LEAVES || this.#isError();
    this.#text.start();
  }

  #isError(): boolean {
    return this.#error === undefined && (this.#type === types.ERROR || this.#type === types.LONG_ERROR);
  }

  /** The line with a length ended at `end`, and maybe a value with it. */
  #header(end: number): RespValue | undefined {
    const length = this.#negative ? -1 : this.#number;
    const isString = bodies.has(this.#type);
    if (
      this.#requests &&
      (length > (isString ? MAX_STRING_BYTES : MAX_ARGUMENTS) || (isString && length < 0))
    ) {
      this.#fail('invalid length');
    }
    if (isString && length >= 0) {
      this.#state = BODY;
      this.#body = length + 2;
      this.#capture();
      return undefined;
    }
    this.#state = TYPE;
    const attribute = this.#type === types.ATTRIBUTE;
    const elements = attribute || this.#type === types.MAP ? length * 2 : length;
    if (this.#open.depth === 0) this.#count = elements;
    if (elements > 0) {
      this.#open.begin(elements, attribute);
    } else if (!attribute) {
      if (length < 0 && this.#texts.length < LEAVES) this.#texts.push('nil');
      return this.#complete(end);
    }
    return undefined;
  }

  /** A string, number or other leaf ended at `end`. */
  #leaf(end: number): RespValue | undefined {
    this.#state = TYPE;
    if (this.#capturing) {
      const text =
        this.#type === types.NULL ? 'nil' : this.#text.end({ line: !types.WITH_LENGTH.has(this.#type) });
      if (this.#isError()) this.#error = text;
      if (this.#texts.length < LEAVES) this.#texts.push(text);
    }
    return this.#complete(end);
  }

  #complete(end: number): RespValue | undefined {
    const around = this.#open.end();
    if (around === 'described') this.#described = true;
    if (around !== 'whole') return undefined;
    if (this.#requests && this.#count <= 0) return undefined;
    return {
      type: String.fromCharCode(this.#top),
      count: this.#count,
      texts: this.#texts,
      error: this.#error,
      bytes: this.#passed + end - this.#start,
      end,
    };
  }

  #fail(why: string): never {
    throw new Refused(`this is not the protocol of Redis (${why})`);
  }
}
