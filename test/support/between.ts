import type { Redis } from 'ioredis';
import type { Taps } from '../../kit/judge/environment.ts';

/** At most so long a reply waits while the judge steps in between two commands of the student, ms. */
const BETWEEN_MS = 300;

/**
 * Runs `call` and lets the judge `step` in after the student's `n`-th Redis command was carried out, before the student
 * has its reply. Where there is no such command the step comes after the call, and is `late`.
 *
 * @example await between({ tap, redis }, 1, { call: () => lab.deleteOrderFromRedis(7), step: () => redis.del('order:7') })
 */
export async function between<T, S>(
  { tap, redis }: { tap: Taps; redis: Redis },
  n: number,
  { call, step, waitMs = BETWEEN_MS }: { call: () => Promise<T>; step: () => Promise<S>; waitMs?: number },
): Promise<{ value: T; stepped: S; late: boolean }> {
  tap.meter.reset();
  tap.redis.latencyMs = waitMs;
  let over = false;
  const running = call().finally(() => {
    over = true;
  });
  running.catch(() => {});
  while (!over && tap.redis.counts().commands < n) await new Promise((resolve) => setTimeout(resolve, 1));
  // A reply to the judge: what the student had sent before it is done.
  await redis.ping();
  const late = over;
  try {
    const stepped = await step();
    tap.redis.latencyMs = 0;
    return { value: await running, stepped, late };
  } finally {
    tap.redis.latencyMs = 0;
  }
}
