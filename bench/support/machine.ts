import { availableParallelism, loadavg, totalmem } from 'node:os';
import type { Servers } from '../../kit/servers/servers.ts';

/**
 * The line that every bench prints above its figures: what they were measured on, and how busy it was.
 *
 * @example machine(servers) // '2 cores, 24 GiB, Node 24.21.0, MariaDB 10.11.19 and Redis 7.0.15 (local); load 0.4'
 */
export function machine(servers?: Servers): string {
  const gib = Math.round(totalmem() / 2 ** 30);
  const parts = [`${availableParallelism()} cores`, `${gib} GiB`, `Node ${process.versions.node}`];
  if (servers) {
    const { mysqlVersion: m, redisVersion: r, source } = servers;
    parts.push(`${m.flavour} ${m.version} and ${r.flavour} ${r.version} (${source})`);
  }
  return `${parts.join(', ')}; load ${loadavg()[0]!.toFixed(1)}`;
}
