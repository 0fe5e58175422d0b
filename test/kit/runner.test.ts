import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { judgeLost } from '../../kit/base/lost-time.ts';
import { callLimit } from '../../kit/judge/runner/limit.ts';
import { Runner } from '../../kit/judge/runner/runner.ts';
import { StudentError } from '../../kit/judge/runner/student-error.ts';
import { CannotLoad, transpile } from '../../kit/judge/runner/transpile.ts';
import { noServers } from './support/no-servers.ts';

let folder: string;
let runner: Runner | undefined;
let files = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'storelab-test-'));
});
afterEach(async () => {
  await runner?.kill();
  runner = undefined;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** An endless loop is told by its processor time, which may be long in coming on a busy machine. */
const longer = { timeout: 150_000 };

/** Nothing crosses to a server. */
const none = { atRest: () => true, crossings: () => 0 };

async function load(
  code: string,
  { limitMs, watched = false }: { limitMs?: number; watched?: boolean } = {},
): Promise<Runner> {
  const source = join(folder, `lab-${++files}.ts`);
  await writeFile(source, code);
  const { file, imports } = await transpile(source, ['ioredis', 'bullmq']);
  runner = await Runner.start(
    { source, file, imports, servers: noServers, now: 1000, traffic: none, watched },
    callLimit(limitMs),
  );
  return runner;
}

function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function failure(promise: Promise<unknown>): Promise<StudentError> {
  const error = await promise.then(
    (value) => new Error(`resolved to ${JSON.stringify(value)}`),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof StudentError)) throw error;
  return error;
}

describe('Runner.call()', () => {
  test('passes plain data both ways and calls back', async () => {
    const code =
      'export async function twice(_: unknown, { load }: any, x: Date) { return [await load(1), await load(2), x]; }';
    const loads: unknown[] = [];
    const value = await (await load(code)).call('twice', [
      { load: async (n: number) => n * 10 * Math.sign(loads.push(n)) },
      new Date(5),
    ]);
    expect(value).toEqual([10, 20, new Date(5)]);
    expect(loads).toEqual([1, 2]);
  });

  test('lets a lab use BullMQ, where it is listed', async () => {
    const code =
      "import { Queue, Worker } from 'bullmq';\nexport const f = async () => [Queue, Worker].map((one) => typeof one);";
    expect(await (await load(code)).call('f', [])).toEqual(['function', 'function']);
  });

  test('carries the error of a callback by name, code and message', async () => {
    const code =
      'export async function f(_: unknown, g: any) { try { await g(); } catch (e: any) { return [e.name, e.code, e.message]; } }';
    const g = async () => {
      throw Object.assign(new Error('no such row'), { name: 'NoSuchRow', code: 'ER_NO' });
    };
    expect(await (await load(code)).call('f', [g])).toEqual(['NoSuchRow', 'ER_NO', 'no such row']);
  });

  test('ends a runner whose code calls back without end, or with more than the judge would keep', async () => {
    const held = () => new Promise(() => {});
    const often =
      'export async function f(_: unknown, g: any) { for (let i = 0; i < 60_000; i++) g(); await g(); }';
    const error = await failure((await load(often)).call('f', [held]));
    expect(error.sentence).toContain("called the check's functions more than 50000 times");
    expect(runner?.alive).toBe(false);
    const heavy =
      "export async function f(_: unknown, g: any) { for (let i = 0; i < 20; i++) g('x'.repeat(500_000)); await g(); }";
    const other = await failure((await load(heavy)).call('f', [held]));
    expect(other.sentence).toContain("called the check's functions with more than 8 MB");
  });

  test('counts what is called back anew where no call is under way', async () => {
    const heavy =
      "export async function f(_: unknown, g: any) { for (let i = 0; i < 10; i++) await g('x'.repeat(500_000)); return 'done'; }";
    const loaded = await load(heavy);
    for (let i = 0; i < 3; i++) expect(await loaded.call('f', [async () => {}])).toBe('done');
  });

  test('reports a throw with its name, code and line', async () => {
    const code =
      'interface Row { id: number }\nexport async function f() {\n  const row = undefined as unknown as Row;\n  return row.id;\n}\n';
    const error = await failure((await load(code)).call('f', []));
    expect([error.trouble, error.name, error.line]).toEqual(['throw', 'TypeError', 4]);
    expect(error.sentence).toContain('Your code threw on line 4: TypeError');
  });

  test('reports an endless loop with its line, and ends the process', longer, async () => {
    const code = 'export async function f() {\n  let n = 0;\n  for (;;) {\n    n++;\n  }\n}\n';
    const error = await failure((await load(code, { watched: true })).call('f', []));
    expect(error.trouble).toBe('endless loop');
    expect([3, 4]).toContain(error.line);
    expect(runner?.alive).toBe(false);
  });

  test('reports an endless loop that awaits nothing real', longer, async () => {
    const error = await failure(
      (await load('export async function f() {\n  for (;;) await null;\n}\n', { watched: true })).call(
        'f',
        [],
      ),
    );
    expect([error.trouble, error.line]).toEqual(['endless loop', 2]);
  });

  test('reports a promise that cannot settle before the limit has run out', async () => {
    const it = await load('\nexport async function f() {\n  await new Promise(() => {});\n}\n');
    const lost = () => it.lostTime.ms + judgeLost.ms;
    const [begun, lostBefore] = [performance.now(), lost()];
    const error = await failure(it.call('f', []));
    expect([error.trouble, error.line]).toEqual(['never settles', 2]);
    expect(error.sentence).toMatch(/for 1\.\d s it was waiting for nothing/);
    expect(performance.now() - begun - (lost() - lostBefore)).toBeLessThan(2_000);
  });

  test('does not take a pause for a promise that cannot settle', async () => {
    const code =
      'export async function f() { await new Promise((r) => setTimeout(r, 2500)); return "back"; }';
    expect(await (await load(code)).call('f', [])).toBe('back');
  });

  test.each([
    ['process.exit(0)', 'export async function f() { process.exit(0); }', 'must not call process.exit()'],
    [
      'a kill of its own process',
      "export async function f() { process.kill(process.pid, 'SIGKILL'); await new Promise(() => {}); }",
      'SIGKILL',
    ],
    [
      'memory without end',
      'export async function f() { const a: unknown[] = []; for (;;) a.push(new Array(4e6).fill(a.length)); }',
      'memory',
    ],
  ])('reports %s as the end of the process', async (_, code, sentence) => {
    const error = await failure((await load(code)).call('f', []));
    expect(error.trouble).toBe('process ended');
    expect(error.sentence).toContain(sentence);
  });

  test.each([
    ['a missing function', 'export const other = 1;', 'does not export `f`. It exports: other'],
    ['a default export alone', 'export default { f() {} };', 'Write `export` before each function'],
    ['a value in its place', 'export const f = 3;', 'exports `f` as number'],
    ['an inherited name', 'export {};', 'does not export `f`'],
  ])('reports %s', async (_, code, sentence) => {
    const error = await failure((await load(code)).call('f', []));
    expect(error.trouble).toBe('missing export');
    expect(error.sentence).toContain(sentence);
  });

  test.each([
    [
      "new AggregateError([new Error('connect ECONNREFUSED ::1:6379')])",
      'AggregateError (reason: Error: connect ECONNREFUSED ::1:6379)',
    ],
    [
      "new Error('could not write', { cause: new TypeError('the real reason') })",
      'Error: could not write (reason: TypeError: the real reason)',
    ],
    [
      "new Error('a', { cause: new Error('b', { cause: new AggregateError([new Error('c'), 'd']) }) })",
      'Error: a (reasons: Error: b; Error: c; d)',
    ],
    [
      "(() => { const e: Error = new Error('a'); e.cause = new Error('b', { cause: e }); return e; })()",
      'Error: a (reason: Error: b)',
    ],
    [
      "new AggregateError(Array.from({ length: 1000 }, (_, i) => new Error(i + 'x'.repeat(1000))), 'all')",
      '… (four)',
    ],
    ["Object.defineProperty(new Error('a'), 'cause', { get() { throw new Error('no'); } })", 'Error: a'],
  ])('tells the reasons of %s', async (thrown, said) => {
    const it = await load(`export async function f() { throw ${thrown}; }`);
    const { sentence } = await failure(it.call('f', []));
    if (said !== '… (four)') return expect(sentence).toBe(`Your code threw on line 1: ${said}`);
    expect(sentence.match(/Error: \dx+…/g)).toHaveLength(4);
    expect(sentence.length).toBeLessThan(1000);
  });

  test('does not find toString or constructor among the exports', async () => {
    const it = await load('export {};');
    expect((await failure(it.call('toString', []))).trouble).toBe('missing export');
    expect((await failure(it.call('constructor', []))).trouble).toBe('missing export');
  });

  test.each([
    ['garbage', "'rubbish\\n'"],
    [
      'a reply to a call that was not made',
      `JSON.stringify({ type: 'returned', id: 999, value: 1 }) + '\\n'`,
    ],
    ['a second reply', `(JSON.stringify({ type: 'returned', id: 1, value: 1 }) + '\\n').repeat(2)`],
    [
      'a callback that nobody gave',
      `JSON.stringify({ type: 'callback', id: 1, call: 77, ref: 1, args: [] }) + '\\n'`,
    ],
    ['a message of an inherited type', `JSON.stringify({ type: 'constructor' }) + '\\n'`],
    ['a line of two megabytes', `'x'.repeat(2_000_000)`],
  ])('ends a runner that writes %s to the channel', async (_, text) => {
    const code = `import { fstatSync, writeSync } from 'node:fs';
      // Descriptor 3, or, in a container, the first that is a socket.
      const isSocket = (fd: number) => { try { return fstatSync(fd).isSocket(); } catch { return false; } };
      let channel = 3; while (!isSocket(channel)) channel++;
      const write = (t: string) => { for (let i = 0; i < t.length; ) { try { i += writeSync(channel, t.slice(i, i + 60000)); } catch (e: any) { if (e.code !== 'EAGAIN') throw e; } } };
      export async function f() { write(${text}); await new Promise(() => {}); }`;
    const it = await load(code);
    await it.call('f', []).catch(() => undefined);
    await it.exited;
    expect(it.alive).toBe(false);
  });

  test('keeps at most 64 KB of what the code prints, and counts the rest', async () => {
    const it = await load(
      "export async function f() { for (let i = 0; i < 3000; i++) console.log('x'.repeat(99)); await new Promise((r) => process.stdout.write('', r)); }",
    );
    await it.call('f', []);
    await it.call('f', []);
    const text = it.output.text();
    expect(text.length).toBeLessThan(70_000);
    expect(text).toMatch(/more bytes were not kept/);
  });

  test('reports a rejection that nobody awaited, with its line', async () => {
    const it = await load(
      "export async function f() {\n  Promise.reject(new Error('lost'));\n  return 1;\n}\n",
    );
    expect(await it.call('f', [])).toBe(1);
    const [stray] = await it.takeStrays();
    expect([stray?.trouble, stray?.line]).toEqual(['stray', 2]);
    expect(stray?.sentence).toContain('Is an `await` missing?');
  });

  test('refuses a client as a return value, by name', async () => {
    const error = await failure(
      (await load('export async function f({ redis }: any) { return redis; }')).call('f', []),
    );
    expect(error.message).toContain('not plain data');
    expect(error.sentence).toMatch(/^Your code gave back what cannot be compared: the value returned is an/);
  });

  test('moves the clock that now() reads', async () => {
    const it = await load('export async function f({ now }: any) { return now(); }');
    expect(await it.call('f', [])).toBe(1000);
    it.setClock(5000);
    expect(await it.call('f', [])).toBe(5000);
  });

  test('ends with a judge that is killed, even in an endless loop', async () => {
    const source = join(folder, 'endless.ts');
    await writeFile(source, 'export async function f() { for (;;); }');
    const judge = spawn(process.execPath, [join(import.meta.dirname, 'support', 'judge.ts'), source]);
    const [line] = await once(createInterface(judge.stdout), 'line');
    const pids = String(line).split(' ').map(Number);
    expect(pids.every(runs)).toBe(true);
    judge.kill('SIGKILL');
    await expect.poll(() => pids.some(runs)).toBe(false);
  });
});

describe('Runner.start()', () => {
  test('reports a module that throws while it loads', async () => {
    const error = await failure(load("const a = 1;\nthrow new Error('at the top');\n"));
    expect([error.trouble, error.line]).toEqual(['cannot load', 2]);
  });

  test('reports a module that never ends loading', longer, async () => {
    expect((await failure(load('for (;;);'))).trouble).toBe('endless loop');
  });
});

describe('transpile()', () => {
  const failed = async (code: string) => {
    const source = join(folder, `bad-${++files}.ts`);
    await writeFile(source, code);
    const error = await transpile(source, ['ioredis']).catch((thrown: unknown) => thrown);
    if (!(error instanceof CannotLoad)) throw error;
    return error;
  };

  test('names line and text of a syntax error', async () => {
    const error = await failed('export async function f() {\n  return 1 +;\n}\n');
    expect([error.line, error.text]).toEqual([2, '  return 1 +;']);
    expect(error.message).toContain('Unexpected ";"');
  });

  test.each([
    ['another lab', "import { x } from './02-read-orders.ts';\nexport const y = x;"],
    ['a file of the kit', "import { x } from '../kit/judge/runner/runner.ts';\nexport const y = x;"],
    ['a package that the lab does not list', "import x from 'vitest';\nexport const y = x;"],
  ])('refuses an import of %s', async (_, code) => {
    expect((await failed(code)).message).toContain('A lab may not import');
  });

  test('leaves out what makes a lab file a command', async () => {
    const code =
      "import '../src/lab/as-command.ts'; // `npx tsx labs/01-initial-sync.ts` plays this lab\nexport const f = async () => 1;";
    expect(await (await load(code)).call('f', [])).toBe(1);
    expect((await failed("import '../src/lab/open.ts';")).message).toContain('A lab may not import');
  });

  test('takes types from anywhere and values from the packages listed', async () => {
    const code =
      "import type { Gone } from './gone.ts';\nimport { Redis } from 'ioredis';\nimport { join } from 'node:path';\nexport const f = async (x: Gone) => [typeof Redis, typeof join];";
    expect(await (await load(code)).call('f', [])).toEqual(['function', 'function']);
  });

  test('says that a file is not there', async () => {
    await expect(transpile(join(folder, 'none.ts'), [])).rejects.toThrow('The file is not there.');
  });
});
