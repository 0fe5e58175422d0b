import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { RedisAddress } from '../../../kit/servers/address.ts';
import { findRedis, spawnRedis } from '../../../kit/servers/local/redis-program.ts';

/** A redis-server of a test's own, which can die and come back on the same socket. */
export interface RedisProcess {
  address: RedisAddress;
  /** Where its append-only file lies, below `appendonlydir`. */
  folder: string;
  /** For the test's own looks and changes; it reconnects. */
  client: Redis;
  /** Ends the server at once, as a power cut would. */
  kill(): Promise<void>;
  /** Starts it again: with what its append-only file holds, or empty. */
  start(options?: { empty?: boolean }): Promise<void>;
  /** Stops it from answering, without ending it; false lets it go on. */
  freeze(frozen: boolean): void;
  close(): Promise<void>;
}

export interface RedisProcessOptions {
  /** When what is appended is forced to the disk; default `always`. */
  appendfsync?: 'always' | 'everysec' | 'no';
  /** Of the server process, beside this one's own. */
  env?: Record<string, string>;
  /** As on its command line: `['--auto-aof-rewrite-percentage', '0']`. */
  settings?: readonly string[];
}

export async function startRedisProcess({
  appendfsync = 'always',
  env = {},
  settings = [],
}: RedisProcessOptions = {}): Promise<RedisProcess> {
  const program = findRedis()!;
  const folder = await mkdtemp(join(tmpdir(), 'storelab-redis-'));
  const path = join(folder, 'redis.sock');
  let server: ChildProcess | undefined;
  const client = new Redis({ path, retryStrategy: () => 20, maxRetriesPerRequest: null, lazyConnect: true });
  client.on('error', () => {});

  const start = async ({ empty = false } = {}) => {
    if (empty) await rm(join(folder, 'appendonlydir'), { recursive: true, force: true });
    const options = ['--port', '0', '--unixsocket', path, '--dir', folder, '--save', ''];
    const aof = ['--appendonly', 'yes', '--appendfsync', appendfsync];
    server = spawnRedis(program, [...options, ...aof, ...settings], {
      stdio: 'ignore',
      env: { ...process.env, ...env },
    });
    await client.ping();
  };
  const kill = async () => {
    const gone = once(server!, 'exit');
    server!.kill('SIGKILL');
    await gone;
  };
  await start();
  return {
    address: { path },
    folder,
    client,
    kill,
    start,
    freeze: (frozen) => void server!.kill(frozen ? 'SIGSTOP' : 'SIGCONT'),
    async close() {
      client.disconnect();
      if (server?.exitCode === null && server.signalCode === null) await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
