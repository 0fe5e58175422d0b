import { inspect } from 'node:util';
import {
  ArrayContaining,
  chai,
  customMatchers,
  type ExpectStatic,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  ObjectContaining,
  StringContaining,
  StringMatching,
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

/** What a matcher looks for, in words: a student reads it as a value that was expected. */
const words: [{ prototype: object }, string][] = [
  [StringContaining, 'a text that contains'],
  [StringMatching, 'a text that matches'],
  [ObjectContaining, 'at least'],
  [ArrayContaining, 'a list with'],
];
for (const [{ prototype }, what] of words) {
  Object.defineProperty(prototype, inspect.custom, {
    value(this: { sample: unknown }, depth: number, options: object) {
      return `${what} ${inspect(this.sample, { ...options, depth })}`;
    },
  });
}
