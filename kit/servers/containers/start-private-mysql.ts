import type { PrivateMysql } from '../servers.ts';
import { requireEngine, startMysqlContainer } from './containers.ts';

/**
 * Starts a private MySQL in a container of its own.
 *
 * @throws ServersUnavailable NO_DOCKER, CONTAINER_FAILED
 */
export async function startContainerPrivateMysql(): Promise<PrivateMysql> {
  const { address, close } = await startMysqlContainer(await requireEngine());
  return { address, close };
}
