import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type KernelClient, startKernel } from './support/kernel-client.ts';
import { type KernelFolder, kernelFolder } from './support/kernel-folder.ts';

let folder: KernelFolder;
let kernel: KernelClient;
beforeAll(async () => {
  folder = await kernelFolder({ 'src/one.ts': 'export const one = 1;\n' });
  kernel = await startKernel({ root: folder.root });
});
afterAll(async () => {
  await kernel.shutdown();
  await folder.remove();
});

describe('an export in a cell', () => {
  test.each([
    ['export async function addOrder(): Promise<number> { return 1 }', undefined, 'await addOrder()', '1'],
    ['export const LIMIT = 10', undefined, 'LIMIT', '10'],
    ['const a = 1; export { a }', undefined, 'a + 1', '2'],
    ['export interface Item { id: number }', undefined, 'const item: Item = { id: 3 }; item', '{ id: 3 }'],
    ['export type Id = string;\nexport enum Colour { Red }', undefined, 'Colour.Red', '0'],
    ['export default function twice(n: number) { return 2 * n }', undefined, 'twice(4)', '8'],
    ['const before = 1\nexport default { before }', '{ before: 1 }', 'before', '1'],
    ['export default class { five = 5 }', '[class (anonymous)]', '1', '1'],
    ['export {\n}\nexport class Shop { seven = 7 }', undefined, 'new Shop().seven', '7'],
    ["const text = 'export const nothing'\ntext", "'export const nothing'", 'text.length', '20'],
  ])('is as if it were not there: %s', async (cell, result, later, value) => {
    expect(await kernel.resultOf(cell)).toBe(result);
    expect(await kernel.resultOf(later)).toBe(value);
  });

  test('keeps the line and the column of a mistake', async () => {
    expect(await kernel.resultOf('export const fine = 1;\nexport const wrong: number = "a";')).toMatch(
      /line 2: Type 'string' is not assignable/,
    );
  });

  test.each([
    ["\nexport { one } from './src/one.ts'", 'line 2: This exports from another file: write `import`'],
    ['const b = 1\nexport { b as c }', 'line 2: This exports under another name'],
  ])('that a cell cannot have is told in one sentence: %j', async (cell, said) => {
    const told = await kernel.resultOf(cell);
    expect(told).toContain(said);
    expect(told).toContain('Leave out the `export`');
    expect(told?.split('\n')).toHaveLength(2);
  });
});
