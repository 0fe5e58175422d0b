import type { Redis } from 'ioredis';
import type { Taps } from '../../kit/judge/environment.ts';

/**
 * Runs `call` and lets the judge `step` in after the student's first Redis command was carried out, before the student
 * has its reply, which stands still as long as that takes. Then once more, after the first command that waited for that
 * reply, and so on, at most `most` times: what the student sends at once is one place. A call that sends nothing is
 * stepped in after. `prepare` comes before each call; `step` must not wait for the call.
 *
 * @example
 * const call = () => lab.deleteOrderFromRedis(7);
 * for await (const { commands, stepped } of atEachWait({ tap, redis }, { prepare, call, step: () => redis.del('order:7') })) {
 *   expect(stepped, `after ${commands} commands`).toBe(0);
 * }
 */
export async function* atEachWait<T, S>(
  { tap, redis }: { tap: Taps; redis: Redis },
  {
    prepare,
    call,
    step,
    most = 3,
  }: { prepare: () => Promise<unknown>; call: () => Promise<T>; step: () => Promise<S>; most?: number },
): AsyncGenerator<{ commands: number; value: T; stepped: S }> {
  for (let round = 1, sent = 0, more = true; more && round <= most; round++) {
    await prepare();
    tap.meter.reset();
    const stall = tap.redis.stallAt(sent + 1);
    const running = call();
    await Promise.race([stall.happened, running.catch(() => {})]);
    // A reply to the judge: what the student had sent before it is done.
    await redis.ping();
    sent = tap.redis.counts().commands;
    const stepped = await step();
    stall.release();
    const value = await running;
    more = tap.redis.counts().commands > sent;
    yield { commands: sent, value, stepped };
  }
}
