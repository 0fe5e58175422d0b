import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Lab, open } from '../../src/lab/open.ts';
import { type ThrowAwayRedis, throwAwayRedis } from '../../src/lab/throw-away-redis.ts';
import { stdoutOf } from './support/notebook.ts';

let lab: Lab;
let own: ThrowAwayRedis;

beforeAll(async () => {
  await stdoutOf(async () => {
    lab = await open();
  });
  own = await throwAwayRedis();
});

afterAll(async () => {
  await own?.close();
  await lab?.close();
});

describe('throwAwayRedis()', () => {
  it('is empty, apart from the store, and allows everything', async () => {
    expect(await own.redis.dbsize()).toBe(0);
    await own.redis.set('only:here', 1);
    expect(await lab.redis.exists('only:here')).toBe(0);
    expect(await own.redis.config('SET', 'hash-max-listpack-entries', '64')).toBe('OK');
  });

  it('ends with close()', async () => {
    const other = await throwAwayRedis();
    await other.close();
    await expect(other.redis.ping()).rejects.toThrow(/closed/i);
  });
});

describe('latencyWhile()', () => {
  it('sees a second client wait while one command runs', async () => {
    // A count and no clock: TIME stands still inside a script as of Redis 7.2, os.clock() came with 7.4.
    const busy = 'local n = 0 for i = 1, ARGV[1] do n = n + i % 7 end return 7';
    const counted = (loops: number) => own.latencyWhile(() => own.redis.eval(busy, 0, loops));
    let loops = 1_000_000;
    let seen = await counted(loops);
    while (loops < 4e9 && (seen.ms < 120 || seen.longest < 60)) {
      loops *= 2;
      seen = await counted(loops);
    }
    const { value, ms, points, longest } = seen;
    expect(value).toBe(7);
    expect(ms).toBeGreaterThanOrEqual(100);
    expect(longest).toBeGreaterThanOrEqual(60);
    expect(points.length).toBeGreaterThan(5);
    expect(points.some(([at]) => at < 0)).toBe(true);
  });

  it('passes on what the work throws', async () => {
    await expect(own.latencyWhile(() => Promise.reject(new Error('no luck')))).rejects.toThrow('no luck');
  });
});
