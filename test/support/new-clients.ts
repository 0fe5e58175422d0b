import type { Redis } from 'ioredis';

const idsOf = async (redis: Redis): Promise<string[]> =>
  [...String(await redis.client('LIST')).matchAll(/^id=(\d+)/gm)].map(([, id]) => id!);

/**
 * Counts the connections to Redis that were made from now on and are still open. Those that end meanwhile do not matter.
 *
 * @example
 * const opened = await newClients(redis);
 * await lab.runFlusher(stopped, { everyMs: 20 });
 * await until(async () => (await opened()) === 0, 2_000);
 */
export async function newClients(redis: Redis): Promise<() => Promise<number>> {
  const before = new Set(await idsOf(redis));
  return async () => (await idsOf(redis)).filter((id) => !before.has(id)).length;
}
