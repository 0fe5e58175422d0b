import { assembleServers } from './assemble-servers.ts';
import { privateRedisOf } from './private-redis.ts';
import type { Servers, ServersDescription } from './servers.ts';

/**
 * The servers of another process of the same run. `close()` ends only what this process started: its private
 * Redis servers.
 *
 * @example const servers = await attachServers(JSON.parse(process.env.SERVERS))
 */
export async function attachServers(description: ServersDescription): Promise<Servers> {
  return assembleServers(description, {
    startRedis: privateRedisOf(description),
    close: async () => {},
  });
}
