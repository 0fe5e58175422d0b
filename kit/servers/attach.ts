import { assembleServers } from './assemble-servers.ts';
import { privateMysqlOf } from './private-mysql.ts';
import { privateRedisOf } from './private-redis.ts';
import type { Servers, ServersDescription } from './servers.ts';

/**
 * The servers of another process of the same run. `close()` ends only what this process started: its private
 * servers.
 *
 * @example const servers = await attachServers(JSON.parse(process.env.SERVERS))
 */
export async function attachServers(description: ServersDescription): Promise<Servers> {
  return assembleServers(description, {
    startRedis: privateRedisOf(description),
    startMysql: privateMysqlOf(description),
    close: async () => {},
  });
}
