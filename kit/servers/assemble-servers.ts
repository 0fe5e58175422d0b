import type { PrivateRedis, Servers, ServersDescription, StartRedisOptions } from './servers.ts';

/**
 * Makes a Servers of its description and of the two things that each source does its own way. What
 * `startRedis()` started is closed with it.
 */
export function assembleServers(
  description: ServersDescription,
  source: { startRedis(options: StartRedisOptions): Promise<PrivateRedis>; close(): Promise<void> },
): Servers {
  const privates = new Set<PrivateRedis>();
  return {
    ...description,
    describe: () => structuredClone(description),
    async startRedis(options = {}) {
      const redis = await source.startRedis(options);
      const tracked: PrivateRedis = {
        ...redis,
        async close() {
          if (privates.delete(tracked)) await redis.close();
        },
      };
      privates.add(tracked);
      return tracked;
    },
    async close() {
      await Promise.all([...[...privates].map((redis) => redis.close()), source.close()]);
    },
  };
}
