import { expect, test } from 'vitest';
import { drawnStubs } from '../../../kit/prove/prove-notebooks.ts';
import { catalog } from '../../../src/catalog.ts';

test('drawnStubs() draws four labs, the same for a seed, and all of them in the end', () => {
  const four = drawnStubs(7);
  expect(new Set(four).size).toBe(4);
  expect(drawnStubs(7)).toEqual(four);
  const seen = new Set(Array.from({ length: 100 }, (_, seed) => drawnStubs(seed)).flat());
  expect([...seen].sort()).toEqual(catalog.map(({ id }) => id));
});
