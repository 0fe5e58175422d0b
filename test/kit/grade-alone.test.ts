// needs: answers, lab 01
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { calm } from '../../kit/base/calm.ts';
import { rootFolder } from '../../kit/base/root.ts';
import type { FromWorker, ToJudging } from '../../kit/judge/queue/messages.ts';
import { Turns } from '../../kit/judge/queue/turns.ts';
import type { LabResult } from '../../kit/judge/result.ts';

describe('a check that the machine had no time for', () => {
  let folder: string;
  let results: LabResult[];
  let noted: string[];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'storelab-test-'));
    const log = join(folder, 'log');
    const script = join(rootFolder(), 'test/kit/support/run-alone.ts');
    const { stdout } = await execa(process.execPath, [script], {
      cwd: rootFolder(),
      env: { LAB_TEST_ALONE_LOG: log },
    });
    results = JSON.parse(stdout.split('\n').at(-1)!);
    noted = readFileSync(log, 'utf8').trim().split('\n');
  }, 300_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('is judged again, and then is an infrastructure error', () => {
    expect(results).toHaveLength(3);
    for (const { checks } of results) {
      const outcomes = Object.fromEntries(checks.map(({ id, outcome }) => [id, outcome]));
      expect(outcomes.busy).toBe('passed');
      expect(outcomes.hopeless).toBe('infrastructure error');
      const { sentence } = checks.find(({ id }) => id === 'hopeless')!;
      expect(sentence).toMatch(/^This machine is too busy to judge this check: it was held up\. /);
    }
  });

  test('is judged again while no other check of the run is', () => {
    const running = new Map<string, string>();
    let most = 0;
    for (const line of noted) {
      const [, what, pid, name] = /^(begin|end) (\d+) (.*)$/.exec(line)!;
      if (what === 'begin') running.set(pid!, name!);
      else running.delete(pid!);
      if ([...running.values()].includes('second attempt')) expect([...running.keys()]).toHaveLength(1);
      most = Math.max(most, running.size);
    }
    expect(noted.filter((line) => /^begin .* second/.test(line))).toHaveLength(3);
    expect(most, 'all others are judged side by side').toBeGreaterThan(1);
  });
});

describe('Turns', () => {
  /** Workers of a run, and what they were told, in order. */
  function workers(count: number) {
    const turns = new Turns();
    const told: string[] = [];
    const all = Array.from({ length: count }, (_, n) => ({
      tell: ({ type }: ToJudging) => void told.push(`${n}: ${type}`),
    }));
    for (const worker of all) turns.join(worker);
    const says = (n: number, type: FromWorker['type']) => turns.heard(all[n]!, { type } as FromWorker);
    return { says, leaves: (n: number) => turns.leave(all[n]!), told: () => told.splice(0) };
  }

  test('gives one worker its turn when the others have come to the end of their checks', () => {
    const { says, told } = workers(3);
    says(0, 'ask to be alone');
    expect(told()).toEqual(['1: pause', '2: pause']);
    says(1, 'paused');
    expect(told()).toEqual([]);
    says(2, 'paused');
    expect(told()).toEqual(['0: alone']);
    says(0, 'no longer alone');
    expect(told()).toEqual(['1: go on', '2: go on']);
  });

  test('gives those who ask at once their turns one after the other', () => {
    const { says, told } = workers(3);
    says(0, 'ask to be alone');
    says(1, 'ask to be alone');
    says(2, 'paused');
    expect(told()).toEqual(['1: pause', '2: pause', '0: alone']);
    says(0, 'no longer alone');
    expect(told()).toEqual(['0: pause']);
    says(0, 'paused');
    expect(told()).toEqual(['1: alone']);
    says(1, 'no longer alone');
    expect(told()).toEqual(['2: go on', '0: go on']);
    // It was asked to pause when it asked itself: late, but nobody waits for it.
    says(1, 'paused');
    expect(told()).toEqual(['1: go on']);
  });

  test('goes on without a worker that is gone', () => {
    const { says, leaves, told } = workers(3);
    says(0, 'ask to be alone');
    says(1, 'paused');
    leaves(2);
    expect(told()).toEqual(['1: pause', '2: pause', '0: alone']);
    leaves(0);
    expect(told()).toEqual(['1: go on']);
  });
});

test('calm() waits for a machine that has time, as long as it may', async () => {
  let looks = 0;
  const isCalm = () => ++looks === 3;
  expect(await calm({ limitMs: 60_000, isCalm })).toBe(true);
  expect(looks).toBe(3);
  expect(await calm({ limitMs: 300, isCalm: () => false })).toBe(false);
});
