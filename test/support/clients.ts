import type { Redis } from 'ioredis';

/**
 * Ids of the connections to the judge's logical database, the judge's own included. On a Redis that is not the judge's own,
 * other databases are those of others.
 *
 * @example await clientIds(redis) // ['3', '17']
 */
export async function clientIds(redis: Redis): Promise<string[]> {
  const db = redis.options.db ?? 0;
  const lines = String(await redis.client('LIST')).split('\n');
  return lines.flatMap((line) => {
    const id = /^id=(\d+)/.exec(line)?.[1];
    return id && Number(/ db=(\d+)/.exec(line)?.[1]) === db ? [id] : [];
  });
}
