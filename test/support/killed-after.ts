import type { Redis } from 'ioredis';
import type { Taps } from '../../kit/judge/environment.ts';
import { openConnections } from './open-connections.ts';
import { until } from './until.ts';

/**
 * Kills the student's process after the `at`-th Redis command of `work`, and before the next one reaches Redis. No other
 * process notices: its connections stay. Where `work` has no more commands, it is killed after it.
 *
 * @example await killedAfter({ lab, redis, tap }, 3, () => lab.rebuildSales())
 */
export async function killedAfter(
  { lab, redis, tap }: { lab: { $crash(): Promise<void> }; redis: Redis; tap: Taps },
  at: number,
  work: () => Promise<unknown>,
): Promise<void> {
  const next = tap.redis.stallAt(at + 1, { executed: false });
  const broken = work().catch(() => undefined);
  await Promise.race([next.happened, broken]);
  await redis.ping(); // what was sent before the next command is done
  const open = await openConnections(redis);
  await lab.$crash();
  await broken;
  // Its connections have ended, and what stood still on them is not let go any more.
  await until(async () => (await openConnections(redis)) < open, 2_000);
  next.release();
}
