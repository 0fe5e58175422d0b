import {
  chai,
  customMatchers,
  type ExpectStatic,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
} from '@vitest/expect';

/**
 * vitest's `expect` outside vitest: the same code, matchers and messages. It lacks what belongs to a test of vitest's:
 * `soft`, `poll`, snapshots and counts of assertions. No check may use those.
 *
 * @example expect(await lab.waitForMysql(), 'MySQL was up').toBe(1);
 */
export const expect = withMatchers();

function withMatchers(): ExpectStatic {
  for (const plugin of [JestExtend, JestChaiExpect, JestAsymmetricMatchers]) chai.use(plugin);
  const made = chai.expect as unknown as ExpectStatic & { extend(expect: unknown, matchers: unknown): void };
  made.extend(made, customMatchers);
  return made;
}
