import { randomBytes } from 'node:crypto';
import type { StartRedisOptions } from './servers.ts';

/** Who may log in to a private Redis. */
export interface RedisUser {
  username: string;
  password: string;
}

export interface RedisUsers {
  /** Whom lab code is given. */
  student: RedisUser;
  /** Whom the kit itself uses: every right. */
  admin: RedisUser;
}

/** A password that nobody can guess: 32 hexadecimal digits. */
export function randomPassword(): string {
  return randomBytes(16).toString('hex');
}

/** Names of the users of a private Redis: nobody else's Redis has both. */
export const checkUserNames = { student: 'student', admin: 'judge' } as const;

/** The users of a fresh private Redis: `student` and `judge`, each with a random password. */
export function checkUsers(): RedisUsers {
  return {
    student: { username: checkUserNames.student, password: randomPassword() },
    admin: { username: checkUserNames.admin, password: randomPassword() },
  };
}

/**
 * Everything but administration. INFO, KEYS, FLUSHDB and SORT count as dangerous, and labs use them. `sanitize-payload` is
 * what ACL SETUSER's `reset` begins with too: a user who was put back (redis-rights.ts) then reads as before.
 */
export const studentRights =
  'sanitize-payload ~* &* +@all -@admin -@dangerous +info +keys +flushdb +sort +sort_ro';

/** What a Redis of the kit's may store, where its owner says nothing else. */
export const MAXMEMORY = '256mb';

const everyRight = 'sanitize-payload ~* &* +@all';

/**
 * The part of a redis.conf that every throw-away Redis of the kit has: no snapshots, no eviction, expiry events,
 * and no user but these.
 *
 * @example redisConfig(checkUsers(), { maxmemory: '64mb' })
 */
export function redisConfig(users: RedisUsers, options: StartRedisOptions = {}): string {
  const { fullRights = false, appendonly = false, maxmemory = MAXMEMORY } = options;
  const lines = [
    'save ""',
    `appendonly ${appendonly ? 'yes' : 'no'}`,
    `maxmemory ${maxmemory}`,
    // A cache may evict; a lab that lost a key to eviction would look wrong. See redis/redis.conf.
    'maxmemory-policy noeviction',
    'notify-keyspace-events Ex',
    // A looping Lua script: after this many milliseconds others get BUSY, and SCRIPT KILL works.
    'lua-time-limit 500',
    'loglevel warning',
    // One that is out of memory would need more for its report, and hang there for ever.
    'crash-log-enabled no',
    'crash-memcheck-enabled no',
    'user default off',
    `user ${users.admin.username} on >${users.admin.password} ${everyRight}`,
  ];
  if (users.student.username !== users.admin.username) {
    const rights = fullRights ? everyRight : studentRights;
    lines.push(`user ${users.student.username} on >${users.student.password} ${rights}`);
  }
  return `${lines.join('\n')}\n`;
}
