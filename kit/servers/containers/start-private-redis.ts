import { flusher } from '../flush.ts';
import { checkUsers } from '../redis-config.ts';
import type { PrivateRedis, StartRedisOptions } from '../servers.ts';
import { readRedisVersion } from '../versions.ts';
import { requireEngine, startRedisContainer } from './containers.ts';

/**
 * Starts a private Redis for checks in a container of its own.
 *
 * @throws ServersUnavailable NO_DOCKER, CONTAINER_FAILED
 */
export async function startContainerPrivateRedis(options: StartRedisOptions): Promise<PrivateRedis> {
  const users = checkUsers();
  const container = await startRedisContainer(await requireEngine(), users, options);
  const { host, port } = container;
  const admin = { host, port, ...users.admin };
  const { flush, close } = flusher(admin, 'server');
  return {
    address: { host, port, ...users.student },
    admin,
    scope: 'server',
    version: await readRedisVersion(admin),
    flush,
    async close() {
      close();
      await container.close();
    },
  };
}
