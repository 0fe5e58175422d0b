import { setTimeout as pause } from 'node:timers/promises';
import type { MysqlAddress, ServerVersion } from './address.ts';
import type { Patience } from './patience.ts';
import { unreachable } from './urls.ts';
import { readMysqlVersion } from './versions.ts';

/**
 * Asks a MySQL what it is, again and again: an application may be started before its database, as by `docker compose up`.
 *
 * @throws ServersUnavailable URL_UNREACHABLE after the last attempt, AbortError where it is ended.
 * @example await waitForMysql(address, { say: console.log }) // says 'Waiting for MySQL at 127.0.0.1:3306, attempt 1 of 30 (connect ECONNREFUSED).'
 */
export async function waitForMysql(
  address: MysqlAddress,
  { attempts = 30, delayMs = 2000, say, signal }: Patience,
): Promise<ServerVersion> {
  for (let attempt = 1; ; attempt++) {
    try {
      const version = await readMysqlVersion(address);
      if (attempt > 1) say('MySQL is ready.');
      return version;
    } catch (error) {
      const failed = unreachable('MySQL', address, error);
      if (attempt === attempts || !mayCome(error)) throw failed;
      say(`Waiting for MySQL, attempt ${attempt} of ${attempts}. ${failed.message.split(': start it')[0]}.`);
      await pause(delayMs, undefined, signal ? { signal } : {});
    }
  }
}

/** A wrong password or name stays wrong, however long one waits. */
const mayCome = (error: unknown): boolean => {
  const { code = '' } = error as { code?: string };
  return !/^ER_(ACCESS_DENIED|DBACCESS_DENIED|BAD_DB|NOT_SUPPORTED_AUTH)/.test(code);
};
