import { both, closeBoth } from './both.ts';
import { ServersUnavailable } from './errors.ts';
import { flusher } from './flush.ts';
import { findMysql } from './local/binaries.ts';
import { startLocalMysql } from './local/mysql.ts';
import { startLocalRedis } from './local/redis.ts';
import { findRedis } from './local/redis-program.ts';
import { sweepKept } from './local/sweep.ts';
import { checkUsers, randomPassword } from './redis-config.ts';
import type { PrivateMysql, PrivateRedis, StartedServers, StartRedisOptions } from './servers.ts';
import { readRedisVersion } from './versions.ts';

/**
 * Starts private server processes, both at once. They end with this process, however it ends; what others left behind whose
 * keeper was killed is removed meanwhile.
 *
 * @throws ServersUnavailable BINARY_MISSING, SERVER_FAILED
 */
export async function startLocal(): Promise<StartedServers> {
  const [mysqlBinary, redisProgram] = [findMysql(), findRedis()];
  if (!mysqlBinary) throw missing('mysqld or mariadbd');
  if (!redisProgram) throw missing('redis-server or valkey-server');
  const swept = sweepKept().catch(() => {}); // what another start removes at the same time
  const owner = { username: 'storelab', password: randomPassword() };
  const servers = await both(
    startLocalMysql(mysqlBinary),
    startLocalRedis(redisProgram, { student: owner, admin: owner }, { maxmemory: '2gb' }),
  );
  await swept;
  const [mysql, redis] = servers;
  return { mysql: mysql.address, redis: redis.admin, close: () => closeBoth(servers) };
}

/**
 * Starts a private Redis for checks, ready in about 20 ms.
 *
 * @throws ServersUnavailable BINARY_MISSING, SERVER_FAILED
 */
export async function startLocalPrivateRedis(options: StartRedisOptions): Promise<PrivateRedis> {
  const program = findRedis();
  if (!program) throw missing('redis-server or valkey-server');
  const server = await startLocalRedis(program, checkUsers(), options);
  const { flush, close } = flusher(server.admin, 'server');
  return {
    address: server.student,
    admin: server.admin,
    scope: 'server',
    version: await readRedisVersion(server.admin),
    flush,
    ended: server.ended,
    close: async () => {
      close();
      await server.close();
    },
  };
}

/**
 * Starts a private MySQL for checks: some 100 MB of memory, and 0.5 s where the machine has time for it.
 *
 * @throws ServersUnavailable BINARY_MISSING, SERVER_FAILED
 */
export async function startLocalPrivateMysql(): Promise<PrivateMysql> {
  const program = findMysql();
  if (!program) throw missing('mysqld or mariadbd');
  const { address, ended, close } = await startLocalMysql(program);
  return { address, ended, close };
}

function missing(programs: string): ServersUnavailable {
  return new ServersUnavailable(
    'BINARY_MISSING',
    `No ${programs} on PATH: run \`LAB_SERVERS=local npm start\`, which installs it, or set MYSQL_URL and REDIS_URL.`,
  );
}
