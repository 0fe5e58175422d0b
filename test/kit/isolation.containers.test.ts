import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, describe, expect, test } from 'vitest';
import { rootFolder } from '../../kit/base/root.ts';
import { InfrastructureError } from '../../kit/judge/explain.ts';
import { LABEL } from '../../kit/judge/isolation/container.ts';
import { startContained } from '../../kit/judge/isolation/container-process.ts';
import { findIsolation, requireIsolation } from '../../kit/judge/isolation/find.ts';
import type { FoundIsolation } from '../../kit/judge/isolation/isolation.ts';
import { limits, TMP_BYTES } from '../../kit/judge/isolation/limits.ts';
import { runnerProgram } from '../../kit/judge/runner/bundle.ts';
import { bomb } from './support/bomb.ts';
import { connecting, listening, testsOfStudentCode } from './support/inside.ts';
import { isolatedLabs } from './support/isolated.ts';
import { until } from './support/owner.ts';

// Run where LAB_TEST_CONTAINERS is set: it needs a Docker engine, and no image.

const labs = isolatedLabs();
const found = await findIsolation({ most: 2 });
if (found.level < 2) console.log(`Level 2 is not tried here. ${found.sentence}`);
afterAll(() => labs.close());

const docker = (...words: string[]) => execFileSync('docker', words, { encoding: 'utf8' }).trim();
const containers = (filter: string) => docker('ps', '-aq', '--filter', filter);

/** What code prints that runs as a runner does, without Node's own fence: what the container alone holds back. */
async function behindTheFence(code: string): Promise<Record<string, unknown>> {
  const program = await runnerProgram();
  const start = found.start(program, { lab: program.start });
  const words = start.args.slice(0, -3).filter((word) => !/^--(permission|allow-)/.test(word));
  const knock = "require('node:net').connect(process.env.LAB_CHANNEL).unref();";
  const { child } = await startContained(
    { ...start, args: [...words, '-e', knock + code] },
    start.container!,
  );
  return JSON.parse(await text(child.stdout!));
}

test('findIsolation() gives level 2 where an engine answers, and else says why not', async () => {
  if (found.level < 2) expect(found.sentence).toMatch(/Level 2 needs a Docker engine, and none answers/);
  else
    expect(found.sentence).toMatch(/^level 2: a container without network \(Docker \d+\.\S+\), as user \d+$/);
});

describe.runIf(found.level === 2)('level 2', () => {
  testsOfStudentCode(labs, () => found);

  test('is enough where level 2 is required, and not where level 3 is', async () => {
    expect((await requireIsolation(2, { most: 2 })).level).toBe(2);
    await expect(requireIsolation(3, { most: 2 })).rejects.toThrow(/reaches level 2: a container/);
  });

  test('has a small empty /tmp, no network, no right, and none of the files of this machine', async () => {
    const server = await listening({ port: 0, host: '127.0.0.1' });
    const { port } = server.address() as { port: number };
    const seen = await behindTheFence(`
      const { readdirSync, readFileSync, writeFileSync } = require('node:fs');
      const attempt = (thunk) => { try { return thunk(); } catch (error) { return error.code ?? error.message; } };
      const before = readdirSync('/tmp');
      let written = 0;
      const full = attempt(() => { for (;; written += 1e6) writeFileSync('/tmp/' + written, Buffer.alloc(1e6)); });
      const status = readFileSync('/proc/self/status', 'utf8');
      const of = (name) => status.split(name + ':')[1]?.trim().split('\\n')[0];
      const say = (hello) => console.log(JSON.stringify({ before, written, full, hello,
        nets: Object.keys(require('node:os').networkInterfaces()), uid: process.getuid(), groups: process.getgroups(),
        lab: attempt(() => writeFileSync('/lab/x', '')), shm: attempt(() => writeFileSync('/dev/shm/x', '')),
        passwd: attempt(() => readFileSync('/etc/passwd', 'utf8')), home: attempt(() => readdirSync('/home')),
        checkout: attempt(() => readdirSync(${JSON.stringify(rootFolder())})), inLab: readdirSync('/lab').sort(),
        shell: require('node:child_process').spawnSync('/bin/sh').error?.code,
        world: readdirSync('/proc').filter(Number).length,
        rights: [of('CapEff'), of('CapBnd'), of('NoNewPrivs'), of('Seccomp')] }));
      const socket = require('node:net').connect(${port}, '127.0.0.1');
      socket.on('data', String).on('data', say).on('error', (error) => say(error.code));
    `).finally(() => server.close());
    expect(seen).toMatchObject({
      before: [],
      full: 'ENOSPC',
      hello: 'ECONNREFUSED',
      nets: ['lo'],
      lab: 'EROFS',
      passwd: 'ENOENT',
      home: 'ENOENT',
      checkout: 'ENOENT',
      shell: 'ENOENT',
      world: 2,
      rights: ['0000000000000000', '0000000000000000', '1', '2'],
    });
    expect(seen.shm).toMatch(/^(ENOENT|EROFS|EACCES)$/);
    expect(seen.uid).toBeGreaterThan(60_000);
    expect(seen.groups).toEqual([seen.uid]);
    expect(seen.written).toBeLessThanOrEqual(TMP_BYTES);
    const program = ['lab.mjs', 'node', 'runner.blob', 'runner.cjs', 'runner.v8', 'start.cjs'];
    const others = ['channel', 'timeout', 'watchdog'];
    expect((seen.inLab as string[]).filter((name) => ![...program, ...others].includes(name))).toEqual([]);
  });

  test('has at most 64 processes and threads, which two runners do not share', async () => {
    for (const { tasks, failed } of await Promise.all([behindTheFence(bomb), behindTheFence(bomb)])) {
      expect(failed).toBeGreaterThan(0);
      expect(tasks).toBeGreaterThan(limits.nproc / 4);
      expect(tasks).toBeLessThanOrEqual(limits.nproc);
    }
  });

  test("lets nobody in at the judge's socket after the runner", async () => {
    const again = connecting.replace('WHERE', JSON.stringify({ path: '/lab/channel' }));
    expect(await labs.run(again, found)).toBe('ECONNREFUSED');
  });

  test.each([
    ['process.exit(3)', /ended its own process \(exit code 3\)/],
    ["process.kill(process.pid, 'SIGKILL')", /was ended by SIGKILL/],
    ['process.abort()', /was ended by SIGABRT/],
    ['const a: unknown[] = []; for (;;) a.push(new Array(1e6).fill(a.length))', /more than \d+ MB of memory/],
    ['for (;;);', /endless loop/],
  ])('tells the end by %s as it is', async (code, told) => {
    await expect(labs.run(`export async function f() { ${code}; }`, found)).rejects.toThrow(told);
  });

  test('prints apart from what it answers', async () => {
    const runner = await labs.load(
      "export async function f() { console.log('out'); console.error('err'); return 1; }",
      found,
    );
    expect(await runner.call('f', [])).toBe(1);
    await until(() => runner.output.text('stdout') === 'out\n' && runner.output.text('stderr') === 'err\n');
    await runner.kill();
  });

  test("a runner that does not come up is the engine's failure, said with its words", async () => {
    const broken = {
      ...found,
      start: (...given: Parameters<FoundIsolation['start']>) => {
        const start = found.start(...given);
        return {
          ...start,
          args: start.args.map((word) => (word.startsWith('storelab-nothing') ? 'storelab-missing:1' : word)),
        };
      },
    };
    const error = await labs.load('export async function f() {}', broken).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InfrastructureError);
    expect(String(error)).toMatch(/A runner did not start: .*storelab-missing/s);
  });

  test('kill() leaves no container, whatever the code does', async () => {
    const runner = await labs.load('export async function f() { for (;;); }', found);
    const call = runner.call('f', []).catch(() => {});
    expect(containers(`label=${LABEL}`)).not.toBe('');
    await runner.kill();
    await call;
    expect(containers(`label=${LABEL}`)).toBe('');
  });

  test('leaves no container behind when the judge is killed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'storelab-test-'));
    try {
      const source = join(folder, 'loop.ts');
      writeFileSync(source, 'export async function f() { for (;;); }');
      const judge = spawn(process.execPath, [join(import.meta.dirname, 'support', 'judge.ts'), source], {
        env: { ...process.env, LAB_ISOLATION: '2' },
      });
      await once(judge.stdout, 'data');
      const its = () => containers(`name=storelab-runner-${judge.pid}-`);
      expect(its()).not.toBe('');
      judge.kill('SIGKILL');
      await until(() => its() === '');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
