// Another right way: each page asks for the next, and the connection is ended with QUIT.
import type { Redis } from 'ioredis';
import type {
  DeploymentItem,
  DeploymentOptions,
  DiagnoseOptions,
  DomainMemory,
  Finding,
  KeyMemory,
  StatsReading,
} from '../../../src/contracts/operations.ts';
import type { LabContext } from '../../../src/lab/context.ts';

type Ctx = Pick<LabContext, 'redis'>;

/** All fields of INFO: one command. */
async function infoOf(redis: Redis): Promise<Map<string, string>> {
  const lines = (await redis.info()).split(/\r?\n/).filter((line) => line.includes(':'));
  return new Map(lines.map((line) => line.split(/:(.*)/s, 2) as [string, string]));
}

const readingOf = (info: Map<string, string>): StatsReading => ({
  runId: info.get('run_id')!,
  hits: Number(info.get('keyspace_hits')),
  misses: Number(info.get('keyspace_misses')),
});

export async function readStats({ redis }: Ctx): Promise<StatsReading> {
  return readingOf(await infoOf(redis));
}

export async function hitRate(
  _ctx: Ctx,
  { before, after }: { before: StatsReading; after: StatsReading },
): Promise<number | null> {
  const fresh = after.runId !== before.runId || after.hits < before.hits || after.misses < before.misses;
  const hits = after.hits - (fresh ? 0 : before.hits);
  const reads = hits + after.misses - (fresh ? 0 : before.misses);
  return reads === 0 ? null : hits / reads;
}


/** One page, then the pages after it. */
async function keysOf(redis: Redis, cursor = '0', seen = new Map<string, number>()): Promise<Map<string, number>> {
  const [next, page] = await redis.scan(cursor, 'COUNT', 800);
  if (page.length > 0) {
    const weighing = redis.pipeline();
    for (const key of page) weighing.call('MEMORY', 'USAGE', key, 'SAMPLES', '0');
    const replies = (await weighing.exec()) ?? [];
    for (const [n, [error, bytes]] of replies.entries()) {
      if (error) throw error;
      if (bytes) seen.set(page[n]!, bytes as number);
    }
  }
  return next === '0' ? seen : keysOf(redis, next, seen);
}

const byName = (a: string, b: string) => (a < b ? -1 : 1);
const largestFirst = (a: KeyMemory, b: KeyMemory) => b.bytes - a.bytes || byName(a.key, b.key);

export async function memoryReport(
  { redis }: Ctx,
  { biggest = 3 }: { biggest?: number } = {},
): Promise<DomainMemory[]> {
  const domains = new Map<string, KeyMemory[]>();
  let total = 0;
  for (const [key, weight] of await keysOf(redis)) {
    const one = { key, bytes: weight };
    const domain = one.key.split(':', 1)[0]!;
    if (!domains.has(domain)) domains.set(domain, []);
    domains.get(domain)!.push(one);
    total += one.bytes;
  }
  const rows = [...domains].map(([domain, keys]) => {
    const bytes = keys.reduce((sum, key) => sum + key.bytes, 0);
    const sorted = keys.sort(largestFirst).slice(0, biggest);
    return { domain, keys: keys.length, bytes, share: bytes / total, biggest: sorted };
  });
  return rows.sort((a, b) => b.bytes - a.bytes || byName(a.domain, b.domain));
}


/** A connection like this one, with that login, which does not try again. Ends with the work. */
async function apart<T>(redis: Redis, login: object, work: (own: Redis, said: () => string) => Promise<T>) {
  const own = redis.duplicate({ ...login, lazyConnect: true, enableReadyCheck: false, retryStrategy: () => null });
  let last = '';
  own.on('error', (error) => {
    last = error.message;
  });
  try {
    return await work(own, () => last);
  } finally {
    await own.quit().catch(() => own.disconnect());
  }
}

const nobody = { username: undefined, password: undefined };

export async function diagnose({ redis }: Ctx, options: DiagnoseOptions = {}): Promise<Finding[]> {
  const login = options.login ? { ...nobody, ...options.login } : {};
  return apart(redis, login, async (own, said) => {
    try {
      return await look(own, options);
    } catch (error) {
      const { name, message } = error as Error;
      if (name !== 'ReplyError') return [{ trouble: 'unreachable', evidence: { error: said() || message } }];
      if (message.startsWith('NOAUTH')) return [{ trouble: 'no-password', evidence: { error: message } }];
      if (message.startsWith('WRONGPASS')) return [{ trouble: 'wrong-password', evidence: { error: message } }];
      throw error;
    }
  });
}

async function look(redis: Redis, { slowMs = 10, bigKeyBytes = 1_000_000 }: DiagnoseOptions): Promise<Finding[]> {
  const info = await infoOf(redis);
  const slow = (await redis.slowlog('GET', -1)) as [number, number, number, string[]][];
  const findings: Finding[] = [];
  const number = (name: string) => Number(info.get(name));

  const [maxmemory, policy] = [number('maxmemory'), info.get('maxmemory_policy')!];
  const refused = Number(/\d+/.exec(info.get('errorstat_OOM') ?? '0'));
  if (refused > 0) findings.push({ trouble: 'full', evidence: { refused, maxmemory, policy } });

  const evicted = number('evicted_keys');
  if (evicted > 0) findings.push({ trouble: 'evicting', evidence: { evicted, policy } });

  const { hits, misses } = readingOf(info);
  if (hits + misses >= 100 && hits < misses)
    findings.push({ trouble: 'low-hit-rate', evidence: { hits, misses } });

  const slowest = slow.reduce((most, entry) => (entry[2] > most[2] ? entry : most), [0, 0, -1, ['']]);
  if (slowest[2] >= slowMs * 1000) {
    const evidence = { command: slowest[3][0]!.toUpperCase(), micros: slowest[2] };
    findings.push({ trouble: 'slow-command', evidence });
  }

  const weighed = [...(await keysOf(redis))].map(([key, bytes]) => ({ key, bytes }));
  const biggest = weighed.sort(largestFirst)[0];
  if (biggest && biggest.bytes >= bigKeyBytes) findings.push({ trouble: 'big-key', evidence: { ...biggest } });
  return findings;
}


export async function checkDeployment(
  { redis }: Ctx,
  { minimum = '7.2', afterDays = 7 }: DeploymentOptions = {},
): Promise<DeploymentItem[]> {
  const info = await infoOf(redis);
  const config = new Map<string, string>();
  for (const pattern of ['maxmemory', 'save', 'appendonly', 'slowlog-*']) {
    const flat = (await redis.config('GET', pattern)) as string[];
    for (let i = 0; i < flat.length; i += 2) config.set(flat[i]!, flat[i + 1]!);
  }
  const version = info.get('redis_version')!;
  const { hits, misses } = readingOf(info);
  const aged = Number(info.get('uptime_in_seconds')) >= afterDays * 86_400;
  const open = await letsAnybodyIn(redis);
  const log = Number(config.get('slowlog-log-slower-than')) < 0 ? 'slowlog-log-slower-than' : 'slowlog-max-len';
  const logs = log === 'slowlog-max-len' && config.get(log) !== '0';
  const saves = config.get('save') !== '' || config.get('appendonly') === 'yes';

  type Line = [verdict: DeploymentItem['verdict'], change: string];
  const demand = (holds: boolean, change: string): Line => [holds ? 'passed' : 'failed', change];
  const ask = (change: string): Line => ['cannot-tell', change];
  const lines: Line[] = [
    demand(isAtLeast(version, minimum), `Upgrade: this is Redis ${version}, not ${minimum} or newer.`),
    demand(config.get('maxmemory') !== '0', 'Set maxmemory in redis.conf.'),
    demand(!open, 'Set requirepass, or switch the default user off: anybody gets in.'),
    demand(true, ''),
    ask('Look into the application: does it use the cache service?'),
    ask('Run the tests of the cache service.'),
    demand(logs, `Set ${log} in redis.conf, so that slow commands are kept.`),
    saves
      ? ask('Look for a copy on another machine, and restore it once.')
      : demand(false, 'Set save or appendonly in redis.conf: a restart loses everything.'),
    ask('Send more requests than the API allows: are they refused?'),
    ask('Look at the log of the application: does it hold lines of INFO?'),
    aged && hits + misses > 0
      ? demand(hits / (hits + misses) > 0.7, 'Find the cause of the misses: time to live, invalidation, keys, data nobody reads.')
      : ask('Come back when Redis has been in use for long enough.'),
  ];
  return lines.map(([verdict, change], i) => ({
    number: i + 1,
    verdict,
    change: verdict === 'passed' ? '' : change,
  }));
}

function isAtLeast(version: string, minimum: string): boolean {
  const [have, want] = [version, minimum].map((text) => text.split('.').map(Number)) as [number[], number[]];
  for (const [i, least] of want.entries()) if ((have[i] ?? 0) !== least) return (have[i] ?? 0) > least;
  return true;
}

/** Whether a connection that gives no password is answered. */
const letsAnybodyIn = (redis: Redis): Promise<boolean> =>
  apart(redis, nobody, async (own) => {
    try {
      await own.ping();
      return true;
    } catch (error) {
      if (!(error as Error).message.startsWith('NOAUTH')) throw error;
      return false;
    }
  });
