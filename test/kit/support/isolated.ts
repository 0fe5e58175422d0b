import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FoundIsolation } from '../../../kit/judge/isolation/isolation.ts';
import { Runner } from '../../../kit/judge/runner/runner.ts';
import { transpile } from '../../../kit/judge/runner/transpile.ts';
import { noServers } from './no-servers.ts';

/** A folder for lab files of a test, and runners that hold them, all gone at the end. */
export function isolatedLabs() {
  const folder = mkdtempSync(join(tmpdir(), 'storelab-test-'));
  const runners: Runner[] = [];
  let files = 0;

  /** Starts a runner that holds this code at this level; `redis` is the socket that it is given. */
  async function load(code: string, isolation: FoundIsolation, redis?: string): Promise<Runner> {
    const source = join(folder, `lab-${++files}.ts`);
    await writeFile(source, code);
    const { file } = await transpile(source, ['ioredis', 'mysql2']);
    const servers = redis === undefined ? noServers : { ...noServers, redis: { path: redis } };
    const runner = await Runner.start({ source, file, servers, now: 0, isolation });
    runners.push(runner);
    return runner;
  }

  return {
    folder,
    load,
    /** What one call of `f` in a fresh runner gives. */
    async run(code: string, isolation: FoundIsolation, redis?: string): Promise<unknown> {
      const runner = await load(code, isolation, redis);
      return runner.call('f', []).finally(() => runner.kill());
    },
    async close(): Promise<void> {
      await Promise.all(runners.map((runner) => runner.kill()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Source of a function that says of each thunk what it returns, or the code of what it throws. */
export const attempt = `
const attempt = (thunk: () => unknown): unknown => {
  try { return thunk(); } catch (error: any) { return error.code ?? error.message; }
};`;
