import type { ServerVersion } from './address.ts';
import type { Patience } from './patience.ts';
import type { StartedServers } from './servers.ts';
import { unreachable } from './urls.ts';
import { readRedisVersion } from './versions.ts';
import { waitForMysql } from './wait-for-mysql.ts';

/** Waits for MySQL; a Redis that is away is said, and has no version. */
export async function patientVersions(
  { mysql, redis }: Pick<StartedServers, 'mysql' | 'redis'>,
  patience: Patience,
): Promise<[ServerVersion, ServerVersion]> {
  const mysqlVersion = await waitForMysql(mysql, patience);
  const redisVersion = await readRedisVersion(redis).catch((error): ServerVersion => {
    const { message } = unreachable('Redis', redis, error);
    patience.say(
      `${message.split(': start it')[0]}. Going on without it: everything comes from MySQL until it answers.`,
    );
    return { flavour: 'Redis', version: 'that does not answer' };
  });
  return [mysqlVersion, redisVersion];
}
