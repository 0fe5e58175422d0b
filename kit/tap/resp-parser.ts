import { Refused } from './refused.ts';
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
  /** Where it ended in the chunk that was pushed. */
  end: number;
}

const TYPE = 0;
const NUMBER = 1;
const LINE = 2;
const BODY = 3;
const WITH_LENGTH = new Set(Buffer.from('*$%~>|=!'));
const LINES = new Set(Buffer.from('+-:,(#_'));
const LEAVES = 12;
const MOST_ARGUMENTS = 1024 * 1024;
const LONGEST_STRING = 512 * 1024 * 1024;

/**
 * Cuts a stream of RESP2 or RESP3 into values, byte by byte, so that chunks may end anywhere. Long strings are skipped,
 * not kept. With `requests` it takes what clients send: arrays of strings, and nothing else.
 *
 * @throws Refused from `push` at anything else; the parser is then of no more use.
 */
export class RespParser {
  #requests: boolean;
  #onValue: (value: RespValue) => void;
  #state = TYPE;
  #type = 0;
  #number = 0;
  #digits = 0;
  #negative = false;
  #body = 0;
  #capturing = false;
  #text = new TextCapture();
  /** Elements still to come, of each aggregate that is open; an attribute's are negative. */
  #open: number[] = [];
  #attributes: boolean[] = [];
  /** An attribute stood before the value that comes. */
  #described = false;
  #passed = 0;
  #start = 0;
  #top = 0;
  #count = 0;
  #texts: string[] = [];
  #error: string | undefined;

  constructor(mode: 'requests' | 'replies', onValue: (value: RespValue) => void) {
    this.#requests = mode === 'requests';
    this.#onValue = onValue;
  }

  /** Whether a value has begun and not ended. */
  get inside(): boolean {
    return this.#state !== TYPE || this.#open.length > 0 || this.#described;
  }

  push(chunk: Uint8Array): void {
    const length = chunk.length;
    let at = 0;
    while (at < length) {
      if (this.#state === BODY) {
        const taken = Math.min(this.#body, length - at);
        if (this.#capturing && this.#body > 2)
          this.#text.add(chunk, at, at + Math.min(taken, this.#body - 2));
        at += taken;
        this.#body -= taken;
        if (this.#body === 0) this.#leaf(at);
      } else if (this.#state === NUMBER) {
        const byte = chunk[at++]!;
        if (byte >= 48 && byte <= 57 && this.#digits < 15) {
          this.#number = this.#number * 10 + byte - 48;
          this.#digits += 1;
        } else if (byte === 45 && this.#digits === 0 && !this.#negative) this.#negative = true;
        else if (byte === 10 && this.#digits > 0) this.#header(at);
        else if (byte !== 13 || this.#digits === 0) this.#fail('a length is not a number');
      } else if (this.#state === LINE) {
        const newline = chunk.indexOf(10, at);
        const until = newline < 0 ? length : newline;
        if (this.#capturing) this.#text.add(chunk, at, until);
        at = until;
        if (newline >= 0) this.#leaf(++at);
      } else this.#begin(chunk[at]!, at++);
    }
    this.#passed += length;
  }

  #begin(type: number, at: number): void {
    if (this.#open.length === 0) {
      if (!this.#described) this.#start = this.#passed + at;
      this.#described = false;
      this.#texts = [];
      this.#error = undefined;
      this.#count = 0;
      this.#top = type;
      if (this.#requests && type !== 42) {
        throw new Refused(type === 22 ? 'TLS cannot be counted' : 'inline commands cannot be counted');
      }
    } else if (this.#requests && type !== 36) this.#fail('a request is an array of strings');
    this.#type = type;
    this.#capturing = false;
    if (WITH_LENGTH.has(type)) {
      this.#state = NUMBER;
      this.#number = 0;
      this.#digits = 0;
      this.#negative = false;
    } else if (LINES.has(type)) {
      this.#state = LINE;
      this.#capture();
    } else this.#fail(`no RESP type begins with ${JSON.stringify(String.fromCharCode(type))}`);
  }

  #capture(): void {
    this.#capturing = this.#texts.length < LEAVES || this.#isError();
    this.#text.start();
  }

  #isError(): boolean {
    return this.#error === undefined && (this.#type === 45 || this.#type === 33);
  }

  /** The line with a length ended at `end`. */
  #header(end: number): void {
    const length = this.#negative ? -1 : this.#number;
    const isString = this.#type === 36 || this.#type === 61 || this.#type === 33;
    if (
      this.#requests &&
      (length > (isString ? LONGEST_STRING : MOST_ARGUMENTS) || (isString && length < 0))
    ) {
      this.#fail('invalid length');
    }
    if (isString && length >= 0) {
      this.#state = BODY;
      this.#body = length + 2;
      this.#capture();
      return;
    }
    this.#state = TYPE;
    const elements = this.#type === 37 || this.#type === 124 ? length * 2 : length;
    const attribute = this.#type === 124;
    if (this.#open.length === 0) this.#count = elements;
    if (elements > 0) {
      this.#open.push(elements);
      this.#attributes.push(attribute);
    } else if (!attribute) {
      if (length < 0 && this.#texts.length < LEAVES) this.#texts.push('nil');
      this.#complete(end);
    }
  }

  /** A string, number or other leaf ended at `end`. */
  #leaf(end: number): void {
    this.#state = TYPE;
    if (this.#capturing) {
      const text = this.#type === 95 ? 'nil' : this.#text.end({ line: !WITH_LENGTH.has(this.#type) });
      if (this.#isError()) this.#error = text;
      if (this.#texts.length < LEAVES) this.#texts.push(text);
    }
    this.#complete(end);
  }

  #complete(end: number): void {
    for (;;) {
      const level = this.#open.length - 1;
      if (level < 0) break;
      const left = this.#open[level]! - 1;
      this.#open[level] = left;
      if (left > 0) return;
      this.#open.pop();
      // An attribute stands before a value: it is no element itself.
      if (this.#attributes.pop()) {
        this.#described = this.#open.length === 0;
        return;
      }
    }
    if (this.#requests && this.#count <= 0) return;
    this.#onValue({
      type: String.fromCharCode(this.#top),
      count: this.#count,
      texts: this.#texts,
      error: this.#error,
      bytes: this.#passed + end - this.#start,
      end,
    });
  }

  #fail(why: string): never {
    throw new Refused(`this is not the protocol of Redis (${why})`);
  }
}
