import type { Redis } from 'ioredis';
import type { Taps } from '../../kit/judge/environment.ts';
import { begin, overOrStill } from './standstill.ts';

/**
 * As `atEachWait`, for a step that is another process of the student's, whose commands pass the same taps: they are not
 * stopped and not counted. One that waits for what the first one holds goes on once that goes on; both are over when this
 * yields.
 *
 * @example
 * const call = () => lab.recordSale(order);
 * for await (const { commands } of otherAtEachWait({ tap, redis }, { prepare, call, other: () => other.recordSale(order) })) {
 *   expect(await lab.report(), `after ${commands} commands`).toEqual(once);
 * }
 */
export async function* otherAtEachWait(
  { tap, redis }: { tap: Taps; redis: Redis },
  {
    prepare,
    call,
    other,
    most = 3,
  }: {
    prepare?: () => Promise<unknown>;
    call: () => Promise<unknown>;
    other: () => Promise<unknown>;
    most?: number;
  },
): AsyncGenerator<{ commands: number }> {
  for (let round = 1, sent = 0, more = true; more && round <= most; round++) {
    await prepare?.();
    tap.meter.reset();
    const stall = tap.redis.stallAt(sent + 1);
    const running = begin(call());
    const stands = await Promise.race([
      stall.happened.then(() => true),
      running.then(
        () => false,
        () => false,
      ),
    ]);
    if (!stands) stall.release();
    // A reply to the judge: what the student had sent before it is done.
    await redis.ping();
    sent = tap.redis.counts().commands;
    const second = begin(other());
    await overOrStill(tap, second);
    const both = tap.redis.counts().commands;
    if (stands) stall.release();
    await running;
    await second;
    more = stands && tap.redis.counts().commands > both;
    yield { commands: sent };
  }
}
