import { claimDatabase } from './claim-database.ts';
import { startContainerPrivateRedis } from './containers/start-private-redis.ts';
import { startLocalPrivateRedis } from './local.ts';
import type { PrivateRedis, ServersDescription, StartRedisOptions } from './servers.ts';

/** How a private Redis comes about beside these servers: a process, a container, or a logical database. */
export function privateRedisOf({
  source,
  redis,
}: ServersDescription): (options: StartRedisOptions) => Promise<PrivateRedis> {
  if (source === 'containers') return startContainerPrivateRedis;
  if (source === 'local') return startLocalPrivateRedis;
  return () => claimDatabase(redis);
}
