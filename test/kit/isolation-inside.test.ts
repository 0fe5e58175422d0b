import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findIsolation } from '../../src/grade/isolation/find.ts';
import type { FoundIsolation } from '../../src/grade/isolation/isolation.ts';
import { TMP_BYTES } from '../../src/grade/isolation/limits.ts';
import { rootFolder } from '../../src/root.ts';
import { descendants, stillRunning } from '../../src/setup/descendants.ts';
import { attempt, isolatedLabs } from './support/isolated.ts';

const labs = isolatedLabs();
let [best, least]: FoundIsolation[] = [];
const servers: Server[] = [];
const folders: string[] = [];

beforeAll(async () => {
  [best, least] = await Promise.all([findIsolation(), findIsolation({ most: 1 })]);
});
afterAll(async () => {
  await labs.close();
  for (const server of servers) server.close();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const levels = [
  ['the best level here', () => best!],
  ['level 1', () => least!],
] as const;
const refused = /^(ENOENT|EACCES|ERR_ACCESS_DENIED|ENOTDIR)$/;

async function listening(where: { path: string } | { port: number; host: string }): Promise<Server> {
  const server = createServer((socket) => socket.end('hello'));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(where, resolve));
  return server;
}

const connecting = `import { connect } from 'node:net';
  export const f = (_: unknown) => new Promise((resolve) => {
    const socket = connect(WHERE);
    socket.on('data', (data) => resolve(String(data)));
    socket.on('error', (error: any) => resolve(error.code));
  });`;

describe.each(levels)('student code at %s', (_, level) => {
  test("reads no file but its own: not the answers, not another student's, not the system's", async () => {
    const other = join(labs.folder, 'other-student.ts');
    writeFileSync(other, 'export const secret = 42;');
    const wanted = [
      '/etc/passwd',
      '/',
      homedir(),
      rootFolder(),
      join(rootFolder(), 'answers/03-hset-mapping.md'),
      join(rootFolder(), 'test/03-hset-mapping.test.ts'),
      labs.folder,
      other,
    ];
    const code = `import { readdirSync, readFileSync } from 'node:fs';${attempt}
      const look = (path: string) => attempt(() => { try { return readFileSync(path, 'utf8'); } catch (error: any) { if (error.code !== 'EISDIR') throw error; return readdirSync(path); } });
      export async function f() { return ${JSON.stringify(wanted)}.map(look); }`;
    const seen = (await labs.run(code, level())) as unknown[];
    expect(seen.filter((one) => !refused.test(String(one)))).toEqual([]);
  });

  test("has none of the judge's environment", async () => {
    process.env.STORELAB_SECRET = 'told to nobody';
    const env = await labs.run('export async function f() { return { ...process.env }; }', level());
    delete process.env.STORELAB_SECRET;
    expect(Object.keys(env as object).filter((name) => !['TZ', 'LANG', 'PWD'].includes(name))).toEqual([]);
  });

  test('starts no process, no thread and no machine code, and ends no other process', async () => {
    const code = `import { spawnSync } from 'node:child_process'; import { Worker } from 'node:worker_threads';${attempt}
      export async function f() { return [
        attempt(() => { throw spawnSync('/bin/true').error ?? new Error('started'); }),
        attempt(() => new Worker('1', { eval: true })),
        attempt(() => new Worker('1', { eval: true, execArgv: [] })),
        attempt(() => (process as any).binding('spawn_sync') && 'there'),
        attempt(() => process.dlopen({ exports: {} } as never, '/x.node')),
        attempt(() => process.kill(${process.pid}, 0)),
        attempt(() => (process as any)._kill(process.ppid, 0)),
      ]; }`;
    const seen = (await labs.run(code, level())) as unknown[];
    expect(seen.filter((one) => !/ERR_ACCESS_DENIED|ERR_DLOPEN_DISABLED/.test(String(one)))).toEqual([]);
  });

  test('takes no more than its share of memory', async () => {
    const code =
      'export async function f() { const a: unknown[] = []; try { for (;;) a.push(Buffer.alloc(5e7, 1)); } catch { return a.length * 50; } }';
    const megabytes = await labs.run(code, level());
    expect(megabytes).toBeGreaterThan(200);
    expect(megabytes).toBeLessThan(1000);
  });

  test("reaches the socket that it is given, and no other worker's", async () => {
    // As the taps have them: in the system's temporary folder, which everybody may enter.
    const [own, others] = [
      mkdtempSync(join(tmpdir(), 'storelab-test-')),
      mkdtempSync(join(tmpdir(), 'storelab-test-')),
    ];
    folders.push(own, others);
    const [given, secret] = [join(own, 'redis.sock'), join(others, 'redis.sock')];
    await Promise.all([listening({ path: given }), listening({ path: secret })]);
    await level().admit(own, [given]);
    const inside = level().level === 3 ? '/lab/redis.sock' : given;
    const talk = (path: string) =>
      labs.run(connecting.replace('WHERE', JSON.stringify({ path })), level(), given);
    expect(await talk(inside)).toBe('hello');
    // Behind permissions alone an ordinary user's runner is that user, whose sockets are open to it.
    const walled = level().level === 3 || process.getuid?.() === 0;
    if (walled) expect(await talk(secret)).toMatch(/^(ENOENT|EACCES)$/);
  });
});

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
  expect(await labs.run(talk, best!)).toBe('ECONNREFUSED');
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
