import type { Redis } from 'ioredis';

/** The connections to one Redis, from connecting until one of them fails. They are never connected again. */
export interface ConnectionGeneration {
  redis: Redis;
  /** A second connection, for looks that must not wait behind a lab's commands. */
  pulse: Redis;
  /** The bulk of the sync is done: a change writes itself, under its lock. */
  writable: boolean;
}

/** Ends a generation: whatever is under way fails at once, and nothing of it can reach Redis later. */
export function cut(ended: ConnectionGeneration | undefined): void {
  for (const client of ended ? [ended.redis, ended.pulse] : []) {
    client.disconnect();
    // Not even a goodbye to a server that may hang.
    client.stream?.destroy();
  }
}
