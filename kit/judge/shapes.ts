import { CheckFailed } from './check-errors.ts';
import { shown } from './explain.ts';

// What a student's code gives back, or calls back with, may be anything: a check asks these before it looks into a value.
// Each throws `CheckFailed` where the value has another shape, and so the check fails with a sentence; a TypeError in the
// check would count as the course's own mistake.

/** What a student's code made: its fields may be anything again, or missing. */
export type Fields = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Fields =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

function refuse(value: unknown, what: string, shape: string): never {
  const sentence = `${what} must be ${shape}. Does the function do what the comment above it says?`;
  throw new CheckFailed(sentence, { expected: shape, got: shown(value) });
}

/**
 * A list of anything.
 *
 * @param what begins the sentence.
 * @throws CheckFailed
 * @example const { length } = listOf(await lab.listOrderKeys(), 'What listOrderKeys() gives')
 */
export function listOf(value: unknown, what: string): readonly unknown[] {
  return Array.isArray(value) ? value : refuse(value, what, 'a list');
}

/**
 * An object with fields: neither null nor a list.
 *
 * @param what begins the sentence.
 * @throws CheckFailed
 * @example recordOf(await lab.saveProfile(change, { ttlMs: 1_000 }), 'What saveProfile() gives').version
 */
export function recordOf(value: unknown, what: string): Fields {
  return isRecord(value) ? value : refuse(value, what, 'an object');
}

/**
 * A list of objects with fields.
 *
 * @param what begins the sentence.
 * @throws CheckFailed
 * @example recordsOf(await lab.getBestSellers(), 'What getBestSellers() gives').map(({ name }) => name)
 */
export function recordsOf(value: unknown, what: string): readonly Fields[] {
  const list = listOf(value, what);
  return list.every(isRecord) ? list : refuse(value, what, 'a list of objects');
}

/**
 * A list of texts.
 *
 * @param what begins the sentence.
 * @throws CheckFailed
 * @example textsOf(await lab.listOrderKeys(), 'What listOrderKeys() gives').toSorted()
 */
export function textsOf(value: unknown, what: string): readonly string[] {
  const list = listOf(value, what);
  const isText = (one: unknown): one is string => typeof one === 'string';
  return list.every(isText) ? list : refuse(value, what, 'a list of texts');
}

/**
 * A number, NaN and infinities included.
 *
 * @param what begins the sentence.
 * @throws CheckFailed
 * @example numberOf(await lab.flushChanges(), 'What flushChanges() gives') + 1
 */
export function numberOf(value: unknown, what: string): number {
  return typeof value === 'number' ? value : refuse(value, what, 'a number');
}

/**
 * What stands under a name, for checks that compare it as a whole: undefined where the value is no object, or has no such
 * field. It never throws.
 *
 * @example expect(fieldOf(await lab.getOrderById(7), 'items'), 'Two items').toEqual(items)
 */
export function fieldOf(value: unknown, name: string): unknown {
  return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}
