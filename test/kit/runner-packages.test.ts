import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { callLimit } from '../../kit/judge/runner/limit.ts';
import { bundled } from '../../kit/judge/runner/package-names.ts';
import { Runner } from '../../kit/judge/runner/runner.ts';
import { transpile } from '../../kit/judge/runner/transpile.ts';
import { noServers } from './support/no-servers.ts';

let folder: string;
let runner: Runner | undefined;
let files = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'storelab-packages-'));
});
afterEach(() => runner?.kill());
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What `look()` of this file gives back in a runner. */
async function look(code: string): Promise<unknown> {
  const source = join(folder, `lab-${++files}.ts`);
  await writeFile(source, code);
  const { file, imports } = await transpile(source, ['ioredis', 'mysql2', 'bullmq']);
  const traffic = { atRest: () => true, crossings: () => 0 };
  runner = await Runner.start({ source, file, imports, servers: noServers, now: 1000, traffic }, callLimit());
  return runner.call('look', []);
}

/** What a bare Node has under this name: the type of each export. */
function inNode(path: string): Record<string, string> {
  const code = `const all = await import('${path}');
    console.log(JSON.stringify(Object.fromEntries(Object.keys(all).map((name) => [name, typeof all[name]]))));
    process.exit();`;
  const args = ['--input-type=module', '-e', code];
  return JSON.parse(execFileSync(process.execPath, args, { cwd: import.meta.dirname, encoding: 'utf8' }));
}

describe('a package in a lab file', () => {
  test.each([...bundled])('%s exports what Node gives, name by name', async (path) => {
    const node = inNode(path);
    const lab = await look(
      `import * as all from '${path}'; import whole from '${path}';\n` +
        'export const look = async () => [Object.fromEntries(Object.keys(all).map((n) => [n, typeof (all as any)[n]])), whole === all.default, typeof whole];',
    );
    expect(lab).toEqual([node, true, node.default]);
  });

  test('has its documented imports', async () => {
    const lab = await look(`import Redis, { Redis as Named } from 'ioredis';
import mysql from 'mysql2/promise';
import { createPool } from 'mysql2/promise';
import { Queue } from 'bullmq';
export const look = async ({ redis }: any) =>
  [Redis === Named, redis instanceof Redis, mysql.createPool === createPool, typeof Queue];`);
    expect(lab).toEqual([true, true, true, 'function']);
  });
});
