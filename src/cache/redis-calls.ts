import type { Redis } from 'ioredis';
import { CallLog } from './call-log.ts';
import { isRefusal, isTrouble, messageOf } from './redis-trouble.ts';

/** Thrown in place of a miss or a refused write where the caller asked for strictness. */
export class CacheUnavailable extends Error {
  override name = 'CacheUnavailable';
  readonly code = 'CACHE_UNAVAILABLE';
}

/** Of every call of the service. */
export interface CallOptions {
  /** Throw CacheUnavailable where Redis fails; default false: a read is then a miss, and a write is refused. */
  strict?: boolean;
}

export interface RedisCallsOptions {
  redis: Redis;
  /** How long a call may wait, ms. */
  timeoutMs: number;
  /** Told of what a person should know. */
  log(sentence: string): void;
  /** Every call is strict. */
  strict?: boolean;
}

/** So many failures in a row, and calls stop waiting for Redis; */
const FAILURES = 3;
/** after so long, one call tries again, ms. */
const PAUSE_MS = 500;
/** The connection is lost, and ioredis is looking for another. */
const lost = ['close', 'reconnecting', 'end'];

/**
 * Asks Redis, and never longer than `timeoutMs`. A failure is counted and logged, and what the caller says stands in
 * its place. After three failures in a row calls fail at once, without waiting, and every half second one tries anew:
 * a slow Redis costs a request milliseconds, not a time-out for each thing that it asks.
 */
export class RedisCalls {
  readonly redis: Redis;
  readonly timeoutMs: number;
  /** Calls that Redis did not answer, or answered with an error. */
  failures = 0;
  #log: CallLog;
  #strict: boolean;
  #inARow = 0;
  #pausedUntil = 0;

  constructor({ redis, timeoutMs, log, strict = false }: RedisCallsOptions) {
    this.redis = redis;
    this.timeoutMs = timeoutMs;
    this.#log = new CallLog(log);
    this.#strict = strict;
  }

  /** Whether it is worth asking: the connection stands and calls are not paused. */
  get reachable(): boolean {
    return !lost.includes(this.redis.status) && performance.now() >= this.#pausedUntil;
  }

  /**
   * The reply, or `otherwise` where there is none in time.
   *
   * @param what for the log and the error: 'GET env:current'
   * @throws CacheUnavailable where the call or the service is strict
   */
  async ask<T, F>(
    what: string,
    send: (redis: Redis) => Promise<T>,
    options: CallOptions & { otherwise: F; timeoutMs?: number },
  ): Promise<T | F> {
    try {
      if (!this.reachable) throw new Error('Connection is lost, or calls are paused.');
      // One call tries; the others fail at once until it is back.
      if (this.#inARow >= FAILURES) this.#pausedUntil = performance.now() + PAUSE_MS;
      const reply = await this.#inTime(send(this.redis), options.timeoutMs ?? this.timeoutMs);
      this.#answered();
      return reply;
    } catch (error) {
      this.failed(what, error);
      if (options.strict ?? this.#strict)
        throw new CacheUnavailable(`Redis failed at ${what}: ${messageOf(error)}`, { cause: error });
      return options.otherwise;
    }
  }

  /** Counts and logs a failure. */
  failed(what: string, error: unknown): void {
    this.failures++;
    const message = messageOf(error);
    if (!isTrouble(error)) {
      this.#answered();
      this.#log.once(
        what,
        message,
        isRefusal(error) ? `Redis refused ${what}: ${message}` : `${what} went wrong: ${message}`,
      );
      return;
    }
    this.#log.unreachable(what, message);
    this.#inARow++;
    if (this.#inARow >= FAILURES && this.reachable) this.#pausedUntil = performance.now() + PAUSE_MS;
  }

  /** Says that a lab's function is a stub: nothing has failed. */
  notWritten(what: string, error: unknown): void {
    const message = messageOf(error);
    this.#log.once(what, message, `${what} is not written yet (${message}): the cache does without it.`);
  }

  /** Ends the client; what is asked afterwards fails. */
  async close(): Promise<void> {
    await this.ask('QUIT', (redis) => redis.quit(), { otherwise: null, strict: false });
    this.redis.disconnect();
  }

  #answered(): void {
    this.#inARow = 0;
    this.#pausedUntil = 0;
    this.#log.answered();
  }

  #inTime<T>(reply: Promise<T>, timeoutMs: number): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`Command timed out after ${timeoutMs} ms`)), timeoutMs);
      reply.then(resolve, reject).finally(() => clearTimeout(timer)); // a reply that comes too late is nobody's
    });
  }
}
