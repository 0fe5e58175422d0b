import { readdirSync } from 'node:fs';
import { mkdir, rm, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type KernelClient, startKernel } from './support/kernel-client.ts';
import { type KernelFolder, kernelFolder } from './support/kernel-folder.ts';

let folder: KernelFolder;
let kernel: KernelClient;
beforeAll(async () => {
  folder = await kernelFolder();
  await rm(join(folder.root, 'node_modules'));
  await mkdir(join(folder.root, 'node_modules'));
  for (const name of readdirSync(resolve('node_modules'))) {
    await symlink(resolve('node_modules', name), join(folder.root, 'node_modules', name));
  }
  await folder.write(
    'node_modules/only-exports/package.json',
    JSON.stringify({
      name: 'only-exports',
      version: '1.0.0',
      exports: { './price': { types: './types/price.d.ts', default: './lib/price.js' } },
    }),
  );
  await folder.write('node_modules/only-exports/types/price.d.ts', 'export declare const price: string;\n');
  await folder.write('node_modules/only-exports/lib/price.js', "exports.price = '9.99';\n");
  kernel = await startKernel({ root: folder.root });
});
afterAll(async () => {
  await kernel.shutdown();
  await folder.remove();
});

const problem = async (code: string) => String((await kernel.execute(code)).reply.evalue ?? 'none');

describe('cells', () => {
  test('are checked strictly', async () => {
    expect(await problem('const f = (x) => x')).toContain('implicitly has an');
    expect(await problem('const maybe: string | null = JSON.parse("null");\nmaybe.length')).toMatch(/null/);
  });

  test('know the library of ES2023', async () => {
    expect((await kernel.execute('[3, 1, 2].toSorted().findLast((n) => n < 3)')).result).toBe('2');
    expect((await kernel.execute('[3, 1, 2].with(0, 9)')).result).toBe('[ 9, 1, 2 ]');
  });

  test('find types that stand only under exports', async () => {
    expect(await problem("import { price } from 'only-exports/price'; price.toFixed(2)")).toContain(
      "Property 'toFixed' does not exist on type 'string'",
    );
    expect((await kernel.execute("import { price } from 'only-exports/price'; price")).result).toBe("'9.99'");
  });

  test('know the types of Node', async () => {
    expect(await problem("import { readFileSync } from 'node:fs'; readFileSync(1n)")).toMatch(/bigint/);
    expect((await kernel.execute("import { basename } from 'node:path'; basename('/a/b')")).result).toBe(
      "'b'",
    );
  });

  test('know the types of the clients', async () => {
    const code = [
      "import { Redis } from 'ioredis';",
      "import { createPool } from 'mysql2/promise';",
      'const redis = new Redis({ lazyConnect: true });',
      "const mysql = createPool({ host: '127.0.0.1', port: 1 });",
    ].join('\n');
    expect(await problem(code)).toBe('none');
    expect(await problem('const n: number = await redis.get("order:1")')).toMatch(/'string \| null'/);
    expect(await problem('redis.hgetAll("order:1")')).toContain("'hgetall'");
    expect(await problem('await mysql.query(1)')).toMatch(/number/);
    await kernel.execute('redis.disconnect(); await mysql.end()');
  });

  test('may await, also in a loop, at the top level', async () => {
    expect((await kernel.execute('const ten = await Promise.resolve(10); ten')).result).toBe('10');
    const loop =
      'async function* three() { yield 1; yield 2; yield 3; }\nlet sum = 0;\nfor await (const n of three()) sum += n;\nsum';
    expect((await kernel.execute(loop)).result).toBe('6');
  });

  test('find a package that was installed while the kernel ran', async () => {
    expect(await problem("import { late } from 'late'; late")).toContain("Cannot find module 'late'");
    await folder.write(
      'node_modules/late/package.json',
      '{ "name": "late", "main": "i.js", "types": "i.d.ts" }',
    );
    await folder.write('node_modules/late/i.d.ts', 'export declare const late: number;\n');
    await folder.write('node_modules/late/i.js', 'exports.late = 5;\n');
    expect((await kernel.execute("import { late } from 'late'; late")).result).toBe('5');
  });

  test('go on while files of packages come and go', async () => {
    await kernel.execute("import { late } from 'late'");
    for (let round = 0; round < 5; round++) {
      await folder.write(`node_modules/new-${round}/package.json`, `{ "name": "new-${round}" }`, 'renamed');
      await folder.write(`node_modules/late/i.d.ts`, 'export declare const late: number;\n', 'renamed');
      await folder.write(`src/other-${round}.ts`, 'export const other = 1;\n', 'renamed');
      const { result } = await kernel.execute(
        `import { other } from './src/other-${round}.ts'; late + other`,
      );
      expect(result).toBe('6');
    }
  });
});
