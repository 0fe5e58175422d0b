import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { inspect } from 'node:util';
import type { RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { rootFolder } from '../../kit/base/root.ts';
import { type Lab, open } from '../../src/lab/open.ts';
import { stdoutOf } from './support/notebook.ts';

let lab: Lab;
let said: string;

beforeAll(async () => {
  said = await stdoutOf(async () => {
    lab = await open();
  });
});

afterAll(async () => {
  await lab?.close();
});

describe('open()', () => {
  it('gives clients of both servers with the store loaded, and says so', async () => {
    expect(await lab.redis.ping()).toBe('PONG');
    const [[order]] = await lab.mysql.query<RowDataPacket[]>(
      'SELECT id, total_amount FROM orders WHERE id = 1',
    );
    expect(order).toEqual({ id: 1, total_amount: '1999.99' });
    expect(said).toMatch(
      /Connected to (MySQL|MariaDB) [\d.]+.* and (Redis|Valkey) [\d.]+ .*The store holds [\d,]+ orders\.\n$/,
    );
    expect(Math.abs(lab.now() - Date.now())).toBeLessThan(1000);
  });

  it('gives the same clients again, quietly', async () => {
    const again = await stdoutOf(async () => {
      expect((await open()).redis).toBe(lab.redis);
    });
    expect(again).toBe('');
  });

  it('gives the same clients after its module was loaded anew', async () => {
    vi.resetModules();
    const reloaded = await import('../../src/lab/open.ts');
    expect(reloaded.open).not.toBe(open);
    const { redis, mysql } = await reloaded.open();
    expect(redis).toBe(lab.redis);
    expect(mysql).toBe(lab.mysql);
  });

  it('gives both of two callers at once the same clients', async () => {
    const [one, two] = await Promise.all([open(), open()]);
    expect(one.redis).toBe(two.redis);
  });

  it('connects anew to the same servers where a client was ended', async () => {
    await lab.redis.set('lab:open', 'kept');
    lab.redis.disconnect();
    await stdoutOf(async () => {
      const again = await open();
      expect(again.redis).not.toBe(lab.redis);
      lab = again;
    });
    expect(await lab.redis.getdel('lab:open')).toBe('kept');
  });

  it('prints a sentence where it is the value of a cell', () => {
    expect(inspect(lab)).toBe(lab.servers);
  });

  it('leaves neither server nor socket when its process is killed', async () => {
    const script = `
      import { open } from ${JSON.stringify(`${rootFolder()}/src/lab/open.ts`)};
      const { redis } = await open();
      const { source } = (await globalThis[Symbol.for('storelab.session')]).servers;
      console.log('READY ' + JSON.stringify({ source, path: redis.options.path }));
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      cwd: rootFolder(),
      env: { ...process.env, LAB_SERVERS: 'local' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let out = '';
    for await (const chunk of child.stdout) {
      out += chunk;
      if (out.includes('READY') && out.endsWith('\n')) break;
    }
    const { path } = JSON.parse(/READY (.*)/.exec(out)![1]!);
    expect(existsSync(path)).toBe(true);
    child.kill('SIGKILL');
    await vi.waitUntil(() => !existsSync(path), { timeout: 10_000 });
  }, 30_000);
});
