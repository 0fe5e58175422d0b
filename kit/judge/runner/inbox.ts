import { callbackNumbers } from './callbacks.ts';
import type { FromRunner, ToRunner } from './protocol.ts';
import { thrownThere } from './sentences.ts';
import type { StudentError } from './student-error.ts';
import { decode, encode } from './value.ts';

/** Something that waits for the runner, to be settled once. */
export interface Waiting {
  resolve(value?: unknown): void;
  reject(error: Error): void;
}

/** The most strays that are kept: a loop of them must not fill the judge's memory. */
const MAX_STRAYS = 20;

/** So many of them are no mistake of a student's, but a flood. */
const FLOOD = 1_000;

/** What the judge waits for from one runner, and what it does with each message that comes. */
export class Inbox {
  /** What the student's module exports, by `typeof`. */
  readonly exports: Record<string, string> = {};
  readonly calls = new Map<number, Waiting>();
  /** Answers to a ping or a reset, by its number. */
  readonly signs = new Map<number, (message: FromRunner) => void>();
  readonly callbacks = callbackNumbers();
  readonly strays: StudentError[] = [];
  loading: Waiting | undefined;
  /** Whether the runner came to load the student's file: an end before that is not the student's. */
  prepared = false;
  /** When it came up, by `performance.now()`. */
  startedAt = 0;
  /** Commands that were on their way when the last call returned; none where it threw. */
  unanswered: string[] = [];
  #strayed = 0;
  #source: string;
  #say: (message: ToRunner) => void;
  #violation: (why: string) => void;
  #tooMuch: (sentence: string) => void;

  /** @param source the student's file, for lines. */
  constructor(
    source: string,
    ends: { say(message: ToRunner): void; violation(why: string): void; tooMuch(sentence: string): void },
  ) {
    this.#source = source;
    this.#say = ends.say;
    this.#violation = ends.violation;
    this.#tooMuch = ends.tooMuch;
  }

  /** @throws Error for a message that no runner sends: a violation. */
  take(message: FromRunner, characters: number): void {
    if (message.type === 'started') {
      if (this.startedAt > 0) throw new Error('it was started already');
      this.startedAt = performance.now();
    } else if (message.type === 'prepared') {
      if (this.prepared) throw new Error('it was prepared already');
      this.prepared = true;
    } else if (message.type === 'opened' || message.type === 'refused') {
      const loading = taken(this.loading, 'it was loaded already');
      this.loading = undefined;
      if (message.type === 'refused') {
        loading.reject(thrownThere('cannot load', message.error, this.#source));
        return;
      }
      for (const [name, kind] of Object.entries(message.exports)) this.exports[name] = String(kind);
      loading.resolve();
    } else if (message.type === 'returned' || message.type === 'threw') {
      const call = taken(this.calls.get(message.id), 'a reply to a call that was not made');
      this.calls.delete(message.id);
      if (message.type === 'returned') {
        this.unanswered = Array.isArray(message.unanswered) ? message.unanswered.map(String) : [];
        call.resolve(decode(message.value));
      } else {
        // What a call before it left in the queue may have been this one's: of a call that throws nothing is asked.
        this.unanswered = [];
        call.reject(thrownThere('throw', message.error, this.#source));
      }
    } else if (message.type === 'callback') {
      taken(this.calls.get(message.call), 'a callback of a call that is over');
      const excess = this.callbacks.tooMuch(characters);
      if (excess) {
        this.#tooMuch(excess);
        return;
      }
      this.#answer(message).catch((error) => this.#violation(String(error?.message)));
    } else if (message.type === 'stray') {
      if (++this.#strayed > FLOOD) throw new Error(`more than ${FLOOD} errors that nobody awaited`);
      if (this.strays.length < MAX_STRAYS)
        this.strays.push(thrownThere('stray', message.error, this.#source));
    } else if (message.type === 'pong' || message.type === 'done') {
      const sign = taken(this.signs.get(message.id), 'an answer to nothing');
      this.signs.delete(message.id);
      sign(message);
    } else throw new Error('an unknown message');
  }

  async #answer({ id, ref, args }: Extract<FromRunner, { type: 'callback' }>): Promise<void> {
    if (!Number.isSafeInteger(id) || !Array.isArray(args)) throw new Error('a malformed callback');
    const given = args.map((arg) => decode(arg));
    const reply = await this.callbacks.run(ref, given);
    this.#say(
      'error' in reply
        ? { type: 'answer', id, error: reply.error }
        : { type: 'answer', id, value: encode(reply.value) },
    );
  }
}

function taken<T>(found: T | undefined, otherwise: string): T {
  if (found === undefined) throw new Error(otherwise);
  return found;
}
