import type { Redis } from 'ioredis';
import { isTodo } from '../../kit/base/is-todo.ts';
import type { CallOptions, RedisCalls } from './redis-calls.ts';
import { isTrouble } from './redis-trouble.ts';

/** See `CacheService.byLab`. */
export async function byLab(
  calls: RedisCalls,
  name: string,
  run: (redis: Redis) => Promise<unknown>,
  { strict = false }: CallOptions = {},
): Promise<boolean> {
  const timeoutMs = calls.timeoutMs * 10;
  const done = async (redis: Redis) =>
    run(redis).then(
      () => true,
      (error) => {
        if (isTodo(error)) return false;
        throw error;
      },
    );
  try {
    return await calls.ask(name, done, { otherwise: false, strict, timeoutMs });
  } catch (error) {
    if (isTrouble((error as Error).cause)) throw error;
    return false;
  }
}
