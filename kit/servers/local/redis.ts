import { join } from 'node:path';
import type { RedisAddress } from '../address.ts';
import { type RedisUsers, redisConfig } from '../redis-config.ts';
import type { StartRedisOptions } from '../servers.ts';
import type { Binary } from './binaries.ts';
import { type KeptServer, shellWord, startKept } from './keeper.ts';

/** A local Redis, on a Unix socket alone. */
export interface LocalRedis extends KeptServer {
  student: RedisAddress;
  admin: RedisAddress;
}

/**
 * Starts a private redis-server or valkey-server with these users. Ready in about 20 ms.
 *
 * @throws ServersUnavailable SERVER_FAILED
 */
export async function startLocalRedis(
  binary: Binary,
  users: RedisUsers,
  options: StartRedisOptions = {},
): Promise<LocalRedis> {
  const server = await startKept((folder) => ({
    name: binary.argv0 ?? binary.path,
    socket: 'redis.sock',
    timeoutMs: 10_000,
    files: {
      'redis.conf': [
        'port 0',
        `unixsocket ${JSON.stringify(join(folder, 'redis.sock'))}`,
        'unixsocketperm 700',
        `dir ${JSON.stringify(folder)}`,
        redisConfig(users, options),
      ].join('\n'),
      'start.sh': startScript(binary, folder),
    },
  }));
  return {
    ...server,
    student: { path: server.socket, ...users.student },
    admin: { path: server.socket, ...users.admin },
  };
}

/** A shell cannot choose the name that a program runs under, but it can make a link of that name. */
function startScript({ path, argv0 }: Binary, folder: string): string {
  const config = shellWord(join(folder, 'redis.conf'));
  if (!argv0) return `run ${shellWord(path)} ${config}\n`;
  const link = shellWord(join(folder, argv0));
  return `ln -s ${shellWord(path)} ${link} && run ${link} ${config}\n`;
}
