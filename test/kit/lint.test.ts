// needs: answers
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CheckoutCopy, copyCheckout } from './support/checkout-copy.ts';

let copy: CheckoutCopy;

beforeAll(async () => {
  copy = await copyCheckout(['biome.json', 'tsconfig.kernel.json', '.gitignore']);
  // Of all files two: the linters that run are the real ones.
  const only = { files: ['src/catalog.ts', 'src/untidy.ts'], include: [] };
  for (const name of ['tsconfig.json', 'tsconfig.kernel.json'])
    await writeFile(
      join(copy.folder, name),
      JSON.stringify({ compilerOptions: { noEmit: true, skipLibCheck: true }, ...only }),
    );
});
afterAll(() => copy?.remove());

test('./lab lint says what each linter found, not the first alone', async () => {
  await writeFile(join(copy.folder, 'src/untidy.ts'), 'export const  count: number = "three"\n');
  const { exitCode, stdout } = await copy.lab(['lint']);
  expect(exitCode, stdout).toBe(1);
  expect(stdout).toMatch(/✗ style: Biome finds nothing[\s\S]*src\/untidy\.ts/);
  expect(stdout).toMatch(/✗ types hold with the current TypeScript\n +src\/untidy\.ts\(1,15\): error TS2322/);
  expect(stdout).toMatch(/✗ types of what a notebook imports[^\n]*\n +src\/untidy\.ts\(1,15\): error TS2322/);
  expect(stdout).toContain('npm run fix');
}, 120_000);
