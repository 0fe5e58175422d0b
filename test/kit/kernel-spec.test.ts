import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeKernelspec } from '../../kit/setup/kernelspec.ts';
import { startKernel } from './support/kernel-client.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'storelab-spec-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the kernelspec', () => {
  test('in .jupyter names its files by {resource_dir} and starts without Node on PATH', async () => {
    const spec = JSON.parse(await readFile('.jupyter/kernels/storelab/kernel.json', 'utf8'));
    expect(spec).toMatchObject({ language: 'typescript', interrupt_mode: 'signal' });
    const command = spec.argv
      .slice(0, -1)
      .map((part: string) => part.replace('{resource_dir}', resolve('.jupyter/kernels/storelab')));
    expect(spec.argv.at(-1)).toBe('{connection_file}');
    const kernel = await startKernel({ command: ['env', 'PATH=/usr/bin:/bin', ...command] });
    expect((await kernel.execute('process.version')).result).toBe(`'${process.version}'`);
    await kernel.shutdown();
  });

  test('writeKernelspec() writes absolute paths, for VS Code, and may be called again', async () => {
    await writeKernelspec(folder);
    const written = await writeKernelspec(folder);
    expect(written).toBe(join(folder, 'storelab'));
    const { argv, env } = JSON.parse(await readFile(join(written, 'kernel.json'), 'utf8'));
    expect(isAbsolute(argv[0])).toBe(true);
    expect(env.STORELAB_ROOT).toBe(resolve('.'));
    expect((await stat(join(written, 'logo-64x64.png'))).size).toBeGreaterThan(100);
    const kernel = await startKernel({ command: argv.slice(0, -1) });
    expect((await kernel.execute('1 + 1')).result).toBe('2');
    await kernel.shutdown();
  });
});
