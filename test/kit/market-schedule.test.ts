import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { redisClientOptions } from '../../kit/servers/clients.ts';
import { openServers } from '../../kit/servers/open-servers.ts';
import type { Servers } from '../../kit/servers/servers.ts';
import { scheduleRefresh } from '../../src/cache/leaderboard-schedule.ts';
import type { Schedule } from '../../src/cache/schedule.ts';

let servers: Servers;
const clients: Redis[] = [];

beforeAll(async () => {
  servers = await openServers();
});
afterAll(async () => {
  for (const client of clients) client.disconnect();
  await servers.close();
});

function client(): Redis {
  const redis = new Redis(redisClientOptions(servers.redis));
  clients.push(redis);
  return redis;
}

describe('scheduleRefresh()', () => {
  const everyMs = 150;

  it('runs one refresh each time, however many processes keep the schedule', async () => {
    const runs: { who: number; at: number }[] = [];
    const schedules: Schedule[] = [];
    for (let who = 0; who < 3; who++) {
      const refresh = async () => runs.push({ who, at: Date.now() });
      schedules.push(scheduleRefresh(client(), { everyMs, refresh, name: 'three' }));
    }
    const begun = Date.now();
    runs.length = 0;
    await expect.poll(() => runs.length).toBeGreaterThan(7);
    const ticks = Math.ceil((Date.now() - begun) / everyMs) + 1;
    expect(runs.length).toBeLessThanOrEqual(ticks);
    await schedules[0]!.close();
    const before = runs.length;
    await expect.poll(() => runs.length).toBeGreaterThan(before + 2);
    expect(runs.slice(before + 1).every(({ who }) => who !== 0)).toBe(true);
    await schedules[1]!.remove();
    await schedules[2]!.close();
  });

  it('goes on after a refresh that failed, and leaves no jobs behind', async () => {
    let runs = 0;
    const errors: string[] = [];
    const redis = client();
    const refresh = async () => {
      runs += 1;
      if (runs % 2) throw new Error(`run ${runs}`);
    };
    const schedule = scheduleRefresh(redis, {
      everyMs,
      refresh,
      onError: ({ message }) => errors.push(message),
      name: 'failing',
    });
    await expect.poll(() => runs).toBeGreaterThan(5);
    await schedule.remove();
    expect(errors.slice(0, 2)).toEqual(['run 1', 'run 3']);
    const jobs = (await redis.keys('bull:failing:repeat:refresh:*')).length;
    expect(jobs).toBeLessThanOrEqual(1);
  });
});
