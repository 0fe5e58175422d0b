import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { createConnection } from 'mysql2/promise';
import { rootFolder } from '../../base/root.ts';
import { mysqlClientOptions, redisClientOptions } from '../../servers/clients.ts';
import type { Servers } from '../../servers/servers.ts';

/** Files that hostile submissions try to write bear this in their names. */
const MARK = 'storelab-hostile';
const KEY = 'storelab:attack:canary';

/** What of a machine and its servers hostile submissions must not have changed, as lines that can be compared. */
export interface Traces {
  files: string[];
  redis: string[];
  mysql: string[];
}

/**
 * Looks at what attacks could leave or destroy: files that bear their mark, the keys of the shared
 * Redis, schemas and users of the shared MySQL but for those of the checks.
 *
 * @example (await lookForTraces(servers)).files // []
 */
export async function lookForTraces(servers: Servers): Promise<Traces> {
  const [redis, mysql] = await Promise.all([redisTraces(servers), mysqlTraces(servers)]);
  return { files: markedFiles(), redis, mysql };
}

/** Puts a key into the shared Redis, so that a flush would be seen. @returns what takes it away. */
export async function layCanary(servers: Servers): Promise<() => Promise<void>> {
  const redis = new Redis(redisClientOptions(servers.redis));
  redis.on('error', () => {});
  await redis.set(KEY, 'alive');
  return async () => {
    await redis.del(KEY).catch(() => {});
    redis.disconnect();
  };
}

/** How long a runner that is of use to somebody may live at most, ms: what is left behind lives on. */
const LIFE_MS = 120_000;

/**
 * The runners of this checkout that nobody ends: of those that run now, the ones that still do after two minutes. Other
 * proofs beside this one have runners of their own, which end by themselves.
 */
export async function runnersLeft(): Promise<string[]> {
  let left = runnerProcesses();
  for (const until = performance.now() + LIFE_MS; left.length > 0 && performance.now() < until; ) {
    await pause(200);
    const now = new Set(runnerProcesses());
    left = left.filter((one) => now.has(one));
  }
  return left;
}

/** Runners of this checkout that run, by the name of their program's file. */
function runnerProcesses(): string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
        const ours = words.some((word) => word.startsWith(join(rootFolder(), '.lab', 'cache', 'runner-')));
        return ours ? [`${pid}: ${words[0]}`] : [];
      } catch {
        return []; // it has ended
      }
    });
}

function markedFiles(): string[] {
  const root = rootFolder();
  const folders = [
    tmpdir(),
    '/tmp',
    '/dev/shm',
    '/',
    homedir(),
    root,
    dirname(root),
    join(root, 'labs'),
    join(root, '.lab'),
  ];
  return [...new Set(folders)]
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder)
        .filter((name) => name.includes(MARK))
        .map((name) => join(folder, name)),
    );
}

async function redisTraces(servers: Servers): Promise<string[]> {
  const redis = new Redis(redisClientOptions(servers.redis));
  redis.on('error', () => {});
  try {
    return (await redis.keys('*')).sort();
  } finally {
    redis.disconnect();
  }
}

async function mysqlTraces(servers: Servers): Promise<string[]> {
  const mysql = await createConnection(mysqlClientOptions(servers.mysql));
  try {
    const [schemas] = await mysql.query('SELECT schema_name AS name FROM information_schema.schemata');
    const names = (schemas as { name: string }[]).map(({ name }) => name);
    return names.filter((name) => !name.startsWith('storelab_check_')).sort();
  } finally {
    mysql.destroy();
  }
}
