import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Environment } from '../../kit/judge/environment.ts';
import { mysqlClientOptions } from '../../kit/servers/clients.ts';
import { openServers } from '../../kit/servers/open-servers.ts';
import { preparedIn } from '../../kit/servers/prepared-transactions.ts';
import type { Servers } from '../../kit/servers/servers.ts';
import { serverState } from './support/server-state.ts';
import { slowStatement } from './support/slow-statement.ts';

let servers: Servers;
let admin: Connection;
beforeAll(async () => {
  // Its own: what is done to it must trouble nobody.
  servers = await openServers({ source: 'local' });
  admin = await createConnection(mysqlClientOptions(servers.mysql));
});
afterAll(async () => {
  admin?.destroy();
  await servers?.close();
});

let environment: Environment;
let opened = 0;
beforeEach(async () => {
  environment = await Environment.open(servers, `stuck_${process.pid}_${opened++}`);
  await environment.reset();
});
afterEach(() => environment.close());

/** As the student's code: through the tap. */
async function asStudent(work: (student: Connection) => Promise<unknown>): Promise<Connection> {
  const student = await createConnection(
    mysqlClientOptions(
      { ...environment.student, socketPath: environment.taps.mysql.path },
      { behindTap: environment.student },
    ),
  );
  student.on('error', () => {});
  await work(student);
  return student;
}

const named = async (pattern: string) => {
  const [rows] = await admin.query<RowDataPacket[]>('SHOW DATABASES LIKE ?', [pattern]);
  return rows.map((row) => Object.values(row)[0]);
};

/** Ids of any form: text, bytes, two parts, a format of its own. */
const ids = ["'a'", "X'00ff27', 'b''q'", "'a', 'b', 7"];

describe.each([
  ['stays', (student: Connection) => student],
  ['is gone', (student: Connection) => student.destroy()],
])('a prepared transaction whose connection %s', (_, then) => {
  const prepare = (id: string) =>
    asStudent(async (student) => {
      await student.query(`XA START ${id}`);
      await student.query('UPDATE orders SET total_amount = 1');
      await student.query(`XA END ${id}`);
      await student.query(`XA PREPARE ${id}`);
    });

  test.each(ids)('is rolled back by reset(): %s', async (id) => {
    const before = await serverState(environment);
    then(await prepare(id));
    expect(await preparedIn(admin)).toHaveLength(1);
    await environment.reset();
    expect(await preparedIn(admin)).toEqual([]);
    expect(await serverState(environment)).toEqual(before);
  });

  test('keeps close() from nothing', async () => {
    then(await prepare("'a'"));
    await environment.close();
    expect(await preparedIn(admin)).toEqual([]);
    expect(await named('storelab\\_check\\_stuck%')).toEqual([]);
  });
});

describe('a statement that ignores KILL', () => {
  const begin = (sql: string) =>
    asStudent(async (student) => {
      student.query(sql).catch(() => {});
      await expect
        .poll(async () => {
          const [threads] = await admin.query<RowDataPacket[]>('SHOW PROCESSLIST');
          return threads.some(({ User, Info }) => User === environment.student.user && /REPLACE/.test(Info));
        })
        .toBe(true);
    });

  test('is none that sleeps: endStatements() ends it', async () => {
    expect(await environment.health.endStatements()).toBe(true);
    const student = await asStudent((connection) => connection.query('SELECT 1'));
    const sleeping = student.query('SELECT SLEEP(1000)').catch((error) => error.code);
    await expect
      .poll(async () => {
        const [threads] = await admin.query<RowDataPacket[]>('SHOW PROCESSLIST');
        return threads.filter(({ Info }) => /SLEEP/.test(Info)).length;
      })
      .toBe(1);
    expect(await environment.health.endStatements()).toBe(true);
    expect(await sleeping).toBeTruthy();
  });

  test('keeps neither reset() nor close() for long', async () => {
    await begin(slowStatement('orders'));
    const begun = performance.now();
    await expect(environment.reset()).rejects.toThrow(/did not end within 5 s of being killed/);
    await environment.close();
    expect(performance.now() - begun).toBeLessThan(40_000);
  });
});

test('an environment with a MySQL of its own takes it along when it is closed', async () => {
  const mysql = await servers.startMysql!();
  const own = await Environment.open(servers, `own_${process.pid}`, mysql);
  await own.reset();
  expect(await named(own.schema)).toEqual([]);
  expect(await own.mysql.query('SELECT COUNT(*) AS n FROM orders')).toMatchObject([
    [{ n: 10 }],
    expect.anything(),
  ]);
  await own.close();
  await expect(createConnection(mysqlClientOptions(mysql.address))).rejects.toThrow(/ENOENT|ECONNREFUSED/);
});
