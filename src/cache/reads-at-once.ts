import type { Redis } from 'ioredis';

/**
 * One GET for all who read a key in the same turn of the event loop. Each of them began before it was sent, so each gets what it
 * would have got by itself: no reply of anybody else can have come in between.
 *
 * @example await Promise.all([reads.get(redis, 'a'), reads.get(redis, 'a')]) // one GET
 */
export class ReadsAtOnce {
  #reads = new Map<string, Promise<string | null>>();

  get(redis: Redis, key: string): Promise<string | null> {
    const sent = this.#reads.get(key);
    if (sent) return sent;
    const read = redis.get(key);
    this.#reads.set(key, read);
    // Before anything is heard from outside.
    process.nextTick(() => this.#reads.delete(key));
    return read;
  }
}
