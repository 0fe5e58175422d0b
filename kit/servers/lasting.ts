import { ServersUnavailable } from './errors.ts';
import type { Servers } from './servers.ts';
import { urlsGiven } from './urls.ts';

/**
 * Servers that outlive this command: those that `MYSQL_URL` and `REDIS_URL` name, else those of a running `npm start`.
 *
 * @param what completes "No servers are running ": 'to load data into'
 * @throws ServersUnavailable NOTHING_RUNS where there are none, and what opening them throws.
 */
export async function lastingServers(what: string): Promise<Servers> {
  const [{ findServers }, { openServers }] = await Promise.all([
    import('./published.ts'),
    import('./open-servers.ts'),
  ]);
  if (urlsGiven() !== 'none') return openServers({ source: 'urls' });
  const found = await findServers();
  if (found) return found;
  throw new ServersUnavailable(
    'NOTHING_RUNS',
    `No servers are running ${what}: run \`npm start\` in another terminal first, or set MYSQL_URL and REDIS_URL.`,
  );
}
