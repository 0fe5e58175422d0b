import type { ExpectStatic } from '@vitest/expect';
import { rootFolder } from '../../../kit/base/root.ts';

const many = {
  list: Array.from({ length: 40 }, (_, i) => ({ id: i, name: `name ${i}` })),
  text: 'x'.repeat(500),
};

/** Assertions that fail, each with what checks use. */
const failing: ((expect: ExpectStatic) => unknown)[] = [
  (expect) => expect(1, 'It was one').toBe(2),
  (expect) => expect(1).toBe(2),
  (expect) => expect(1).not.toBe(1),
  (expect) => expect(true, 'It is so').toBe(false),
  (expect) => expect({ a: 1 }, 'The same').toEqual({ a: 2 }),
  (expect) => expect(many).toEqual({}),
  (expect) => expect(new Map([[1, 2]])).toEqual(new Map()),
  (expect) => expect({ a: 1 }).toStrictEqual({ a: 1, b: undefined }),
  (expect) => expect({ a: 1, b: 2 }, 'A part').toMatchObject({ a: 2 }),
  (expect) => expect('abc').toMatch(/x/),
  (expect) => expect('abc').not.toMatch(/a/),
  (expect) => expect([1, 2]).toContain(3),
  (expect) => expect([{ a: 1 }]).toContainEqual({ a: 2 }),
  (expect) => expect(1).toBeGreaterThan(2),
  (expect) => expect(3).toBeLessThan(2),
  (expect) => expect(3, 'Few').toBeLessThanOrEqual(2),
  (expect) => expect(1).toBeUndefined(),
  (expect) => expect(null).toBeTruthy(),
  (expect) => expect([1]).toHaveLength(2),
  (expect) => expect({ a: { b: 1 } }).toHaveProperty('a.b', 2),
  (expect) => expect(1.1).toBeCloseTo(1.2),
  (expect) => expect(1).toBeOneOf([2]),
  (expect) => expect(() => JSON.parse('{')).toThrow('nothing of the kind'),
  (expect) => expect('a', 'A word').toEqual(expect.stringMatching(/b/)),
  (expect) => expect('a').toEqual(expect.not.stringContaining('a')),
  (expect) => expect([1, 2]).toEqual(expect.arrayContaining([3])),
  (expect) => expect({ a: 1 }).toEqual(expect.objectContaining({ a: expect.any(String) })),
  (expect) => expect(Promise.resolve(1), 'It resolves').resolves.toBe(2),
  (expect) => expect(Promise.resolve(1)).rejects.toBe(2),
];

/** What each of them throws, as far as a report shows it. */
export async function thrownBy(expect: ExpectStatic): Promise<unknown[]> {
  const thrown: unknown[] = [];
  for (const assert of failing) {
    try {
      await assert(expect);
      thrown.push('nothing');
    } catch (error) {
      const { name, message, actual, expected } = error as Error & { actual?: unknown; expected?: unknown };
      thrown.push({ name, message, actual: String(actual), expected: String(expected) });
    }
  }
  return thrown;
}

// As a program it prints what the judge's own `expect` throws: in vitest the two would share one chai.
if (process.argv[2] === 'print') {
  const { expect } = await import(`${rootFolder()}/kit/judge/expect.ts`);
  console.log(JSON.stringify(await thrownBy(expect)));
}
