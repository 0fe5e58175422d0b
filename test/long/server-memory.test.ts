// needs: lab 01
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rootFolder } from '../../kit/base/root.ts';
import { WorkerProcess } from '../../kit/judge/queue/worker-process.ts';
import { runChecks } from '../../kit/judge/run-checks.ts';
import { openServers } from '../../kit/servers/open-servers.ts';
import type { Servers } from '../../kit/servers/servers.ts';
import { exhausts, hoards } from '../kit/support/memory-scripts.ts';

let servers: Servers;
beforeAll(async () => {
  servers = await openServers({ source: 'local' });
});
afterAll(() => servers?.close());

/** Where the machine is so busy that it does not come so far in its time, a server ends later, and nobody is blamed for that. */
const usedUp = /^Your code used up the memory of Redis|had not settled/;
const refusedOrLate = /memory|had not settled/i;
describe('a class', () => {
  const lab = '01-initial-sync';
  const file = join(rootFolder(), 'test', 'kit', 'support', 'broken-server.check.ts');
  const attacks = {
    honest: '',
    script: `await redis.eval(${JSON.stringify(hoards)}, 0);`,
    redis: `await redis.eval(${JSON.stringify(exhausts)}, 0);`,
    mysql: `for (let i = 0; i < 1000; i++) await mysql.query("SET @v" + i + " = REPEAT('a', 8000000)");`,
  };
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'storelab-memory-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function submission(name: keyof typeof attacks, number: number) {
    const path = join(folder, `${number}.ts`);
    await writeFile(
      path,
      `export const waitForMysql = async ({ redis, mysql: pool }: any) => {
  const mysql = await pool.getConnection();
  ${attacks[name]}
  mysql.release();
  return 1;
};
export const syncAllOrdersToRedis = async () => 10;\n`,
    );
    return { name, path };
  }

  test.runIf(process.platform === 'linux')(
    'hears who used up a server, and loses nothing',
    { timeout: 400_000 },
    async () => {
      const order = ['honest', 'redis', 'honest', 'script', 'mysql', 'honest'] as const;
      const results = await runChecks({
        servers,
        submissions: await Promise.all(order.map(submission)),
        labs: [lab],
        seed: 1,
        jobs: 1,
        ownMysql: true,
        newWorker: () => new WorkerProcess({ [lab]: [file] }),
      });
      for (const [i, name] of order.entries()) {
        const [first, second] = results[i]!.checks;
        expect(second, `${name}: ${first!.sentence} | ${second!.sentence}`).toMatchObject({
          outcome: 'passed',
        });
        expect(first, name).toMatchObject({ outcome: name === 'honest' ? 'passed' : 'failed' });
        if (name === 'redis') expect(first!.sentence).toMatch(usedUp);
        if (name === 'mysql' || name === 'script') expect(first!.sentence).toMatch(refusedOrLate);
      }
    },
  );
});
