// Another right way: one script a page names the keys and weighs them, INFO a section at a time in a pipeline.
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
type Redis = LabContext['redis'];

const field = (info: string, name: string) => new RegExp(`^${name}:(.*?)\r?$`, 'm').exec(info)?.[1] ?? '';

async function sections(redis: Redis, ...names: string[]): Promise<string> {
  const pipeline = redis.pipeline();
  for (const name of names) pipeline.info(name);
  const replies = (await pipeline.exec()) ?? [];
  for (const [error] of replies) if (error) throw error;
  return replies.map(([, text]) => text).join('');
}

const statsOf = (info: string): StatsReading => ({
  runId: field(info, 'run_id'),
  hits: +field(info, 'keyspace_hits'),
  misses: +field(info, 'keyspace_misses'),
});

export async function readStats({ redis }: Ctx): Promise<StatsReading> {
  return statsOf(await sections(redis, 'server', 'stats'));
}

export async function hitRate(
  _: Ctx,
  { before, after }: { before: StatsReading; after: StatsReading },
): Promise<number | null> {
  const goesOn = after.runId === before.runId && after.hits >= before.hits && after.misses >= before.misses;
  const base = goesOn ? before : { hits: 0, misses: 0 };
  const [hits, misses] = [after.hits - base.hits, after.misses - base.misses];
  return hits + misses ? hits / (hits + misses) : null;
}

const PAGE = `
local page = redis.call('SCAN', ARGV[1], 'COUNT', 500)
local flat = { page[1] }
for _, key in ipairs(page[2]) do
  local bytes = redis.call('MEMORY', 'USAGE', key, 'SAMPLES', '0')
  if bytes then flat[#flat + 1] = key; flat[#flat + 1] = bytes end
end
return flat`;

async function weighed(redis: Redis): Promise<Map<string, number>> {
  const keys = new Map<string, number>();
  let cursor = '0';
  do {
    const [next, ...flat] = (await redis.eval(PAGE, 0, cursor)) as [string, ...(string | number)[]];
    for (let i = 0; i < flat.length; i += 2) keys.set(String(flat[i]), Number(flat[i + 1]));
    cursor = next;
  } while (cursor !== '0');
  return keys;
}

const sorted = (keys: Iterable<[string, number]>): KeyMemory[] =>
  [...keys]
    .map(([key, bytes]) => ({ key, bytes }))
    .sort((a, b) => (a.bytes === b.bytes ? (a.key < b.key ? -1 : 1) : b.bytes - a.bytes));

export async function memoryReport({ redis }: Ctx, { biggest = 3 } = {}): Promise<DomainMemory[]> {
  const rows = new Map<string, DomainMemory>();
  let total = 0;
  for (const one of sorted(await weighed(redis))) {
    const domain = /^[^:]*/.exec(one.key)![0];
    const row = rows.get(domain) ?? { domain, keys: 0, bytes: 0, share: 0, biggest: [] };
    rows.set(domain, row);
    row.keys++;
    row.bytes += one.bytes;
    total += one.bytes;
    if (row.biggest.length < biggest) row.biggest.push(one);
  }
  for (const row of rows.values()) row.share = row.bytes / total;
  return [...rows.values()].sort((a, b) => b.bytes - a.bytes || (a.domain < b.domain ? -1 : 1));
}

export async function diagnose({ redis }: Ctx, options: DiagnoseOptions = {}): Promise<Finding[]> {
  const { login } = options;
  const as = login ? { username: login.username, password: login.password } : {};
  const own = redis.duplicate({ ...as, lazyConnect: true, enableReadyCheck: false, retryStrategy: () => null });
  const errors: Error[] = [];
  own.on('error', (error) => errors.push(error));
  try {
    return await seen(own, options);
  } catch (caught) {
    const error = caught as Error;
    const known = { NOAUTH: 'no-password', WRONGPASS: 'wrong-password' } as const;
    const code = error.message.split(' ')[0] as keyof typeof known;
    if (code in known) return [{ trouble: known[code], evidence: { error: error.message } }];
    if (error.name === 'ReplyError') throw error;
    return [{ trouble: 'unreachable', evidence: { error: (errors[0] ?? error).message } }];
  } finally {
    own.disconnect();
  }
}

async function seen(redis: Redis, { slowMs = 10, bigKeyBytes = 1e6 }: DiagnoseOptions): Promise<Finding[]> {
  const info = await sections(redis, 'server', 'stats', 'memory', 'errorstats');
  const log = (await redis.call('SLOWLOG', 'GET', '100000')) as [number, number, number, string[]][];
  const [top] = sorted(await weighed(redis));
  const policy = field(info, 'maxmemory_policy');
  const [maxmemory = 0, evicted = 0] = ['maxmemory', 'evicted_keys'].map((name) => +field(info, name));
  const refused = +field(info, 'errorstat_OOM').replace('count=', '');
  const { hits, misses } = statsOf(info);
  const [slowest] = log.sort((a, b) => b[2] - a[2]);
  const found: (Finding | false | undefined)[] = [
    refused > 0 && { trouble: 'full', evidence: { refused, maxmemory, policy } },
    evicted > 0 && { trouble: 'evicting', evidence: { evicted, policy } },
    hits + misses > 99 && hits / (hits + misses) < 0.5 && { trouble: 'low-hit-rate', evidence: { hits, misses } },
    slowest && slowest[2] / 1000 >= slowMs && {
      trouble: 'slow-command',
      evidence: { command: slowest[3][0]!.toUpperCase(), micros: slowest[2] },
    },
    top && top.bytes >= bigKeyBytes && { trouble: 'big-key', evidence: { key: top.key, bytes: top.bytes } },
  ];
  return found.filter((one) => !!one);
}

export async function checkDeployment({ redis }: Ctx, options: DeploymentOptions = {}): Promise<DeploymentItem[]> {
  const { minimum = '7.2', afterDays = 7 } = options;
  const info = await sections(redis, 'server', 'stats');
  const flat = (await redis.config('GET', '*')) as string[];
  const set = (name: string) => flat[flat.indexOf(name) + 1];
  const stranger = redis.duplicate({
    username: undefined,
    password: undefined,
    lazyConnect: true,
    enableReadyCheck: false,
    retryStrategy: () => null,
  });
  stranger.on('error', () => {});
  const open = await stranger.call('INFO', 'server').then(
    () => true,
    (error: Error) => {
      if (/^NOAUTH/.test(error.message)) return false;
      throw error;
    },
  );
  stranger.disconnect();
  const { hits, misses } = statsOf(info);
  const part = (text: string) => text.split('.').reduce((sum, n, i) => sum + Number(n) * 1e4 ** (2 - i), 0);
  const off = Number(set('slowlog-log-slower-than')) < 0;
  const kept = set('slowlog-max-len') !== '0';
  const early = +field(info, 'uptime_in_seconds') / 86_400 < afterDays || hits + misses === 0;
  const unknown = 'Ask whoever runs the application.';
  const verdicts: (boolean | null)[] = [
    part(field(info, 'redis_version')) >= part(minimum),
    set('maxmemory') !== '0',
    !open,
    true,
    null,
    null,
    !off && kept,
    set('save') || set('appendonly') === 'yes' ? null : false,
    null,
    null,
    early ? null : hits / (hits + misses) > 0.7,
  ];
  const change: Record<number, string> = {
    1: 'Upgrade Redis.',
    2: 'Set maxmemory.',
    3: 'Set a password.',
    7: off ? 'Set slowlog-log-slower-than.' : 'Set slowlog-max-len.',
    8: 'Set save, and keep a copy.',
    11: 'See why reads miss.',
  };
  return verdicts.map((passed, i) => ({
    number: i + 1,
    verdict: passed === null ? 'cannot-tell' : passed ? 'passed' : 'failed',
    change: passed ? '' : (change[i + 1] ?? unknown),
  }));
}
