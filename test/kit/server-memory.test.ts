// needs: lab 01
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rootFolder } from '../../kit/base/root.ts';
import { sentenceOfCrash } from '../../kit/judge/crashed.ts';
import { WorkerProcess } from '../../kit/judge/queue/worker-process.ts';
import { runChecks } from '../../kit/judge/run-checks.ts';
import { createCheckSchema } from '../../kit/servers/check-schema.ts';
import { mysqlClientOptions } from '../../kit/servers/clients.ts';
import { megabytes } from '../../kit/servers/memory-size.ts';
import { openServers } from '../../kit/servers/open-servers.ts';
import type { Servers } from '../../kit/servers/servers.ts';
import { withRedis } from '../../kit/servers/versions.ts';

let servers: Servers;
beforeAll(async () => {
  servers = await openServers({ source: 'local' });
});
afterAll(() => servers?.close());

const text = "local s = 'x' while #s < 8000000 do s = s .. s end local t = {}";
/** Where the machine is so busy that it does not come so far in its time, a server ends later, and nobody is blamed for that. */
const usedUp = /^Your code used up the memory of Redis|had not settled/;
const refusedOrLate = /memory|had not settled/i;
/** A script that keeps 8 MB more with each step, until Lua gets no more and says so. */
const hoards = `${text} for i = 1, 1000 do t[i] = s .. i end`;
/** The same in ever smaller steps, and then Redis itself needs 32 MB: it ends where it gets none. */
const exhausts = `${text} local big = s .. s .. s .. s
for _, size in ipairs({ 8000000, 1000000 }) do
  local part = string.sub(s, 1, size)
  pcall(function() for i = 1, 1000 do t[#t + 1] = part .. #t end end)
end
return #redis.call('ECHO', big)`;

describe('a server of the kit', () => {
  test.runIf(process.platform === 'linux').each([
    ['refuses a script what its bound does not hold, and goes on, or ends of it and says so', hoards],
    ['ends where it needs more than its bound itself', exhausts],
  ] as const)('Redis %s', async (_, script) => {
    const redis = await servers.startRedis({ maxmemory: '64mb' });
    try {
      const run = withRedis(redis.admin, (client) => client.eval(script, 0), { timeoutMs: 60_000 });
      const said = await run.then(String, (error) => String(error.message));
      // Lua says it itself where Redis lets it (7.0); elsewhere, and where Redis needs the memory, the server ends.
      const refused = script === hoards && /not enough memory/.test(said);
      if (refused) expect(await withRedis(redis.admin, (client) => client.ping())).toBe('PONG');
      else expect(await redis.ended!(60_000), said).toMatch(/out of memory/i);
    } finally {
      await redis.close();
    }
  });

  test('MySQL refuses a user what its bound does not hold, and goes on', async () => {
    const mysql = await servers.startMysql!();
    try {
      const { address } = await createCheckSchema(mysql.address, 'storelab_check_w1');
      const student = await createConnection(mysqlClientOptions(address));
      student.on('error', () => {});
      const hoard = async () => {
        for (let i = 0; i < 1000; i++) await student.query(`SET @v${i} = REPEAT('a', 8000000)`);
      };
      await expect(hoard()).rejects.toThrow(/memory/i);
      student.destroy();
      const admin = await createConnection(mysqlClientOptions(mysql.address));
      const [rows] = await admin.query<RowDataPacket[]>('SELECT @@pid_file AS file');
      admin.destroy();
      expect(await mysql.ended!(0)).toBeUndefined();
      if (process.platform !== 'linux') return;
      const status = readFileSync(`/proc/${readFileSync(rows[0]!.file, 'utf8').trim()}/status`, 'utf8');
      expect(Number(/VmHWM:\s*(\d+)/.exec(status)![1]) / 1024).toBeLessThan(4096);
    } finally {
      await mysql.close();
    }
  });
});

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

test.each([
  ['Redis', '# Out Of Memory allocating 8000024 bytes!', /^Your code used up the memory of Redis/],
  ['MySQL', '[ERROR] mysqld: Out of memory (Needed 1 bytes)', /^Your code used up the memory of MySQL/],
  ['MySQL', '[ERROR] mysqld got signal 11 ;', /^Your code made MySQL crash/],
] as const)('sentenceOfCrash() of %s: %s', (server, log, sentence) => {
  expect(sentenceOfCrash({ server, log })).toMatch(sentence);
});

test('sentenceOfCrash() blames nobody for a server that was told to end', () => {
  expect(sentenceOfCrash({ server: 'Redis', log: '# User requested shutdown...' })).toBeUndefined();
});

test.each([
  ['256mb', 256],
  ['2GB', 2048],
  ['512kb', 0.5],
  ['0', undefined],
] as const)('megabytes(%s) is %s', (size, mb) => {
  expect(megabytes(size)).toBe(mb);
});
