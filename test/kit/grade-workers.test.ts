// needs: lab 01
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rootFolder } from '../../kit/base/root.ts';
import { WorkerProcess } from '../../kit/judge/queue/worker-process.ts';
import { runChecks } from '../../kit/judge/run-checks.ts';
import { mysqlClientOptions } from '../../kit/servers/clients.ts';
import { openServers } from '../../kit/servers/open-servers.ts';
import type { Servers } from '../../kit/servers/servers.ts';

const labs = ['01-initial-sync'];
const support = join(rootFolder(), 'test', 'kit', 'support');
let servers: Servers;
let folder: string;

beforeAll(async () => {
  servers = await openServers({ source: 'local' });
  folder = await mkdtemp(join(tmpdir(), 'storelab-workers-'));
});
afterAll(async () => {
  await servers?.close();
  await rm(folder, { recursive: true, force: true });
});

/** A submission whose `waitForMysql()` resolves to this. */
async function saying(value: number) {
  const path = join(folder, `${value}.ts`);
  await writeFile(path, `export const waitForMysql = async () => ${value};\n`);
  return { name: `says ${value}`, path };
}

const newWorker = (silenceMs?: number) => () =>
  new WorkerProcess(
    { '01-initial-sync': [join(support, 'workers.check.ts')] },
    silenceMs ? { silenceMs } : {},
  );

/** Schemas and users of checks in MySQL. */
async function inMysql(): Promise<string[]> {
  const mysql = await createConnection(mysqlClientOptions(servers.mysql));
  const [schemas] = await mysql.query("SHOW DATABASES LIKE 'storelab\\_check\\_%'");
  const [users] = await mysql.query("SELECT user FROM mysql.user WHERE user LIKE 'storelab\\_%'");
  await mysql.end();
  return [...(schemas as object[]), ...(users as object[])].flatMap((row) => Object.values(row)).sort();
}

describe('the workers of a run', () => {
  test('are replaced where one dies or hangs, and judge what others left', async () => {
    const submissions = [await saying(666), await saying(1), await saying(667), await saying(2)];
    const results = await runChecks({
      servers,
      submissions,
      labs,
      seed: 1,
      jobs: 1,
      newWorker: newWorker(15_000),
    });
    expect(results.map(({ checks }) => checks.map(({ outcome }) => outcome))).toEqual([
      ['infrastructure error', 'infrastructure error'],
      ['passed', 'passed'],
      ['infrastructure error', 'infrastructure error'],
      ['failed', 'failed'],
    ]);
    expect(results[0]!.warnings.join('\n')).toMatch(/A worker of the judge ended by itself \(SIGKILL\)/);
    expect(results[2]!.warnings.join('\n')).toMatch(
      /A worker of the judge said nothing for 15 s and was ended/,
    );
  });

  test('end after the check at hand when the run is stopped, and leave nothing in MySQL', async () => {
    const before = await inMysql();
    const stop = new AbortController();
    const seen: string[] = [];
    const results = await runChecks({
      servers,
      submissions: [await saying(1), await saying(2)],
      labs,
      seed: 1,
      jobs: 1,
      newWorker: newWorker(),
      signal: stop.signal,
      onResult: ({ id }) => {
        seen.push(id);
        stop.abort();
      },
    });
    expect(seen).toEqual(['first']);
    expect(results[1]!.checks.map(({ outcome }) => outcome)).toEqual([
      'infrastructure error',
      'infrastructure error',
    ]);
    expect(await inMysql()).toEqual(before);
  });

  test('end, and the run with them, where its results cannot be kept', async () => {
    const before = await inMysql();
    const run = runChecks({
      servers,
      submissions: [await saying(1)],
      labs,
      seed: 1,
      newWorker: newWorker(),
      onResult: () => {
        throw new Error('the disk is full');
      },
    });
    await expect(run).rejects.toThrow('the disk is full');
    expect(await inMysql()).toEqual(before);
  });

  test.each([
    ['is killed alone', (pid: number) => process.kill(pid, 'SIGKILL')],
    ['is stopped by Ctrl-C, which reaches them too', (pid: number) => process.kill(-pid, 'SIGINT')],
  ])('put everything away when the run %s', async (_, end) => {
    const before = await inMysql();
    const { path } = await saying(1);
    const run = spawn(process.execPath, [join(support, 'run-workers.ts'), path], {
      cwd: rootFolder(),
      detached: true,
      env: { ...process.env, SERVERS: JSON.stringify(servers.describe()) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(run.stdout, 'data');
    expect((await inMysql()).length).toBeGreaterThan(before.length);
    end(run.pid!);
    await once(run, 'exit');
    while ((await inMysql()).length > before.length) await delay(50);
  });
});
