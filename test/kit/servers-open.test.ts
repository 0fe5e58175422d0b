import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findEngine } from '../../kit/servers/containers/engine.ts';
import { openServers } from '../../kit/servers/open-servers.ts';
import { startRelay } from './support/relay.ts';

beforeEach(() => {
  for (const name of ['LAB_SERVERS', 'MYSQL_URL', 'REDIS_URL']) vi.stubEnv(name, undefined);
  vi.stubEnv('DOCKER_HOST', 'unix:///nowhere/docker.sock');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

describe('openServers()', () => {
  it('falls to local processes without a Docker engine, and says so', async () => {
    const servers = await openServers();
    expect(servers.source).toBe('local');
    expect(servers.why).toMatch(/^No Docker engine answers; /);
    await servers.close();
  });

  it('falls to local processes where Docker answers without the images, and says so', async () => {
    vi.stubEnv('LAB_MYSQL_IMAGE', '127.0.0.1:1/none:1');
    // An engine that knows no image and cannot fetch one.
    const folder = mkdtempSync(join(tmpdir(), 'storelab-test-'));
    const path = join(folder, 'docker.sock');
    const engine = createServer((socket) => {
      socket.on('data', (text) => {
        const [status, body] = String(text).includes('/_ping')
          ? ['200 OK', 'OK']
          : ['404 Not Found', '{"message":"no registry"}'];
        socket.end(
          `HTTP/1.1 ${status}\r\nContent-Length: ${body!.length}\r\nConnection: close\r\n\r\n${body}`,
        );
      });
    });
    await new Promise<void>((resolve) => engine.listen(path, resolve));
    vi.stubEnv('DOCKER_HOST', `unix://${path}`);
    const steps: string[] = [];
    const servers = await openServers({ onStep: (sentence) => steps.push(sentence) });
    expect(servers.source).toBe('local');
    expect(servers.why).toMatch(/Docker answers, but .*no registry/);
    expect(steps.join('\n')).toMatch(/Fetching the image 127\.0\.0\.1:1\/none:1/);
    await servers.close();
    engine.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each([
    ['containers', 'NO_DOCKER', /start Docker, or set LAB_SERVERS=local/],
    ['urls', 'URLS_INCOMPLETE', /set both/],
    ['local', 'SERVER_FAILED', /no-such-mysqld/],
    ['cloud', 'SOURCE_UNKNOWN', /urls, containers or local/],
  ])('LAB_SERVERS=%s fails rather than take another source', async (asked, code, message) => {
    vi.stubEnv('LAB_SERVERS', asked);
    if (asked === 'local') vi.stubEnv('LAB_MYSQLD', '/no-such-mysqld');
    await expect(openServers()).rejects.toMatchObject({
      name: 'ServersUnavailable',
      code,
      message: expect.stringMatching(message),
    });
  });

  it('opens with a temporary folder too long for a socket', async () => {
    const folder = mkdtempSync(join(tmpdir(), `${'long-'.repeat(20)}`));
    vi.stubEnv('TMPDIR', folder);
    const servers = await openServers({ source: 'local' });
    expect(servers.redis.path).toMatch(/^\/tmp\/storelab-/);
    await servers.close();
    rmSync(folder, { recursive: true, force: true });
  });
});

describe('findEngine()', () => {
  it('gives up on an engine that never answers within 2 s', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'storelab-test-'));
    const path = join(folder, 'docker.sock');
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(path, resolve));
    vi.stubEnv('DOCKER_HOST', `unix://${path}`);
    const begun = performance.now();
    expect(await findEngine()).toBeUndefined();
    expect(performance.now() - begun).toBeLessThan(2000);
    silent.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('does not take any port for an engine', async () => {
    const relay = await startRelay('/nowhere');
    vi.stubEnv('DOCKER_HOST', `tcp://127.0.0.1:${relay.port}`);
    expect(await findEngine()).toBeUndefined();
    relay.close();
  });
});
