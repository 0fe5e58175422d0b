import type { Redis } from 'ioredis';
import { lineOf, userArguments } from '../servers/redis-rights.ts';
import { studentOf } from './redis-student.ts';

/**
 * Takes from the student's Redis user the commands of some categories while `work` runs, so that Redis answers each
 * with an error, in a pipeline too, and in a script.
 *
 * @throws NotGradable where the Redis is not the judge's to do so.
 * @example await withoutRights(redis, '-@hash', () => lab.getOrderById(1)) // rejects: NOPERM
 */
export async function withoutRights<T>(redis: Redis, rights: string, work: () => Promise<T>): Promise<T> {
  return withRules(redis, rights.split(' '), work);
}

/**
 * Changes the rights of the student's Redis user while `work` runs. Afterwards they are what they were before, to the
 * letter: `+@write` does not undo `-@write`, as it also gives the commands that the user never had.
 *
 * @param rules as ACL SETUSER takes them: `['resetkeys', '~order:*']`
 * @throws NotGradable where the Redis is not the judge's to do so.
 */
export async function withRules<T>(
  redis: Redis,
  rules: readonly string[],
  work: () => Promise<T>,
): Promise<T> {
  const student = await studentOf(redis, 'it cannot be made to refuse a command');
  const before = lineOf((await redis.call('ACL', 'LIST')) as string[], student);
  try {
    await redis.call('ACL', 'SETUSER', student, ...rules);
    return await work();
  } finally {
    await redis.call('ACL', 'SETUSER', ...userArguments(before));
  }
}
