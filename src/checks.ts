import { definedChecks, tellOfCheck } from '../kit/judge/defined-checks.ts';
import type { CheckBody } from '../kit/judge/definition.ts';
import { findLab } from './catalog.ts';

export interface ChecksOptions {
  /** Sizes that the checks ask of `generated()`, so that they are made ahead. */
  generated?: readonly number[];
}

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
    tellOfCheck(labId, definition);
  };
}
