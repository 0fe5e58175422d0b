import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rootFolder } from '../../../kit/base/root.ts';
import type { FoundIsolation } from '../../../kit/judge/isolation/isolation.ts';
import { attempt, type isolatedLabs } from './isolated.ts';

const refused = /^(ENOENT|EACCES|ERR_ACCESS_DENIED|ENOTDIR)$/;
/** What a runner may find in its environment; the engine puts the last three into every container. */
const named = new Set(['TZ', 'LANG', 'PWD', 'PATH', 'HOME', 'HOSTNAME']);

/** A server that greets. */
export async function listening(where: { path: string } | { port: number; host: string }): Promise<Server> {
  const server = createServer((socket) => socket.on('error', () => {}).end('hello'));
  await new Promise<void>((resolve) => server.listen(where, resolve));
  return server;
}

/** Source of a function that says how it was greeted at `WHERE`, or why not. */
export const connecting = `export const f = (_: unknown) => new Promise((resolve) => {
    const socket = process.getBuiltinModule('node:net').connect(WHERE);
    socket.on('data', (data) => resolve(String(data)));
    socket.on('error', (error: any) => resolve(error.code));
  });`;

/** What student code may and may not do, whatever shuts it in. */
export function testsOfStudentCode(labs: ReturnType<typeof isolatedLabs>, level: () => FoundIsolation): void {
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
    const code = `${attempt}
      const look = (path: string) => attempt(() => { const { readdirSync, readFileSync } = process.getBuiltinModule('node:fs'); try { return readFileSync(path, 'utf8'); } catch (error: any) { if (error.code !== 'EISDIR') throw error; return readdirSync(path); } });
      export async function f() { return ${JSON.stringify(wanted)}.map(look); }`;
    const seen = (await labs.run(code, level())) as unknown[];
    expect(seen.filter((one) => !refused.test(String(one)))).toEqual([]);
  });

  test("has none of the judge's environment", async () => {
    process.env.STORELAB_SECRET = 'told to nobody';
    const env = await labs.run('export async function f() { return { ...process.env }; }', level());
    delete process.env.STORELAB_SECRET;
    expect(Object.keys(env as object).filter((name) => !named.has(name))).toEqual([]);
    expect((env as { PATH?: string }).PATH).not.toBe(process.env.PATH);
  });

  test('starts no process, no thread and no machine code, and ends no other process', async () => {
    const code = `${attempt}
      const load = (name: string) => process.getBuiltinModule(name) as any;
      export async function f() { return [
        attempt(() => { throw load('node:child_process').spawnSync('/bin/true').error ?? new Error('started'); }),
        attempt(() => new (load('node:worker_threads').Worker)('1', { eval: true })),
        attempt(() => new (load('node:worker_threads').Worker)('1', { eval: true, execArgv: [] })),
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
    // Behind permissions alone it gets no sockets of its own making: test/kit/isolation-fence.test.ts tries its clients.
    if (level().level === 1) {
      const any = connecting.replace('WHERE', JSON.stringify({ path: '/nowhere.sock' }));
      await expect(labs.run(any, level())).rejects.toThrow(/may not/);
      return;
    }
    // As the taps have them: in the system's temporary folder, which everybody may enter.
    const [own, others] = [
      mkdtempSync(join(tmpdir(), 'storelab-test-')),
      mkdtempSync(join(tmpdir(), 'storelab-test-')),
    ];
    const [given, secret] = [join(own, 'redis.sock'), join(others, 'redis.sock')];
    const servers = await Promise.all([listening({ path: given }), listening({ path: secret })]);
    await level().admit(own, [given]);
    const talk = (path: string) =>
      labs.run(connecting.replace('WHERE', JSON.stringify({ path })), level(), given);
    try {
      expect(await talk('/lab/redis.sock')).toBe('hello');
      expect(await talk(secret)).toMatch(/^(ENOENT|EACCES)$/);
    } finally {
      for (const server of servers) server.close();
      for (const folder of [own, others]) rmSync(folder, { recursive: true, force: true });
    }
  });
}
