import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findIsolation } from '../../kit/judge/isolation/find.ts';
import type { FoundIsolation } from '../../kit/judge/isolation/isolation.ts';
import { TMP_BYTES } from '../../kit/judge/isolation/limits.ts';
import { descendants, stillRunning } from '../../kit/setup/descendants.ts';
import { connecting, listening, testsOfStudentCode } from './support/inside.ts';
import { attempt, isolatedLabs } from './support/isolated.ts';

const labs = isolatedLabs();
let [best, least]: FoundIsolation[] = [];

beforeAll(async () => {
  [best, least] = await Promise.all([findIsolation(), findIsolation({ most: 1 })]);
});
afterAll(async () => {
  await labs.close();
});

const levels = [
  ['the best level here', () => best!],
  ['level 1', () => least!],
] as const;
describe.each(levels)('student code at %s', (_, level) => testsOfStudentCode(labs, level));

test('a world of its own has its own processes, an empty small /tmp and no network', async () => {
  if (best!.level < 3) {
    expect(best!.sentence).toContain('Level 3 needs');
    return;
  }
  const server = await listening({ port: 0, host: '127.0.0.1' });
  const { port } = server.address() as { port: number };
  const code = `import { readdirSync, writeFileSync } from 'node:fs'; import { hostname, networkInterfaces } from 'node:os';${attempt}
    export async function f() {
      const before = readdirSync('/tmp');
      let written = 0;
      const full = attempt(() => { for (;; written += 1e6) writeFileSync('/tmp/' + written, Buffer.alloc(1e6)); });
      return { uid: process.getuid!(), pid: process.pid, host: hostname(), nets: Object.keys(networkInterfaces()), before, written, full,
        processes: readdirSync('/proc').filter((name) => Number(name)), lab: attempt(() => writeFileSync('/lab/x', '')) };
    }`;
  const seen = (await labs.run(code, best!)) as { written: number };
  expect(seen).toMatchObject({
    uid: 1000,
    pid: 2,
    host: 'lab',
    nets: ['lo'],
    before: [],
    full: 'ENOSPC',
    processes: ['1', '2'],
    lab: 'ERR_ACCESS_DENIED',
  });
  expect(seen.written).toBeLessThanOrEqual(TMP_BYTES);
  const talk = connecting.replace('WHERE', JSON.stringify({ port, host: '127.0.0.1' }));
  expect(await labs.run(talk, best!).finally(() => server.close())).toBe('ECONNREFUSED');
});

test('Runner.kill() leaves nothing of its world', async () => {
  const before = await descendants(process.pid);
  const known = new Set(before.map(({ pid }) => pid));
  const runner = await labs.load('export async function f() { for (;;); }', best!);
  const own = (await descendants(process.pid)).filter(({ pid }) => !known.has(pid));
  expect(own.length).toBeGreaterThanOrEqual(best!.level === 3 ? 3 : 1);
  await runner.kill();
  expect(await stillRunning(own)).toEqual([]);
});
