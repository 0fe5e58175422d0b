import type { Redis } from 'ioredis';
import { userArguments } from './redis-rights.ts';

/** Users with their rights, and settings, as Redis tells them. */
interface Settings {
  users: string[];
  config: Record<string, string>;
}

/**
 * Remembers the users and the settings of a server that is ours alone, to put them back later.
 *
 * @returns what puts back whatever has changed since, some 0.5 ms where nothing has.
 * @example
 * const putBack = await rememberSettings(redis);
 * await redis.config('SET', 'maxmemory', '1');
 * await putBack();
 */
export async function rememberSettings(redis: Redis): Promise<() => Promise<void>> {
  const before = await settingsOf(redis);
  return async () => {
    const now = await settingsOf(redis);
    const name = (line: string) => userArguments(line)[0];
    const known = new Set(before.users.map(name));
    for (const line of now.users) if (!known.has(name(line))) await redis.call('ACL', 'DELUSER', name(line));
    for (const line of before.users)
      if (!now.users.includes(line)) await redis.call('ACL', 'SETUSER', ...userArguments(line));
    for (const [key, value] of Object.entries(before.config))
      if (now.config[key] !== value) await redis.config('SET', key, value);
  };
}

async function settingsOf(redis: Redis): Promise<Settings> {
  const [users, config] = await Promise.all([redis.call('ACL', 'LIST'), redis.config('GET', '*')]);
  return { users: users as string[], config: pairs(config as string[]) };
}

/** @example pairs(['port', '0', 'dir', '/tmp']) // { port: '0', dir: '/tmp' } */
function pairs(flat: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i], flat[2 * i + 1]]),
  );
}
