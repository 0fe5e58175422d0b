import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cacheClient } from '../../src/cache/cache-client.ts';
import { scheduleRefresh } from '../../src/cache/leaderboard-schedule.ts';
import type { Schedule } from '../../src/cache/schedule.ts';
import { expectInTime } from './support/pace.ts';
import { type RedisProcess, startRedisProcess } from './support/redis-process.ts';

const everyMs = 100;
let server: RedisProcess;
let up = true;
let redis: Redis;
let runs: number;
const open: Schedule[] = [];

beforeAll(async () => {
  server = await startRedisProcess();
});
beforeEach(async () => {
  if (!up) await server.start({ empty: true });
  up = true;
  await server.client.flushall();
  redis = cacheClient(server.address, { timeoutMs: 250 });
  runs = 0;
});
afterEach(async () => {
  server.freeze(false);
  for (const schedule of open.splice(0)) await schedule.close();
  redis.disconnect();
});
afterAll(() => server?.close());

const kill = async () => {
  up = false;
  await server.kill();
};
const restart = async (options?: { empty?: boolean }) => {
  await server.start(options);
  up = true;
};
const begin = (refresh: () => Promise<unknown> = async () => {}) => {
  const schedule = scheduleRefresh(redis, {
    everyMs,
    refresh: () => {
      runs++;
      return refresh();
    },
  });
  open.push(schedule);
  return schedule;
};
const more = async (by = 3) => {
  const before = runs;
  await expect.poll(() => runs).toBeGreaterThan(before + by);
};

describe('scheduleRefresh(), where Redis is away', () => {
  it('begins when Redis is there', async () => {
    await kill();
    begin();
    await restart();
    await more();
  });

  it.each([
    ['with what it held', {}],
    ['empty', { empty: true }],
  ])('goes on when Redis was killed and comes back %s', async (_how, options) => {
    begin();
    await more();
    await kill();
    await restart(options);
    await more();
  });

  it('sets the schedule up again where somebody emptied Redis', async () => {
    begin();
    await more();
    await server.client.flushall();
    await more();
  });

  it('takes another interval from whoever has it', async () => {
    begin();
    await more(1);
    const slow = scheduleRefresh(redis, { everyMs: 60_000, refresh: async () => {} });
    open.push(slow);
    await expect
      .poll(() => server.client.hget('bull:leaderboard-refresh:repeat:refresh', 'every'))
      .toBe('60000');
  });
});

describe('close()', () => {
  const away: [string, () => Promise<void>][] = [
    ['at the moment when Redis is killed', kill],
    [
      'long after Redis was killed',
      async () => {
        await kill();
        await expect.poll(() => redis.status).toBe('reconnecting');
        // The worker is in its own wait for the connection by then.
        await new Promise((resolve) => setTimeout(resolve, 1500));
      },
    ],
    ['while Redis stands still', async () => server.freeze(true)],
  ];
  it.each(away)('ends in time %s', async (_when, happen) => {
    const schedule = begin();
    await more(1);
    await happen();
    await expectInTime(3500, () => schedule.close());
    const after = runs;
    server.freeze(false);
    if (!up) await restart();
    await server.client.ping();
    expect(runs).toBe(after);
  });

  it.each(away)('ends in time %s and a refresh is under way', async (_when, happen) => {
    let release = () => {};
    const schedule = begin(() => new Promise<void>((resolve) => (release = resolve)));
    await expect.poll(() => runs).toBe(1);
    await happen();
    await expectInTime(3500, () => schedule.close());
    release();
  });

  it('ends in time where Redis was never there, and remove() says that the schedule may stand', async () => {
    await kill();
    await expectInTime(1500, () => begin().close());
    const other = begin();
    await expect(other.remove()).rejects.toThrow();
  });

  it('waits for a refresh that is under way, and leaves no connection behind', async () => {
    let [release, done] = [() => {}, false];
    const schedule = begin(async () => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      done = true;
    });
    await expect.poll(() => runs).toBe(1);
    const closing = schedule.close();
    release();
    await closing;
    expect(done).toBe(true);
    const list = async () => (await server.client.client('LIST')) as string;
    // This test's own client, and the one that the schedule was made from.
    await expect.poll(async () => (await list()).trim().split('\n').length).toBeLessThanOrEqual(2);
  });
});
