import type { Redis } from 'ioredis';

/** A stretch of time with one Redis. */
export interface Epoch {
  redis: Redis;
  /** A second connection, for looks that must not wait behind a lab's commands. */
  pulse: Redis;
  /** The bulk of the sync is done: a change writes itself, in its turn. */
  writable: boolean;
}

/** Ends a stretch: whatever is under way fails at once, and nothing of it can reach Redis later. */
export function cut(ended: Epoch | undefined): void {
  for (const client of ended ? [ended.redis, ended.pulse] : []) {
    client.disconnect();
    // Not even a goodbye to a server that may hang.
    client.stream?.destroy();
  }
}
