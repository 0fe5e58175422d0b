import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, describe, expect, test } from 'vitest';
import { rootFolder } from '../../kit/base/root.ts';
import { cacheFolder, runnerProgram } from '../../kit/judge/runner/bundle.ts';
import { describeInputs, hashOfInputs, unchanged } from '../../kit/judge/runner/bundle-inputs.ts';

const folder = mkdtempSync(join(tmpdir(), 'storelab-bundle-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, text: string) => writeFileSync(join(folder, name), text);

describe('unchanged()', () => {
  test('gives the same inputs where no file was touched, without reading one', async () => {
    write('a.ts', 'one');
    const inputs = await describeInputs(folder, ['a.ts']);
    const now = await unchanged(folder, inputs);
    expect(now?.[0]).toBe(inputs[0]);
  });

  test('gives new times for a file that was written anew with the same text', async () => {
    write('a.ts', 'one');
    const inputs = await describeInputs(folder, ['a.ts']);
    const before = { ...inputs[0]!, ctimeMs: inputs[0]!.ctimeMs - 1 };
    expect(await unchanged(folder, [before])).toEqual(inputs);
  });

  test('gives undefined where one holds something else or is gone', async () => {
    write('a.ts', 'one');
    write('b.ts', 'two');
    const inputs = await describeInputs(folder, ['a.ts', 'b.ts']);
    write('b.ts', 'six');
    expect(await unchanged(folder, inputs)).toBe(undefined);
    rmSync(join(folder, 'b.ts'));
    expect(await unchanged(folder, inputs)).toBe(undefined);
  });

  test('has one hash for the same files, in whatever order they are named', async () => {
    write('a.ts', 'one');
    write('b.ts', 'two');
    const [one, other] = [
      await describeInputs(folder, ['a.ts', 'b.ts']),
      await describeInputs(folder, ['b.ts', 'a.ts']),
    ];
    expect(hashOfInputs(other)).toBe(hashOfInputs(one));
    write('b.ts', 'six');
    expect(hashOfInputs(await describeInputs(folder, ['a.ts', 'b.ts']))).not.toBe(hashOfInputs(one));
  });
});

describe('runnerProgram()', () => {
  const manifest = join(cacheFolder(), 'bundle.json');

  test('notes what it was built from: whatever the runner imports, its clients, and what builds it', async () => {
    const program = await runnerProgram();
    const { name, inputs } = JSON.parse(readFileSync(manifest, 'utf8'));
    expect(program.runner).toBe(join(cacheFolder(), `${name}.cjs`));
    expect(existsSync(program.code)).toBe(true);
    const paths: string[] = inputs.map(({ path }: { path: string }) => path);
    expect(paths).toEqual(
      expect.arrayContaining([
        'kit/judge/runner/main.ts',
        'kit/judge/runner/value.ts',
        'kit/servers/clients.ts',
        'kit/judge/runner/lazy-builtins.ts',
        'node_modules/.package-lock.json',
      ]),
    );
    expect(paths.length, 'packages count as one').toBeLessThan(30);
  });

  test('is found by another process, and not built again', async () => {
    const { runner } = await runnerProgram();
    const before = [manifest, runner].map((file) => statSync(file).ctimeMs);
    const file = join(rootFolder(), 'kit/judge/runner/bundle.ts');
    const code = `const { runnerProgram } = await import(${JSON.stringify(file)}); console.log((await runnerProgram()).runner);`;
    const { stdout } = await execa(process.execPath, ['--input-type=module', '-e', code], {
      cwd: rootFolder(),
    });
    expect(stdout).toBe(runner);
    expect([manifest, runner].map((file) => statSync(file).ctimeMs)).toEqual(before);
  });
});
