import { assembleServers } from './assemble.ts';
import { startLocal, startLocalPrivateRedis } from './local.ts';
import type { OpenOptions, Servers } from './servers.ts';
import { readMysqlVersion, readRedisVersion } from './versions.ts';

export async function openServers(_options: OpenOptions = {}): Promise<Servers> {
  const started = await startLocal();
  const [mysqlVersion, redisVersion] = await Promise.all([
    readMysqlVersion(started.mysql),
    readRedisVersion(started.redis),
  ]);
  const { mysql, redis, close } = started;
  const why = 'mariadbd and redis-server are on PATH.';
  return assembleServers(
    { source: 'local', why, mysql, mysqlVersion, redis, redisVersion },
    { startRedis: startLocalPrivateRedis, close },
  );
}
