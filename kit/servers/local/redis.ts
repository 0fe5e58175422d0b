import { join } from 'node:path';
import type { RedisAddress } from '../address.ts';
import { megabytes } from '../memory-size.ts';
import { MAXMEMORY, type RedisUsers, redisConfig } from '../redis-config.ts';
import type { StartRedisOptions } from '../servers.ts';
import { type KeptServer, startKept } from './keeper.ts';
import { memoryLimit } from './memory-limit.ts';
import { type RedisProgram, redisName, redisScript } from './redis-program.ts';

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
  program: RedisProgram,
  users: RedisUsers,
  options: StartRedisOptions = {},
): Promise<LocalRedis> {
  const server = await startKept((folder) => ({
    name: redisName(program),
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
      'start.sh': `${limitOf(options)}${redisScript(program, folder, [join(folder, 'redis.conf')])}`,
    },
  }));
  return {
    ...server,
    student: { path: server.socket, ...users.student },
    admin: { path: server.socket, ...users.admin },
  };
}

/**
 * `maxmemory` bounds what is stored; what scripts hold, and what is on its way to clients, comes on top. A Redis that gets no
 * more ends.
 */
function limitOf({ maxmemory = MAXMEMORY }: StartRedisOptions): string {
  const mb = megabytes(maxmemory);
  return mb ? memoryLimit(Math.ceil(2 * mb + 256)) : '';
}
