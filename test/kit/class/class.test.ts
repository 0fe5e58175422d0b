// needs: answers
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type GeneratedClass, gradeKilled, knownClass, outcomes } from '../../support/prove-class.ts';

// The short form of test/long/class.test.ts, which also grades a class without a kill.
let known: GeneratedClass;
beforeAll(async () => {
  known = await knownClass({ students: 20, labs: ['03-hset-mapping'], seed: 20, endless: 0 });
}, 180_000);
afterAll(() => rmSync(known.folder, { recursive: true, force: true }));

describe('./lab grade on a class of 20', () => {
  test('by two workers, killed twice, goes on where it was and comes to the same', {
    timeout: 240_000,
  }, async () => {
    const out = join(known.folder, 'killed');
    await gradeKilled(known, { out, jobs: 2, seed: 7, kills: 2, students: 20 });
    expect(outcomes(out)).toEqual(known.expected);
  });

  test('never runs git in a submission', () => {
    expect(existsSync(join(known.folder, 'git-was-run'))).toBe(false);
  });
});
