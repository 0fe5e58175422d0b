import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findIsolation } from '../../kit/judge/isolation/find.ts';
import type { FoundIsolation } from '../../kit/judge/isolation/isolation.ts';
import { listening } from './support/inside.ts';
import { isolatedLabs } from './support/isolated.ts';

const labs = isolatedLabs();
let least: FoundIsolation;
let folder: string;
beforeAll(async () => {
  least = await findIsolation({ most: 1 });
  folder = mkdtempSync(join(tmpdir(), 'storelab-fence-'));
});
afterAll(async () => {
  await labs.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What `attempt` gives at level 1, or the code of the error that it throws. */
const tried = (attempt: string, redis?: string) =>
  labs.run(
    `export async function f() {
      try { return String(await (async () => { ${attempt} })()); } catch (error: any) { return error.code ?? error.message; }
    }`,
    least,
    redis,
  );

const closed = [
  'sqlite',
  'fs',
  'net',
  'http',
  'http2',
  'dgram',
  'dns',
  'tls',
  'child_process',
  'worker_threads',
];

describe('a lab that only permissions shut in', () => {
  test.each([...closed, 'module', 'vm', 'v8', 'inspector', 'cluster', 'wasi', 'repl'])(
    'gets no node:%s, by whatever way',
    async (name) => {
      const ways = [
        `return await import('node:${name}')`,
        `return await import('node:' + ${JSON.stringify(name)})`,
        `return await new Function('return import("node:${name}")')()`,
        `return process.getBuiltinModule('node:${name}') ?? 'none'`,
        `return process.getBuiltinModule({ toString: () => (this as any ?? globalThis).n = ((globalThis as any).n ?? 0) + 1 > 1 ? '${name}' : 'path' } as never)`,
      ];
      const got = await Promise.all(ways.map((way) => tried(way)));
      for (const one of got) expect(one).toMatch(/ERR_ACCESS_DENIED|\[object Object\]|^undefined$|^none$/);
      expect(got.slice(0, 4)).toEqual(Array(4).fill('ERR_ACCESS_DENIED'));
    },
  );

  test.each([
    ['the way of CommonJS', "return (process as any).mainModule.require('node:fs')"],
    ['the bindings of Node', "return (process as any).binding('fs')"],
    ['another program in its place', "return (process as any).execve('/bin/true', [], {})"],
    ['a file of settings', "return process.loadEnvFile('/etc/environment')"],
    ['fetch', "return await (globalThis as any).fetch('http://127.0.0.1:1/')"],
    ['a web socket', "return new (globalThis as any).WebSocket('ws://127.0.0.1:1/')"],
    ["another process's priority", "return (await import('node:os')).setPriority(process.ppid, 19)"],
    ['the native objects of others', "return (await import('node:async_hooks')).createHook({})"],
  ])('gets no %s', async (_, attempt) => {
    expect(await tried(attempt)).toMatch(
      /is not a function|is not a constructor|of undefined|ERR_ACCESS_DENIED/,
    );
  });

  test('connects to its own servers and to nothing else, also through the clients that it has', async () => {
    const server = await listening({ port: 0, host: '127.0.0.1' });
    const other = join(folder, 'other.sock');
    const secret = await listening({ path: other });
    const { port } = server.address() as { port: number };
    try {
      // The class of a socket is in reach of whoever has a client.
      const socket = (where: string) => `
        const { Redis } = (globalThis as any)[Symbol.for('storelab.packages')].ioredis;
        return await new Promise((resolve, reject) => {
          const redis = new Redis({ ${where}, retryStrategy: () => null });
          redis.on('error', reject);
          redis.on('connect', () => resolve('connected'));
        });`;
      const twoFaced = `get path() { return (this as any).asked = ((this as any).asked ?? 0) + 1 > 9 ? ${JSON.stringify(other)} : '/nowhere.sock'; }`;
      const own = mkdtempSync(join(tmpdir(), 'storelab-fence-'));
      const given = join(own, 'redis.sock');
      const redis = await listening({ path: given });
      await least.admit(own, [given]);
      expect(await tried(socket(`path: ${JSON.stringify(given)}`), given)).toBe('connected');
      redis.close();
      rmSync(own, { recursive: true, force: true });
      for (const where of [`host: '127.0.0.1', port: ${port}`, `path: ${JSON.stringify(other)}`, twoFaced])
        expect(await tried(socket(where)), where).toMatch(/ERR_ACCESS_DENIED|ENOENT|closed/i);
    } finally {
      server.close();
      secret.close();
    }
  });

  test('computes, hashes, waits and listens as before', async () => {
    const code = `import { AsyncLocalStorage } from 'node:async_hooks';
      import { createHash, randomUUID } from 'node:crypto';
      import { EventEmitter, once } from 'node:events';
      import { hostname } from 'node:os';
      import { setTimeout as sleep } from 'node:timers/promises';
      import { promisify } from 'node:util';
      import { gzipSync, gunzipSync } from 'node:zlib';
      export async function f() {
        const emitter = new EventEmitter();
        setTimeout(() => emitter.emit('done', 7), 1);
        const [seven] = await once(emitter, 'done');
        await sleep(1);
        return [createHash('sha256').update('a').digest('hex').slice(0, 4), randomUUID().length, seven, typeof hostname(),
          typeof promisify, String(gunzipSync(gzipSync('zip'))), new AsyncLocalStorage().run(1, () => 'in')];
      }`;
    expect(await labs.run(code, least)).toEqual(['ca97', 36, 7, 'string', 'function', 'zip', 'in']);
  });

  test('reads no file through a database', async () => {
    const file = join(folder, 'grades.db');
    writeFileSync(file, '');
    expect(
      await tried(`const { DatabaseSync } = process.getBuiltinModule('node:sqlite') as any;
        return new DatabaseSync(${JSON.stringify(file)}).exec('CREATE TABLE a (b)');`),
    ).toBe('ERR_ACCESS_DENIED');
  });
});
