import { inject, test as vitestTest } from 'vitest';
import { definedChecks, generatedSizesOf } from '../kit/judge/defined-checks.ts';
import type { CheckBody, Definition } from '../kit/judge/definition.ts';
import { judgeCheck } from '../kit/judge/judge-check.ts';
import { oneEnvironment } from '../kit/judge/one-environment.ts';
import { fileOf } from '../kit/judge/submission.ts';
import { TimeLimit } from '../kit/judge/time-limit.ts';
import { findLab } from './catalog.ts';
import '../kit/judge/provided.ts';

export interface ChecksOptions {
  /** Sizes that the checks ask of `generated()`, so that they are made ahead. */
  generated?: readonly number[];
}

// biome-ignore lint/correctness/noEmptyPattern: vitest reads the fixtures that one needs from this pattern
const test = vitestTest.extend('environment', { scope: 'worker' }, ({}, { onCleanup }) => {
  const one = oneEnvironment(() => inject('servers'));
  onCleanup(one.drop);
  return one;
});

/**
 * Makes the `check` function of a lab's test file. In a run of the kit a worker takes the checks from here and judges
 * submission after submission; under `npx vitest` each is a test of vitest's own, and judges what `LABS` names.
 *
 * @example
 * const check = checksOf<InitialSync>('01-initial-sync');
 * check('01.wait.first', 'waitForMysql() resolves to 1 when MySQL answers at once', 1, async ({ lab, expect }) => {
 *   expect(await lab.waitForMysql(), 'MySQL was up: one attempt').toBe(1);
 * });
 */
export function checksOf<Lab>(labId: string, { generated = [] }: ChecksOptions = {}) {
  findLab(labId);
  const { definitions, sizes } = definedChecks(labId);
  for (const size of generated) sizes.add(size);
  return (id: string, title: string, points: number, body: CheckBody<Lab>): void => {
    const definition = { id, title, points, body };
    definitions.push(definition);
    if (!inject('queue')) asTest(labId, definition);
  };
}

/** For vitest: more than a check may last on a machine that has no time for it, with a second attempt. */
const CHECK_TIMEOUT_MS = 600_000;

function asTest(lab: string, definition: Definition): void {
  test(definition.title, { timeout: CHECK_TIMEOUT_MS }, async ({ environment, expect, skip }) => {
    const file = await fileOf(inject('submission')!, lab);
    const sizes = generatedSizesOf(lab);
    const { result, error } = await judgeCheck(definition, {
      lab,
      file,
      environment,
      seed: inject('seed'),
      expect,
      time: new TimeLimit(),
      sizes,
    });
    if (result.outcome === 'not gradable') skip(result.sentence);
    if (result.outcome !== 'passed') throw error;
  });
}
