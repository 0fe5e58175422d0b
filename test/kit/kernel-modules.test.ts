import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type KernelClient, startKernel } from './support/kernel-client.ts';
import { type KernelFolder, kernelFolder } from './support/kernel-folder.ts';

let folder: KernelFolder;
let kernel: KernelClient;
beforeAll(async () => {
  folder = await kernelFolder({
    'src/price.ts': "export const price = (): string => '1.00';\n",
    'src/basket.ts':
      "import { price } from './price.ts';\nexport const total = (): string => `2 x ${price()}`;\n",
    'src/shop.ts':
      "import { total } from './basket.ts';\nexport const bill = (): string => `bill: ${total()}`;\n",
    'src/a.ts':
      "import { isOdd } from './b.ts';\nexport function isEven(n: number): boolean { return n === 0 || isOdd(n - 1); }\n",
    'src/b.ts':
      "import { isEven } from './a.ts';\nexport function isOdd(n: number): boolean { return n !== 0 && isEven(n - 1); }\n",
    'src/folder/index.ts': "export { inner } from './inner.part.ts';\n",
    'src/folder/inner.part.ts': "export const inner = 'from a dotted file';\n",
    'src/data.json': '[1, 2, 3]\n',
    'src/counter.ts': 'let count = 0;\nexport const next = (): number => ++count;\n',
    'src/throws.ts': "throw new Error('not yet');\nexport const never = 1;\n",
  });
  kernel = await startKernel({ root: folder.root });
});
afterAll(async () => {
  await kernel.shutdown();
  await folder.remove();
});

describe('an import', () => {
  test('ends in .ts, in .js or in nothing', async () => {
    expect(await kernel.resultOf("import { price } from './src/price.ts'; price()")).toBe("'1.00'");
    expect(await kernel.resultOf("import { price as p2 } from './src/price'; p2()")).toBe("'1.00'");
    expect(await kernel.resultOf("import { price as p3 } from './src/price.js'; p3()")).toBe("'1.00'");
  });

  test('may be of a file in UTF-16 that Windows wrote', async () => {
    const text = "\ufeffexport const accent = (): string => 'é';\r\n";
    await writeFile(join(folder.root, 'src/utf16.ts'), Buffer.from(text, 'utf16le'));
    expect(await kernel.resultOf("import { accent } from './src/utf16.ts'; accent()")).toBe("'é'");
  });

  test('may be circular', async () => {
    expect(await kernel.resultOf("import { isEven } from './src/a.ts'; isEven(10)")).toBe('true');
  });

  test('may name a folder, and a file with a dot in its name', async () => {
    expect(await kernel.resultOf("import { inner } from './src/folder'; inner")).toBe("'from a dotted file'");
    expect(await kernel.resultOf("import { inner as i2 } from './src/folder/inner.part'; i2")).toBe(
      "'from a dotted file'",
    );
  });

  test('may be of JSON', async () => {
    expect(await kernel.resultOf("import data from './src/data.json'; data.map((n) => n * 2)")).toBe(
      '[ 2, 4, 6 ]',
    );
  });

  test('may be made of parts at run time', async () => {
    expect(await kernel.resultOf("const which = 'price'; (await import(`./src/${which}.ts`)).price()")).toBe(
      "'1.00'",
    );
  });

  test('of a namespace shows its members', async () => {
    expect(await kernel.resultOf("import * as price from './src/price.ts'; Object.keys(price)")).toBe(
      "[ 'price' ]",
    );
  });

  test('of a package that is only an ES module works', async () => {
    expect(await kernel.resultOf("import { execa } from 'execa'; typeof execa")).toBe("'function'");
  });

  test('keeps the state of its module between cells', async () => {
    expect(await kernel.resultOf("import { next } from './src/counter.ts'; next()")).toBe('1');
    expect(await kernel.resultOf("import { next } from './src/counter.ts'; next()")).toBe('2');
  });
});

describe('an edited file', () => {
  test('is loaded again with all that imports it, when the import runs again', async () => {
    expect(await kernel.resultOf("import { bill } from './src/shop.ts'; bill()")).toBe("'bill: 2 x 1.00'");
    await folder.write('src/price.ts', "export const price = (): string => '7.50';\n");
    expect(await kernel.resultOf("import { bill } from './src/shop.ts'; bill()")).toBe("'bill: 2 x 7.50'");
  });

  test('is loaded again when a name imported earlier is used', async () => {
    await kernel.resultOf("import { bill } from './src/shop.ts'");
    await folder.write('src/basket.ts', "export const total = (): string => 'nothing';\n");
    expect(await kernel.resultOf('bill()')).toBe("'bill: nothing'");
  });

  test('is loaded again after a save through a temporary file, every time', async () => {
    for (const price of ['1.01', '1.02', '1.03']) {
      await folder.write('src/price.ts', `export const price = (): string => '${price}';\n`, 'renamed');
      expect(await kernel.resultOf("import { price } from './src/price.ts'; price()")).toBe(`'${price}'`);
    }
  });

  test('gives its new types to cells at once', async () => {
    await folder.write('src/price.ts', 'export const price = (vat: number): number => 10 * vat;\n');
    expect(await kernel.resultOf("import { price } from './src/price.ts'; price()")).toMatch(
      /^TypeScriptError: .*Expected 1/s,
    );
    expect(await kernel.resultOf("import { price } from './src/price.ts'; price(2)")).toBe('20');
  });

  test('with a mistake refuses no cell that does not use it', async () => {
    await kernel.resultOf("import { price } from './src/price.ts'");
    await folder.write('src/price.ts', 'export const price = (;\n');
    expect(await kernel.resultOf('1 + 1')).toBe('2');
    expect(await kernel.resultOf('price(1)')).toMatch(/price\.ts, line 1/);
    await folder.write('src/price.ts', 'export const price = (n: number): number => n;\n');
    expect(await kernel.resultOf('price(3)')).toBe('3');
  });

  test('that failed to load is tried again', async () => {
    expect(await kernel.resultOf("import { never } from './src/throws.ts'; never")).toBe('Error: not yet');
    await folder.write('src/throws.ts', 'export const never = 2;\n');
    expect(await kernel.resultOf("import { never } from './src/throws.ts'; never")).toBe('2');
  });

  test('that is new is found, also after an import of it failed', async () => {
    expect(await kernel.resultOf("import { fresh } from './labs/fresh.ts'; fresh")).toMatch(
      /Cannot find module/,
    );
    await folder.write('labs/fresh.ts', 'export const fresh = 1;\n');
    expect(await kernel.resultOf("import { fresh } from './labs/fresh.ts'; fresh")).toBe('1');
  });

  test('gives way to a name that a cell declares', async () => {
    await kernel.resultOf("import { next } from './src/counter.ts'");
    expect(await kernel.resultOf('const next = () => 99; next()')).toBe('99');
    expect(await kernel.resultOf('next()')).toBe('99');
  });
});

describe('a name of an earlier cell', () => {
  test('works as a shorthand property', async () => {
    await kernel.resultOf('const redis = { name: "r" }; const id = (x: { redis: unknown }) => x');
    expect(await kernel.resultOf('id({ redis })')).toBe("{ redis: { name: 'r' } }");
  });

  test('works as the target of a destructuring assignment', async () => {
    await kernel.resultOf('let stock = 0; let left = 0');
    await kernel.resultOf('({ stock, left = 5 } = { stock: 3 } as { stock: number; left?: number })');
    expect(await kernel.resultOf('[stock, left]')).toBe('[ 3, 5 ]');
  });

  test('may be destructured under another name', async () => {
    await kernel.resultOf('const order = { id: 1, items: [{ sku: "mug" }] }');
    expect(
      await kernel.resultOf('const { id: orderId, items: [{ sku: firstSku }] } = order; [orderId, firstSku]'),
    ).toBe("[ 1, 'mug' ]");
  });

  test('may be declared again with another type', async () => {
    await kernel.resultOf('const again = 1');
    expect(await kernel.resultOf('const again = "one"; again.length')).toBe('3');
  });
});
