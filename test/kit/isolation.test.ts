import { execFile } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { rootFolder } from '../../kit/base/root.ts';
import { InfrastructureError } from '../../kit/judge/explain.ts';
import { bindSource, removeBindCopies } from '../../kit/judge/isolation/bind-source.ts';
import { lookForContainers } from '../../kit/judge/isolation/container-probe.ts';
import { findIsolation, requireIsolation } from '../../kit/judge/isolation/find.ts';
import { openToAll, runnerUser } from '../../kit/judge/isolation/user.ts';
import { Runner } from '../../kit/judge/runner/runner.ts';
import { transpile } from '../../kit/judge/runner/transpile.ts';
import { findProgram } from '../../kit/servers/local/binaries.ts';
import { isolatedLabs } from './support/isolated.ts';
import { noServers } from './support/no-servers.ts';

const run = promisify(execFile);
const hasBubblewrap = process.platform === 'linux' && findProgram(['bwrap']) !== undefined;

test('findIsolation() reaches level 3 where bubblewrap is, and else says what to install', async () => {
  const { level, sentence } = await findIsolation();
  if (hasBubblewrap) expect([level, sentence]).toEqual([3, expect.stringMatching(/^level 3: bubblewrap/)]);
  else if (level === 2) expect(sentence).toMatch(/^level 2: a container without network \(Docker/);
  else expect([level, sentence]).toEqual([1, expect.stringMatching(/Level 3 needs bubblewrap/)]);
});

test('findIsolation() finds the same for an ordinary user of this machine', async () => {
  const nobody = 65_534;
  const script = join(rootFolder(), 'test/kit/support/find-isolation.ts');
  // An ordinary user cannot read a checkout in a closed folder: then it is this process's own user that counts.
  const other = process.getuid?.() === 0 && openToAll(script) && openToAll(process.execPath);
  const { stdout } = await run(process.execPath, [script], {
    cwd: '/',
    env: { PATH: process.env.PATH, STORELAB_ROOT: rootFolder() },
    ...(other ? { uid: nobody, gid: nobody } : {}),
  });
  const found = JSON.parse(stdout);
  expect(found.level).toBe((await findIsolation()).level);
  if (other && hasBubblewrap) expect(found.sentence).toContain("as the judge's own user");
});

test('findIsolation() goes no further than it is told', async () => {
  const { level, sentence } = await findIsolation({ most: 1 });
  expect([level, sentence]).toEqual([1, expect.stringContaining('No more was asked for')]);
});

test('lookForContainers() says that no engine answers', async () => {
  const before = process.env.DOCKER_HOST;
  process.env.DOCKER_HOST = 'unix:///nowhere/docker.sock';
  try {
    const needs =
      process.platform === 'linux' ? /needs a Docker engine, and none answers/ : /on Linux itself/;
    expect(await lookForContainers()).toEqual({ missing: expect.stringMatching(needs) });
  } finally {
    if (before === undefined) delete process.env.DOCKER_HOST;
    else process.env.DOCKER_HOST = before;
  }
});

test('requireIsolation() refuses to grade below the level, and says how far this machine goes', async () => {
  await expect(requireIsolation(2, { most: 1 })).rejects.toThrow(
    /^Isolation level 2 was required, and this machine reaches level 1: .* Nothing was graded\.$/,
  );
  await expect(requireIsolation(7)).rejects.toThrow('takes 1, 2 or 3');
  expect((await requireIsolation(1)).level).toBeGreaterThanOrEqual(1);
});

test('runnerUser() is nobody else, and another for each judge, where the judge is root', () => {
  if (process.getuid?.() !== 0) {
    expect(runnerUser()).toBeUndefined();
    return;
  }
  expect(runnerUser(4711)).toBeGreaterThan(60_000);
  expect(runnerUser(4711)).not.toBe(runnerUser(4712));
});

test('bindSource() copies what lies in a closed folder, and takes the rest where it lies', () => {
  const closed = mkdtempSync(join(tmpdir(), 'storelab-test-'));
  try {
    const file = join(closed, 'part.cjs');
    writeFileSync(file, 'the part');
    const lent = bindSource(file);
    expect([openToAll(file), openToAll(lent), readFileSync(lent, 'utf8')]).toEqual([false, true, 'the part']);
    removeBindCopies();
    expect(existsSync(lent)).toBe(false);
    mkdirSync(join(closed, 'open'));
    chmodSync(closed, 0o755);
    const open = join(closed, 'open', 'part.cjs');
    writeFileSync(open, '', { mode: 0o644 });
    expect(bindSource(open)).toBe(open);
  } finally {
    rmSync(closed, { recursive: true, force: true });
  }
});

test('admit() opens a socket to the runners of this process alone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'storelab-test-'));
  const socket = join(folder, 'tap.sock');
  try {
    writeFileSync(socket, '');
    await (await findIsolation()).admit(folder, [socket]);
    expect([statSync(folder).mode & 0o007, openToAll(socket)]).toEqual([0, false]);
    const user = runnerUser();
    if (user !== undefined) expect([statSync(folder).gid, statSync(socket).gid]).toEqual([user, user]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("Runner.start() calls a runner that never came up the judge's failure, not the student's", async () => {
  const labs = isolatedLabs();
  try {
    const found = await findIsolation();
    const broken = {
      ...found,
      start: (...given: Parameters<typeof found.start>) => ({
        ...found.start(...given),
        args: ['--no-such-option'],
      }),
    };
    const error = await labs.load('export async function f() {}', broken).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InfrastructureError);
    expect(String(error)).toMatch(/A runner did not start.*no-such-option/s);
  } finally {
    await labs.close();
  }
});

test("Runner.start() calls a runner that fails at its own preparations the judge's failure too", async () => {
  const folder = mkdtempSync(join(tmpdir(), 'storelab-test-'));
  try {
    const source = join(folder, 'lab.ts');
    writeFileSync(source, 'export async function f() {}');
    const { file } = await transpile(source, []);
    const found = await findIsolation({ most: 1 });
    const noThreads = {
      ...found,
      start: (...given: Parameters<typeof found.start>) => {
        const start = found.start(...given);
        return { ...start, args: start.args.filter((arg) => arg !== '--allow-worker') };
      },
    };
    const started = Runner.start({
      source,
      file,
      servers: noServers,
      now: 0,
      isolation: noThreads,
      watched: true,
    });
    const error = await started.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InfrastructureError);
    expect(String(error)).toMatch(/A runner did not start.*--allow-worker/s);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
