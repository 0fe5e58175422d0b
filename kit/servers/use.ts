import { findServers } from './published.ts';
import type { OpenOptions, Servers } from './servers.ts';

/**
 * The servers of a running `npm start` where there is one, else servers of this process's own. A source that
 * `options` or `LAB_SERVERS` asks for is respected: published servers of another source are passed over.
 *
 * @throws ServersUnavailable
 * @example const servers = await useServers({ onStep: console.log })
 */
export async function useServers(options: OpenOptions = {}): Promise<Servers> {
  const wanted = options.source ?? process.env.LAB_SERVERS;
  const found = await findServers();
  if (found && (!wanted || wanted === found.source)) {
    options.onStep?.('Using the servers of the running `npm start`.');
    return found;
  }
  return (await import('./open-servers.ts')).openServers(options);
}
