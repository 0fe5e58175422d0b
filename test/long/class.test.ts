import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type GeneratedClass, grade, gradeKilled, knownClass, outcomes } from '../support/prove-class.ts';

// Three labs: all five of Part I take three times as long.
const labs = ['01-initial-sync', '03-hset-mapping', '04-delete-orders'];

let known: GeneratedClass;
beforeAll(async () => {
  known = await knownClass({
    students: 200,
    labs,
    seed: 200,
    endless: 3,
  });
}, 1_800_000);
afterAll(() => known && rmSync(known.folder, { recursive: true, force: true }));

describe('./lab grade on a class of 200', () => {
  test('gives the grades known in advance, by one worker and by two', { timeout: 3_600_000 }, async () => {
    // Side by side: neither may see the other.
    const runs = [2, 1].map(async (jobs) => {
      const out = join(known.folder, `jobs-${jobs}`);
      const begun = performance.now();
      const { exitCode, all } = await grade(known, { out, jobs, seed: 7 });
      console.log(`200 students, ${jobs} workers: ${((performance.now() - begun) / 1000).toFixed(0)} s`);
      return { out, exitCode, all };
    });
    for (const { out, exitCode, all } of await Promise.all(runs)) {
      expect(exitCode, String(all)).toBe(0);
      expect(outcomes(out)).toEqual(known.expected);
    }
  });

  test('killed five times, goes on where it was and comes to the same', { timeout: 3_600_000 }, async () => {
    const out = join(known.folder, 'killed');
    await gradeKilled(known, { out, jobs: 4, seed: 7, kills: 5, students: 200 });
    expect(outcomes(out)).toEqual(known.expected);
  });

  test('never runs git in a submission', () => {
    expect(existsSync(join(known.folder, 'git-was-run'))).toBe(false);
  });
});
