import { describe, expect, test, vi } from 'vitest';
import { CHECK_MS, SUBMISSION_MS, TimeLimit } from '../../kit/judge/time-limit.ts';

/** A clock that moves only when it is told to. */
function clock() {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  return (ms: number) => {
    now += ms;
  };
}

describe('TimeLimit', () => {
  test('counts calls that run at once once', async () => {
    const pass = clock();
    const time = new TimeLimit({ judge: { ms: 0 } });
    time.beginCheck();
    let end = () => {};
    const together = new Promise<void>((resolve) => {
      end = resolve;
    });
    const both = [time.counted(() => together), time.counted(() => together)];
    pass(4_000);
    end();
    await Promise.all(both);
    expect(time.left().leftMs).toBe(CHECK_MS - 4_000);
  });

  test('gives each check its own time, and says so when it is used up', async () => {
    const pass = clock();
    const time = new TimeLimit({ judge: { ms: 0 } });
    time.beginCheck();
    await time.counted(async () => pass(CHECK_MS));
    expect(() => time.left()).toThrow('more than 10 s in this check');
    time.beginCheck();
    expect(time.left().leftMs).toBe(CHECK_MS);
  });

  test('ends a submission that used up the time of all its checks', async () => {
    const pass = clock();
    const time = new TimeLimit({ judge: { ms: 0 } });
    for (let used = 0; used < SUBMISSION_MS; used += CHECK_MS) {
      time.beginCheck();
      await time.counted(async () => pass(CHECK_MS));
    }
    time.beginCheck();
    expect(() => time.left()).toThrow('120 s for all checks together');
  });
});
