import { readFileSync } from 'node:fs';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sentenceOfCrash } from '../../kit/judge/crashed.ts';
import { createCheckSchema } from '../../kit/servers/check-schema.ts';
import { mysqlClientOptions } from '../../kit/servers/clients.ts';
import { megabytes } from '../../kit/servers/memory-size.ts';
import { openServers } from '../../kit/servers/open-servers.ts';
import type { Servers } from '../../kit/servers/servers.ts';
import { withRedis } from '../../kit/servers/versions.ts';
import { exhausts, hoards } from './support/memory-scripts.ts';

let servers: Servers;
beforeAll(async () => {
  servers = await openServers({ source: 'local' });
});
afterAll(() => servers?.close());

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
