import type { Redis } from 'ioredis';
import { checkUserNames } from '../servers/redis-config.ts';
import { NotGradable } from './check-errors.ts';

/**
 * The student's user of a Redis that the judge started for itself. On any other there may be users of somebody else's.
 *
 * @param lacks what the check cannot do elsewhere: it ends the sentence of the error.
 * @throws NotGradable where the Redis is not the judge's own.
 * @example await studentOf(redis, 'it cannot be made to refuse a command') // 'student'
 */
export async function studentOf(redis: Redis, lacks: string): Promise<string> {
  const [me, users] = await Promise.all([redis.call('ACL', 'WHOAMI'), redis.call('ACL', 'USERS')]).catch(
    () => [undefined, []],
  );
  const { admin, student } = checkUserNames;
  if (me === admin && (users as string[]).includes(student)) return student;
  throw new NotGradable(`This Redis is not the judge's own, so ${lacks}.`);
}
