// needs: lab 01
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, realpathSync, symlinkSync } from 'node:fs';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa, type ResultPromise } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { rootFolder } from '../../kit/base/root.ts';
import { descendants, stillRunning } from '../../kit/setup/descendants.ts';
import { freePort } from './support/free-port.ts';

// A checkout of its own that shares the code and what is installed, so that a start that runs here is not disturbed.
const shared = [
  'src',
  'apps',
  'kit',
  'node_modules',
  '.venv',
  '.jupyter',
  'notebooks',
  'labs',
  'package.json',
  'package-lock.json',
];
let root: string;
let temporary: string;
let started: ResultPromise[];

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'storelab-test-')));
  temporary = join(root, 'tmp');
  mkdirSync(temporary);
  for (const name of [...shared, 'requirements.txt']) symlinkSync(join(rootFolder(), name), join(root, name));
  copyFileSync(join(rootFolder(), 'lab'), join(root, 'lab'));
  started = [];
});

afterEach(async () => {
  for (const child of started) child.kill('SIGTERM');
  await Promise.all(started);
  await rm(root, { recursive: true, force: true });
});

/** Runs `./lab start` with folders of its own for what is temporary. */
function start(...args: string[]) {
  const child = execa(join(root, 'lab'), ['start', '--no-browser', ...args], {
    cwd: root,
    stdin: 'ignore',
    reject: false,
    all: true,
    env: {
      TMPDIR: temporary,
      NO_COLOR: '1', // where CI is set, colours are on without a terminal, and stand in the address's way
      LAB_SERVERS: process.env.LAB_SERVERS ?? 'local',
      npm_lifecycle_event: undefined,
      STORELAB_ROOT: undefined,
    },
  });
  started.push(child);
  return child;
}

/** What a start printed once it matches; fails where it ends before. */
function printed(child: ResultPromise, wanted: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let seen = '';
    child.all?.on('data', (text) => {
      seen += text;
      const found = wanted.exec(seen);
      if (found) resolve(found);
    });
    child.all?.once('end', () => reject(new Error(`It ended before ${wanted}:\n${seen}`)));
  });
}

/** The address that a start prints. */
const address = async (child: ResultPromise) =>
  new URL((await printed(child, /http:\/\/127\.0\.0\.1:\d+\/\S+token=\w+(?=\s)/))[0]);

const ask = (url: URL, path: string, init: RequestInit = {}) =>
  fetch(new URL(path, url), {
    ...init,
    headers: { authorization: `token ${url.searchParams.get('token')}` },
  });

async function untilNoneRun(seen: Awaited<ReturnType<typeof descendants>>): Promise<void> {
  await expect.poll(() => stillRunning(seen), { interval: 50 }).toEqual([]);
}

test('start() serves the first notebook on loopback, to its token alone', async () => {
  const port = await freePort();
  const url = await address(start('--port', String(port)));
  expect(url.pathname).toBe('/lab/tree/notebooks/01-initial-sync.ipynb');
  expect(url.port).toBe(String(port));
  expect((await ask(url, '/api/contents/notebooks')).status).toBe(200);
  expect((await fetch(new URL('/api/contents', url))).status).toBe(403);
  const { kernelspecs } = (await (await ask(url, '/api/kernelspecs')).json()) as { kernelspecs: object };
  expect(Object.keys(kernelspecs)).toEqual(['storelab']);
  expect(await (await ask(url, '/lab/api/news')).json()).toEqual({ news: [] });
}, 60_000);

test.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'] as const)(
  'start() leaves no process and no temporary folder behind after %s',
  async (signal) => {
    const child = start('--port', String(await freePort()));
    const url = await address(child);
    const kernel = await ask(url, '/api/kernels', { method: 'POST', body: '{}' });
    expect(kernel.status).toBe(201);
    const family = await descendants(child.pid!);
    expect(family.length).toBeGreaterThan(4);
    child.kill(signal);
    await untilNoneRun(family);
    if (signal !== 'SIGKILL') {
      expect((await child).exitCode).toBe(0);
      expect(existsSync(join(root, '.lab', 'start.json'))).toBe(false);
      expect(existsSync(join(root, '.lab', 'servers.json'))).toBe(false);
    }
    await expect.poll(() => readdir(temporary)).toEqual([]);
  },
  60_000,
);

test('start() stops cleanly when it is stopped half-way', async () => {
  const child = start('--port', String(await freePort()));
  await printed(child, /Node/);
  const family = await descendants(child.pid!);
  child.kill('SIGINT');
  expect((await child).exitCode).toBe(130);
  await untilNoneRun(family);
}, 60_000);

test('start() a second time shows the address of the first', async () => {
  const url = await address(start('--port', String(await freePort())));
  const second = await start();
  expect(second.exitCode).toBe(0);
  expect(String(second.all)).toContain(url.href);
}, 60_000);

test('start() ends with the next command when the port asked for is taken', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  const refused = await start('--port', String(port));
  expect(refused.exitCode).toBe(1);
  expect(String(refused.all)).toMatch(new RegExp(`Port ${port} is taken.*npm start -- --port \\d+\\n?$`));
  server.close();
}, 60_000);

test("JupyterLab's address is kept for its owner's eyes", async () => {
  await address(start('--port', String(await freePort())));
  const file = join(root, '.lab', 'start.json');
  await expect.poll(() => existsSync(file)).toBe(true);
  expect((await stat(file)).mode & 0o077).toBe(0);
  expect(JSON.parse(await readFile(file, 'utf8')).url).toContain('token=');
}, 60_000);
