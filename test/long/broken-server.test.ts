// needs: lab 01
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Connection, createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rootFolder } from '../../kit/base/root.ts';
import { WorkerProcess } from '../../kit/judge/queue/worker-process.ts';
import { runChecks } from '../../kit/judge/run-checks.ts';
import { mysqlClientOptions } from '../../kit/servers/clients.ts';
import { openServers } from '../../kit/servers/open-servers.ts';
import { preparedIn } from '../../kit/servers/prepared-transactions.ts';
import type { Servers } from '../../kit/servers/servers.ts';
import { slowStatement } from '../kit/support/slow-statement.ts';

const lab = '01-initial-sync';
const file = join(rootFolder(), 'test', 'kit', 'support', 'broken-server.check.ts');
let servers: Servers;
let admin: Connection;
let folder: string;

beforeAll(async () => {
  // Its own: what is done to it must trouble nobody.
  servers = await openServers({ source: 'local' });
  admin = await createConnection(mysqlClientOptions(servers.mysql));
  folder = await mkdtemp(join(tmpdir(), 'storelab-broken-'));
});
afterAll(async () => {
  admin?.destroy();
  await servers?.close();
  await rm(folder, { recursive: true, force: true });
});

/** What `waitForMysql()` does before it says 1. */
const attacks = {
  honest: '',
  prepares: `const student = await mysql.getConnection();
    for (const step of ["XA START 'a'", 'UPDATE orders SET total_amount = 2', "XA END 'a'", "XA PREPARE 'a'"])
      await student.query(step);
    student.destroy();`,
  computes: `await mysql.query(${JSON.stringify(slowStatement())});`,
  'computes on a table': `await mysql.query(${JSON.stringify(slowStatement('orders'))});`,
};

async function submission(name: keyof typeof attacks, number: number) {
  const path = join(folder, `${number}.ts`);
  const code = `export const waitForMysql = async ({ mysql }: any) => { ${attacks[name]} return 1; };
export const syncAllOrdersToRedis = async () => 10;\n`;
  await writeFile(path, code);
  return { name, path };
}

const order = [
  'honest',
  'prepares',
  'honest',
  'computes on a table',
  'honest',
  'computes',
  'honest',
] as const;

describe.each([
  ['a MySQL of its own for each worker', true],
  ['the MySQL of the run', false],
])('a class on %s', (_, ownMysql) => {
  test('loses nothing to those who cost a server, and they are named', { timeout: 400_000 }, async () => {
    const results = await runChecks({
      servers,
      submissions: await Promise.all(order.map(submission)),
      labs: [lab],
      seed: 1,
      jobs: 2,
      ownMysql,
      newWorker: () => new WorkerProcess({ [lab]: [file] }),
    });
    for (const [i, name] of order.entries()) {
      const [first, second] = results[i]!.checks;
      expect(second, name).toMatchObject({ outcome: 'passed', points: 2 });
      const broke = name.startsWith('computes');
      expect(first, name).toMatchObject(
        broke ? { outcome: 'failed', points: 0 } : { outcome: 'passed', points: 1 },
      );
      if (broke) expect(first!.sentence, name).toMatch(/goes on for ever, and that MySQL does not stop/);
      expect(results[i]!.warnings).toEqual([]);
    }
    expect(await preparedIn(admin)).toEqual([]);
    if (ownMysql) expect(await leftInMysql()).toEqual([]);
  });
});

async function leftInMysql(): Promise<unknown[]> {
  const [schemas] = await admin.query("SHOW DATABASES LIKE 'storelab\\_check\\_%'");
  const [users] = await admin.query("SELECT user FROM mysql.user WHERE user LIKE 'storelab\\_%'");
  return [...(schemas as unknown[]), ...(users as unknown[])];
}
