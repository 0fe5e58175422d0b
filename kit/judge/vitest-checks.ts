import { inject, test as vitestTest } from 'vitest';
import { listenForChecks } from './defined-checks.ts';
import type { Definition } from './definition.ts';
import { judgeCheck } from './judge-check.ts';
import { oneEnvironment } from './one-environment.ts';
import { fileOf } from './submission.ts';
import { TimeLimit } from './time-limit.ts';
import './provided.ts';

// What `npx vitest` loads before each test file: it makes each check a test of vitest's own, which judges what `LABS` names.

// biome-ignore lint/correctness/noEmptyPattern: vitest reads the fixtures that one needs from this pattern
const test = vitestTest.extend('environment', { scope: 'worker' }, ({}, { onCleanup }) => {
  const one = oneEnvironment(() => ({ servers: inject('servers') }));
  onCleanup(one.drop);
  return one;
});

/** For vitest: more than a check may last on a machine that has no time for it, with a second attempt. */
const CHECK_TIMEOUT_MS = 600_000;

listenForChecks(asTest);

function asTest(lab: string, definition: Definition): void {
  test(definition.title, { timeout: CHECK_TIMEOUT_MS }, async ({ environment, skip }) => {
    const file = await fileOf(inject('submission'), lab);
    const { result, error } = await judgeCheck(definition, {
      lab,
      file,
      environment,
      seed: inject('seed'),
      time: new TimeLimit(),
    });
    if (result.outcome === 'not gradable') skip(result.sentence);
    if (result.outcome !== 'passed') throw error;
  });
}
