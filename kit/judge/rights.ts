import type { Redis } from 'ioredis';
import { NotGradable } from './check-errors.ts';

/**
 * Takes from the student's Redis user the commands of some categories while `work` runs, so that Redis answers each
 * with an error, in a pipeline too, and in a script.
 *
 * @throws NotGradable where the Redis is not the judge's to do so.
 * @example await withoutRights(redis, '-@hash', () => lab.getOrderById(1)) // rejects: NOPERM
 */
export async function withoutRights<T>(redis: Redis, rights: string, work: () => Promise<T>): Promise<T> {
  const student = await studentOf(redis);
  await redis.call('ACL', 'SETUSER', student, ...rights.split(' '));
  try {
    return await work();
  } finally {
    await redis.call('ACL', 'SETUSER', student, ...rights.replaceAll('-', '+').split(' '));
  }
}

async function studentOf(redis: Redis): Promise<string> {
  const [me, users] = await Promise.all([redis.call('ACL', 'WHOAMI'), redis.call('ACL', 'USERS')]).catch(
    () => [undefined, []],
  );
  const student = (users as string[]).find((name) => name !== me && name !== 'default');
  if (student) return student;
  throw new NotGradable("This Redis is not the judge's own, so it cannot be made to refuse a command.");
}
