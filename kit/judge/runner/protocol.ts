import { StringDecoder } from 'node:string_decoder';
import type { MysqlAddress, RedisAddress } from '../../servers/address.ts';

/** The longest line that may cross, in characters. A longer one ends the runner. */
export const MAX_FRAME = 1 << 20;

/** An error as it crosses: never an instance, only what a sentence needs. */
export interface PlainError {
  name: string;
  message: string;
  code?: string;
  /** The stack as the runner printed it, source-mapped by Node, at most 4,000 characters. */
  stack?: string;
  /** The command that Redis refused, where it is such an error: `HGETALL demo:t`. */
  refused?: string;
  /** What its `cause` and `errors` say (`reasons.ts`): `['Error: connect ECONNREFUSED ::1:6379']`. */
  reasons?: string[];
}

/** Where a runner's clients connect to: the taps. */
export interface RunnerServers {
  redis: RedisAddress;
  mysql: MysqlAddress;
  /** The server behind the tap: the client's login depends on how the tap reaches it. */
  mysqlBehindTap: MysqlAddress;
}

/** What the judge tells the runner. */
export type ToRunner =
  /** `watched`: with the watchdog, which can say on what line an endless loop stands. */
  | { type: 'open'; file: string; servers: RunnerServers; now: number; watched: boolean }
  | { type: 'call'; id: number; name: string; args: unknown[] }
  | { type: 'answer'; id: number; value?: unknown; error?: PlainError }
  | { type: 'clock'; now: number }
  | { type: 'reset'; id: number; now: number; database: string }
  | { type: 'ping'; id: number }
  /** To be answered once each Redis client that was cut off is connected again. */
  | { type: 'reconnect'; id: number };

/** What the runner tells the judge. Nothing of it is believed without a look. */
export type FromRunner =
  /** It is up. */
  | { type: 'started' }
  /** It is shut in and loads the student's file next: up to here no student code has run. */
  | { type: 'prepared' }
  | { type: 'opened'; exports: Record<string, string> }
  | { type: 'refused'; error: PlainError }
  /** `unanswered`: names of commands that were still on their way, at most ten. */
  | { type: 'returned'; id: number; value: unknown; unanswered: string[] }
  | { type: 'threw'; id: number; error: PlainError }
  | { type: 'callback'; id: number; call: number; ref: number; args: unknown[] }
  | { type: 'stray'; error: PlainError }
  | { type: 'done'; id: number }
  | { type: 'pong'; id: number; waiting: string[] };

/**
 * Cuts a byte stream into JSON lines. A line over `MAX_FRAME`, or one that is not JSON, is told to `broken` and
 * nothing more is read.
 */
export function lineReader(
  onMessage: (message: unknown, characters: number) => void,
  broken: (why: string) => void,
) {
  const decoder = new StringDecoder('utf8');
  let parts: string[] = [];
  let held = 0;
  let dead = false;
  const fail = (why: string) => {
    dead = true;
    parts = [];
    broken(why);
  };
  return (chunk: Buffer): void => {
    if (dead) return;
    const lines = decoder.write(chunk).split('\n');
    for (const [i, text] of lines.entries()) {
      if (dead) return;
      parts.push(text);
      held += text.length;
      if (held > MAX_FRAME) fail(`a message of more than ${MAX_FRAME} characters`);
      if (dead || i === lines.length - 1) return;
      const line = parts.join('');
      parts = [];
      held = 0;
      let message: unknown;
      try {
        message = JSON.parse(line);
      } catch {
        fail('a line that is not JSON');
        return;
      }
      onMessage(message, line.length);
    }
  };
}
