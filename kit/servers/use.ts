import { findServers } from './published.ts';
import type { OpenOptions, Servers } from './servers.ts';
import { urlsGiven } from './urls.ts';

/**
 * The servers of a running `npm start` where there is one, else servers of this process's own. What is asked for wins over
 * a running `npm start`: a source (`options`, `LAB_SERVERS`), or servers by their addresses (`MYSQL_URL`, `REDIS_URL`).
 *
 * @throws ServersUnavailable
 * @example const servers = await useServers({ onStep: console.log })
 */
export async function useServers(options: OpenOptions = {}): Promise<Servers> {
  const wanted = options.source ?? process.env.LAB_SERVERS;
  const named = urlsGiven() !== 'none' && (!wanted || wanted === 'urls');
  const found = named ? undefined : await findServers();
  if (found && (!wanted || wanted === found.source)) {
    options.onStep?.('Using the servers of the running `npm start`.');
    return found;
  }
  return (await import('./open-servers.ts')).openServers(options);
}
