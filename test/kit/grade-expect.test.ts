import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { rootFolder } from '../../kit/base/root.ts';
import { thrownBy } from './support/assertions.ts';

test("the judge's own expect throws, word for word, what vitest's throws", async () => {
  const program = join(rootFolder(), 'test', 'kit', 'support', 'assertions.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [program, 'print'], { cwd: rootFolder() });
  const thrown = await thrownBy(expect as never);
  expect(thrown).not.toContain('nothing');
  expect(JSON.parse(stdout)).toEqual(thrown);
});

test('both are of one version', async () => {
  const { dependencies } = JSON.parse(await readFile(join(rootFolder(), 'package.json'), 'utf8'));
  expect(dependencies['@vitest/expect']).toBe(dependencies.vitest);
});
