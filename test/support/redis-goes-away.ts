import type { Taps } from '../../kit/judge/environment.ts';
import { until } from './until.ts';

/**
 * Redis goes away for the student's code, and comes back with the next check. Resolves once a client has noticed: a
 * command that was on its way in that moment would wait in ioredis for as long as Redis stays away.
 */
export async function redisGoesAway(tap: Taps): Promise<void> {
  tap.redis.refuse(100_000);
  tap.redis.disconnectAll();
  const { refusedConnections } = tap.redis.counts();
  await until(() => tap.redis.counts().refusedConnections > refusedConnections, 2_000);
}
