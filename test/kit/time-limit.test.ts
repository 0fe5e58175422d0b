import { describe, expect, test, vi } from 'vitest';
import { fairClock } from '../../kit/judge/fair-clock.ts';
import { MachineTooBusy } from '../../kit/judge/machine-too-busy.ts';
import { StudentError } from '../../kit/judge/runner/student-error.ts';
import { STRAINED_FACTOR, WALL_MS } from '../../kit/judge/runner/watch.ts';
import { CHECK_MS, SUBMISSION_MS, TimeLimit } from '../../kit/judge/time-limit.ts';
import { within } from '../support/until.ts';

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

  test('does not count what the machine keeps from the judge or from the process', async () => {
    const pass = clock();
    const judge = { ms: 0 };
    const runner = { ms: 500 };
    const time = new TimeLimit({ judge });
    time.beginCheck();
    time.follow(runner);
    await time.counted(async () => {
      pass(CHECK_MS);
      judge.ms += 1_000;
      runner.ms += 1_000;
    });
    expect(time.left().leftMs).toBe(2_000);
    await time.counted(async () => pass(2_000));
    expect(() => time.left()).toThrow(StudentError);
  });

  test('is no verdict where the machine kept much of it, or more than anybody waits for', async () => {
    const pass = clock();
    const judge = { ms: 0 };
    const time = new TimeLimit({ judge });
    time.beginCheck();
    await time.counted(async () => pass(CHECK_MS + 5_000));
    judge.ms += 5_000;
    expect(time.left().leftMs, 'it may yet come to a verdict').toBe((STRAINED_FACTOR - 1) * CHECK_MS);
    await time.counted(async () => pass(3 * CHECK_MS));
    judge.ms += 1 * CHECK_MS;
    expect(() => time.left()).toThrow(MachineTooBusy);
    time.beginCheck();
    judge.ms += WALL_MS;
    await time.counted(async () => pass(WALL_MS));
    expect(() => time.left()).toThrow(MachineTooBusy);
    expect(time.strained).toBe(true);
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

describe('fairClock()', () => {
  test('leaves out what the machine keeps, but never more than nine tenths', () => {
    const pass = clock();
    const judge = { ms: 0 };
    new TimeLimit({ judge }).beginCheck();
    const time = fairClock();
    pass(1_000);
    expect(time.passed(1_000)).toBe(true);
    judge.ms += 400;
    expect(time.leftOf(1_000)).toBe(400);
    judge.ms += 10_000;
    expect(time.leftOf(1_000)).toBe(900);
    pass(9_000);
    expect(time.passed(1_000)).toBe(true);
  });
});

describe('within()', () => {
  test('is no verdict where the machine had no time for the check', async () => {
    vi.restoreAllMocks();
    const judge = { ms: 0 };
    new TimeLimit({ judge }).beginCheck();
    const never = new Promise(() => {});
    expect(await within(20, 'It never came', never).catch((error) => error)).not.toBeInstanceOf(
      MachineTooBusy,
    );
    judge.ms += 1_000;
    await expect(within(20, 'It never came', never)).rejects.toThrow(MachineTooBusy);
    expect(await within(20_000, 'It never came', Promise.resolve(7))).toBe(7);
  });
});
