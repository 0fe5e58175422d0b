import type { Redis } from 'ioredis';
import type { Schedule, ScheduleOptions } from '../cache/schedule.ts';
import { native } from './native.ts';

/**
 * The game's own schedule, in a notebook: refreshes periodically, by one of all processes that call this.
 *
 * @example
 * const schedule = scheduleRefresh(redis, { everyMs: 60_000, refresh: () => refreshLeaderboard(lab, options) });
 * await schedule.remove();
 */
export function scheduleRefresh(redis: Redis, options: ScheduleOptions): Schedule {
  const { scheduleRefresh: begin } = native<{ scheduleRefresh: typeof scheduleRefresh }>(
    'cache/leaderboard-schedule.ts',
  );
  return begin(redis, options);
}
