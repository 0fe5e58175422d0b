import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { MysqlAddress } from '../../kit/servers/address.ts';
import { assertCheckSchema, type CheckSchema, createCheckSchema } from '../../kit/servers/check-schema.ts';
import { mysqlClientOptions } from '../../kit/servers/clients.ts';
import { openServers } from '../../kit/servers/open-servers.ts';
import type { Servers } from '../../kit/servers/servers.ts';

let servers: Servers;
let admin: Connection;
const connect = (address: MysqlAddress) => createConnection(mysqlClientOptions(address));

beforeAll(async () => {
  servers = await openServers({ source: 'local' });
  admin = await connect(servers.mysql);
  await admin.query('CREATE DATABASE storelab; CREATE TABLE storelab.orders (id INT)'.split(';')[0]!);
  await admin.query('CREATE TABLE storelab.orders (id INT)');
});
afterAll(async () => {
  admin.destroy();
  await servers.close();
});

describe('createCheckSchema()', () => {
  let check: CheckSchema;
  let student: Connection;

  beforeEach(async () => {
    check = await createCheckSchema(servers.mysql, 'storelab_check_w1');
    await admin.query('CREATE TABLE storelab_check_w1.orders (id INT PRIMARY KEY)');
    student = await connect(check.address);
  });
  afterEach(async () => {
    student.destroy();
    await check.drop();
  });

  it('gives a user who reads and writes rows there', async () => {
    await student.query('INSERT INTO orders VALUES (1), (2)');
    await student.query('UPDATE orders SET id = 3 WHERE id = 2');
    await student.query('DELETE FROM orders WHERE id = 1');
    const [rows] = await student.query('SELECT id FROM orders');
    expect(rows).toEqual([{ id: 3 }]);
  });

  it.each([
    'DROP TABLE orders',
    'DROP DATABASE storelab_check_w1',
    'CREATE TABLE mine (id INT)',
    'TRUNCATE orders',
    'SELECT * FROM storelab.orders',
    'INSERT INTO storelab.orders VALUES (1)',
    'SELECT * FROM mysql.user',
    "CREATE USER 'x'@'%' IDENTIFIED BY 'x'",
    'SET GLOBAL max_connections = 1',
    "SELECT 'x' INTO OUTFILE '/tmp/storelab-should-not-be'",
  ])('refuses the student %s', async (statement) => {
    await expect(student.query(statement)).rejects.toThrow(/denied|command denied|privilege/i);
  });

  it('keeps the student out of a schema whose name only looks alike', async () => {
    // In a grant, an unescaped _ would match any letter.
    await admin.query('CREATE DATABASE storelabXcheckXw1');
    await admin.query('CREATE TABLE storelabXcheckXw1.orders (id INT)');
    await expect(student.query('SELECT * FROM storelabXcheckXw1.orders')).rejects.toThrow(/denied/);
    await admin.query('DROP DATABASE storelabXcheckXw1');
  });

  it('allows 20 connections', async () => {
    const more = await Promise.allSettled(Array.from({ length: 22 }, () => connect(check.address)));
    const open = more.filter((result) => result.status === 'fulfilled');
    for (const { value } of open) value.destroy();
    expect(open.length).toBe(19);
  });

  it('replaces what a crashed run left, rows and user', async () => {
    await student.query('INSERT INTO orders VALUES (1)');
    const again = await createCheckSchema(servers.mysql, 'storelab_check_w1');
    await expect(connect(check.address)).rejects.toThrow(/denied/i);
    const [tables] = await admin.query('SHOW TABLES IN storelab_check_w1');
    expect(tables).toEqual([]);
    await again.drop();
  });

  it('renewUser() shuts out whoever had or set the old password', async () => {
    const old = { ...check.address };
    await student
      .query("SET PASSWORD = PASSWORD('mine')")
      .catch(() => student.query("SET PASSWORD = 'mine'"));
    await check.renewUser();
    await expect(connect(old)).rejects.toThrow(/denied/i);
    await expect(student.query('SELECT 1')).rejects.toThrow();
    student = await connect(check.address);
  });

  it('drop() does not wait for an open transaction of the student, and leaves no user', async () => {
    await student.beginTransaction();
    await student.query('INSERT INTO orders VALUES (9)');
    await check.drop();
    const [users] = await admin.query<RowDataPacket[]>('SELECT user FROM mysql.user WHERE user = ?', [
      check.address.user,
    ]);
    expect(users).toEqual([]);
  });
});

describe('assertCheckSchema()', () => {
  it.each([
    'storelab',
    'mysql',
    'storelab_check_',
    'xstorelab_check_a',
    'storelab_check_a`b',
    'storelab_check_A b',
  ])('refuses %s', (name) => {
    expect(() => assertCheckSchema(name)).toThrow(/storelab_check_\*/);
  });

  it('guards createCheckSchema(): the store is not touched', async () => {
    await expect(createCheckSchema(servers.mysql, 'storelab')).rejects.toMatchObject({
      code: 'NOT_A_CHECK_SCHEMA',
    });
    const [tables] = await admin.query('SHOW TABLES IN storelab');
    expect(tables).toHaveLength(1);
  });
});
