// needs: answers
import { connect, createServer, type Server } from 'node:net';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rootFolder } from '../../kit/base/root.ts';
import { openServers } from '../../kit/servers/open-servers.ts';
import type { Servers } from '../../kit/servers/servers.ts';
import { waitForMysql } from '../../kit/servers/wait-for-mysql.ts';
import { freePort } from './support/free-port.ts';
import { until } from './support/until.ts';

let servers: Servers;
beforeAll(async () => {
  servers = await openServers({ source: 'local' });
});
afterAll(() => servers?.close());

/** Lets a MySQL on a socket answer at a port of this machine, from now on. */
async function answerAt(port: number): Promise<Server> {
  const server = createServer((client) => {
    const behind = connect(servers.mysql.socketPath!);
    for (const one of [client, behind]) one.on('error', () => {});
    client.pipe(behind).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return server;
}

describe('./lab serve, started before its servers', () => {
  it.each([
    ['store', '/api/orders?limit=1', 'mysql'],
    ['market', '/api/environment/current', 'database'],
  ])('%s waits for MySQL, does without Redis, and serves from MySQL', async (app, path, source) => {
    const port = await freePort();
    const { user, password } = servers.mysql;
    const cli = execa(process.execPath, ['kit/cli.ts', 'serve', app, '--port', '0', '--answers'], {
      cwd: rootFolder(),
      env: {
        LAB_SERVERS: 'urls',
        MYSQL_URL: `mysql://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}`,
        REDIS_URL: 'redis://127.0.0.1:1/0',
        NO_COLOR: '1',
      },
      reject: false,
      all: true,
    });
    let said = '';
    let ended = false;
    cli.all.on('data', (text) => {
      said += text;
    });
    void cli.then(() => {
      ended = true;
    });
    await until(
      () => ended || /attempt 1 of 30/.test(said),
      () => `no attempt: ${said}`,
    );
    const gate = await answerAt(port);
    try {
      await until(
        () => ended || /The (shop|game) is open at/.test(said),
        () => `no shop: ${said}`,
      );
      expect(said).toMatch(
        /Waiting for MySQL, attempt 1 of 30\. Cannot reach MySQL at 127\.0\.0\.1:\d+ .*ECONNREFUSED/,
      );
      expect(said).toContain('MySQL is ready.');
      expect(said).toMatch(/Cannot reach Redis at 127\.0\.0\.1:1 .*Going on without it/);
      const url = /open at (\S+)/.exec(said)![1];
      const reply = (await (await fetch(`${url}${path}`)).json()) as { source: string };
      expect(reply.source).toBe(source);
    } finally {
      cli.kill();
      await cli;
      gate.close();
    }
  });

  it('ends on Ctrl-C while it waits', async () => {
    const cli = execa(process.execPath, ['kit/cli.ts', 'serve', 'market', '--port', '0', '--answers'], {
      cwd: rootFolder(),
      env: {
        LAB_SERVERS: 'urls',
        MYSQL_URL: 'mysql://root:x@127.0.0.1:1',
        REDIS_URL: 'redis://127.0.0.1:1/0',
      },
      reject: false,
      all: true,
    });
    let said = '';
    cli.all.on('data', (text) => {
      said += text;
    });
    await until(
      () => said.includes('attempt 1 of 30'),
      () => `no attempt: ${said}`,
    );
    cli.kill('SIGINT');
    expect((await cli).exitCode).toBe(0);
    expect(said).not.toContain('attempt 30');
  });
});

describe('waitForMysql()', () => {
  it('gives up after the last attempt, and says how often it tried', async () => {
    const said: string[] = [];
    const address = { host: '127.0.0.1', port: 1, user: 'root', password: 'x' };
    const waiting = waitForMysql(address, { attempts: 3, delayMs: 1, say: (line) => said.push(line) });
    await expect(waiting).rejects.toMatchObject({ code: 'URL_UNREACHABLE' });
    expect(said.map((line) => /attempt \d of \d/.exec(line)![0])).toEqual([
      'attempt 1 of 3',
      'attempt 2 of 3',
    ]);
  });

  it('does not wait where the password is wrong', async () => {
    const said: string[] = [];
    const address = { ...servers.mysql, password: 'wrong' };
    await expect(waitForMysql(address, { say: (line) => said.push(line) })).rejects.toThrow(/Access denied/);
    expect(said).toEqual([]);
  });
});
