import { isDeepStrictEqual } from 'node:util';
import { CheckFailed } from '../../kit/judge/check-errors.ts';
import { shown } from '../../kit/judge/explain.ts';

/**
 * That a value is one of those which are right at this moment. Chai's `toContain` says it the wrong way round: the list is
 * what it "got", and the value is what it "expected".
 *
 * @param right what each of them is, and the value.
 * @throws CheckFailed
 * @example
 * oneOf(seen, { 'the old order': old, 'the new order': now }, 'A reader came in between, and found a mixture');
 */
export function oneOf(value: unknown, right: Readonly<Record<string, unknown>>, sentence: string): void {
  if (Object.values(right).some((one) => isDeepStrictEqual(one, value))) return;
  const each = Object.entries(right).map(([what, one]) =>
    one === undefined ? what : `${what}: ${shown(one)}`,
  );
  throw new CheckFailed(sentence, { expected: each.join('\nor '), got: shown(value) });
}
