import type { Redis } from 'ioredis';
import { clientIds } from './clients.ts';

/**
 * Counts the connections to Redis that were made from now on and are still open. Those that end meanwhile do not matter.
 *
 * @example
 * const opened = await newClients(redis);
 * await lab.runFlusher(stopped, { everyMs: 20 });
 * await until(async () => (await opened()) === 0, 2_000);
 */
export async function newClients(redis: Redis): Promise<() => Promise<number>> {
  const before = new Set(await clientIds(redis));
  return async () => (await clientIds(redis)).filter((id) => !before.has(id)).length;
}
