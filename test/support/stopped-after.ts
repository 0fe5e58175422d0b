import type { Redis } from 'ioredis';
import type { Taps } from '../../kit/judge/environment.ts';

/**
 * Lets `work` stand still after its `at`-th Redis command: what `look` finds there is what a process leaves that is
 * killed there, and no process dies for it, as a start costs more than all the rest. Then `work` goes on to its end. Where
 * it has no more commands, the look comes after it.
 *
 * @returns what `look` resolved to.
 * @example
 * const work = () => lab.addOrderToRedis(order);
 * const hash = await stoppedAfter({ tap, redis }, 3, { work, look: () => redis.hgetall('order:71') });
 */
export async function stoppedAfter<T>(
  { redis, tap }: { redis: Redis; tap: Taps },
  at: number,
  { work, look }: { work: () => Promise<unknown>; look: () => Promise<T> },
): Promise<T> {
  const next = tap.redis.stallAt(at + 1, { executed: false });
  const working = work();
  await Promise.race([next.happened, working.then(next.release, next.release)]);
  await redis.ping(); // what was sent before the next command is done
  try {
    return await look();
  } finally {
    next.release();
    await working;
  }
}
