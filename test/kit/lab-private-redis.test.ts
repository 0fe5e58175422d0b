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
    // TIME stands still inside a script, as of Redis 7.2.
    const busy = 'local from = os.clock() repeat until os.clock() - from > 0.12 return 7';
    const { value, ms, points, longest } = await own.latencyWhile(() => own.redis.eval(busy, 0));
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
