import type { Redis } from 'ioredis';
import { clientIds } from './clients.ts';
import { until } from './until.ts';

/** How many connections to the judge's database are open, its own included. */
export async function openConnections(redis: Redis): Promise<number> {
  return (await clientIds(redis)).length;
}

/**
 * How many connections more are open than `before`, once those that a call ended are gone. One more is nobody's fault: a
 * connection of its own that the code keeps and uses again.
 *
 * @example expect((await moreConnections(redis, before)) <= 1, 'Each call leaves a connection open').toBe(true)
 */
export async function moreConnections(redis: Redis, before: number): Promise<number> {
  await until(async () => (await openConnections(redis)) <= before + 1, 1_000);
  return (await openConnections(redis)) - before;
}
