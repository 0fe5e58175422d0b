import Table from 'cli-table3';
import pc from 'picocolors';
import type { CacheStats, RedisFigures } from '../../../src/cache/cache-stats.ts';

/**
 * The figures as a terminal shows them: hit rates by what is kept, then the server, as the document prints it.
 *
 * @param of a game's figures, or the server's alone.
 * @param noGame where no game answered, its address.
 */
export function statsText(of: CacheStats | { redis: RedisFigures }, noGame?: string): string {
  const parts =
    'domains' in of
      ? [hitRates(of), calls(of)]
      : [`No game answers at ${noGame}: ./lab serve market opens one.`];
  return [...parts, of.redis ? server(of.redis) : pc.red('Redis does not answer.')].join('\n\n');
}

function hitRates({ domains, ...all }: CacheStats): string {
  const table = new Table({
    head: ['kept', 'hits', 'misses', 'hit rate'],
    style: { head: [], border: [] },
    colAligns: ['left', 'right', 'right', 'right'],
  });
  for (const [name, { hits, misses, hitRate }] of Object.entries({ ...domains, 'all but sessions': all }))
    table.push([name, hits.toLocaleString('en'), misses.toLocaleString('en'), percent(hitRate)]);
  return table.toString();
}

const percent = (rate: number | null): string => {
  if (rate === null) return 'nothing read';
  const text = `${rate.toFixed(2)} %`;
  return rate < 50 ? pc.yellow(text) : text;
};

const calls = ({ writes, refusedWrites, invalidated, pendingDeletions, failures }: CacheStats): string =>
  lines({
    'Values written': `${n(writes)}, refused ${n(refusedWrites)}`,
    'Keys invalidated': `${n(invalidated)}, pending ${n(pendingDeletions)}`,
    'Calls that failed': n(failures),
  });

const server = (redis: RedisFigures): string =>
  lines({
    'Connected clients': n(redis.connectedClients),
    'Memory used': `${redis.usedMemoryHuman}, at most so far ${redis.usedMemoryPeakHuman}`,
    'Commands processed': n(redis.totalCommandsProcessed),
    'Hits of the server': `${n(redis.keyspaceHits)} of ${n(redis.keyspaceHits + redis.keyspaceMisses)} reads of keys, by everybody`,
    Uptime: `${(redis.uptimeInSeconds / 3600).toFixed(1)} h`,
    Version: redis.redisVersion,
  });

const n = (count: number): string => count.toLocaleString('en');

const lines = (rows: Readonly<Record<string, string>>): string =>
  Object.entries(rows)
    .map(([name, value]) => `  ${name.padEnd(20)}${value}`)
    .join('\n');
