import { Redis, type RedisOptions } from 'ioredis';
import { atMost } from './at-most.ts';

/** The longest that `end` waits for connections to be closed, ms. */
const END_MS = 1000;

/** A client for a queue, and all connections that a queue made of it. */
export interface QueueClient {
  redis: Redis;
  /** Ends every one of them: what they had sent or were waiting for fails, also where Redis is away. */
  end(): Promise<void>;
}

/**
 * A client for BullMQ at the Redis of another client. Its commands have no time limit and wait for as long as Redis is
 * away: a worker waits for its next job in a command without an end. What a queue duplicates from it belongs to it, so
 * that `end` leaves none behind, whoever made it.
 *
 * @example
 * const queue = queueClient(redis);
 * const worker = new Worker('refresh', work, { connection: queue.redis });
 * await queue.end(); // although Redis stands still
 */
export function queueClient({ options }: Redis): QueueClient {
  const { commandTimeout: _, ...same } = options;
  const family = new Set<Endable>();
  // Where what was on its way is not sent again, a worker of BullMQ's never works again after a restart of Redis.
  const needed = { maxRetriesPerRequest: null, autoResendUnfulfilledCommands: true, lazyConnect: false };
  const redis = new Endable({ ...same, ...needed }, family);
  return {
    redis,
    async end() {
      await atMost(END_MS, Promise.all([...family].map((client) => client.ended())));
    },
  };
}

/**
 * ioredis leaves a client that is told to disconnect while it waits to connect again as it is, for ever: what was to be
 * sent is never refused, and 'end' never comes. Here the attempt that is due is the last one.
 */
class Endable extends Redis {
  #family: Set<Endable>;
  #ending = false;

  constructor(options: Omit<RedisOptions, 'replyMapping'>, family: Set<Endable>) {
    super({ ...options, disconnectTimeout: 100 });
    this.options.retryStrategy = (attempt) => (this.#ending ? null : Math.min(50 * attempt, 250));
    this.#family = family.add(this);
    this.on('error', () => {}); // the command that fails says so
    this.on('connect', () => this.#ending && super.disconnect());
    this.on('end', () => this.#family.delete(this));
  }

  override duplicate(override?: Partial<RedisOptions>): Redis {
    return new Endable({ ...this.options, ...override }, this.#family);
  }

  override disconnect(reconnect = false): void {
    if (!reconnect) this.#ending = true;
    if (reconnect || this.status !== 'reconnecting') super.disconnect(reconnect);
  }

  /** Disconnects, and resolves once it has ended. */
  ended(): Promise<void> {
    if (this.status === 'end') return Promise.resolve();
    const ended = new Promise<void>((resolve) => this.once('end', () => resolve()));
    this.disconnect();
    return ended;
  }
}
