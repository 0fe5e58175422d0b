import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from './binaries.ts';
import { shellWord } from './keeper.ts';

/**
 * A Redis or Valkey server that this machine has. Its file may hold several programs and look at the name that it is
 * started under, so start it with `redisScript()` or `spawnRedis()` alone, never by its path.
 */
export interface RedisProgram {
  /** Absolute path of the file. */
  file: string;
  /** The name that makes it a server, where that is not the file's own: `'redis-server'`. */
  serverName?: string;
}

/**
 * `LAB_REDIS_SERVER` where it is set, else redis-server or valkey-server. Debian's `redis-tools` holds the
 * server too, as redis-check-rdb: one program that looks at the name it was started under. That package
 * enables no system service, as `redis-server` does, so it is what set-up installs.
 */
export function findRedis(): RedisProgram | undefined {
  const file = process.env.LAB_REDIS_SERVER || findProgram(['redis-server', 'valkey-server']);
  if (file) return { file };
  for (const flavour of ['redis', 'valkey']) {
    const tool = findProgram([`${flavour}-check-rdb`]);
    if (tool) return { file: realpathSync(tool), serverName: `${flavour}-server` };
  }
  return undefined;
}

/** What to call it in a message: `'redis-server'`, or the path of its file. */
export const redisName = ({ file, serverName }: RedisProgram): string => serverName ?? file;

/**
 * Lines of a keeper's `start.sh` (see startKept) that start the server. A shell cannot choose the name that a program
 * runs under, but it can make a link of that name, here in `folder`.
 *
 * @example redisScript({ file: '/usr/bin/redis-server' }, folder, ['--port', '0']) // "run '/usr/bin/redis-server' '--port' '0'\n"
 */
export function redisScript(
  { file, serverName }: RedisProgram,
  folder: string,
  args: readonly string[],
): string {
  const words = args.map(shellWord).join(' ');
  if (!serverName) return `run ${shellWord(file)} ${words}\n`;
  const link = shellWord(join(folder, serverName));
  return `ln -s ${shellWord(file)} ${link} && run ${link} ${words}\n`;
}

/** Starts the server as a child of this process. */
export function spawnRedis(
  { file, serverName }: RedisProgram,
  args: readonly string[],
  options: SpawnOptions,
): ChildProcess {
  return spawn(file, args, { ...options, ...(serverName && { argv0: serverName }) });
}
