import { once } from 'node:events';
import { createConnection as connectSocket } from 'node:net';
import type { RowDataPacket } from 'mysql2';
import { createConnection } from 'mysql2/promise';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Taps } from './support/taps.ts';

const taps = new Taps();
const numbers = (n: number) => Array.from({ length: n }, (_, i) => i);

beforeAll(async () => {
  await taps.open();
  const mysql = taps.pool();
  await mysql.query('CREATE TABLE orders (id INT PRIMARY KEY, total DECIMAL(10,2) NOT NULL, note LONGBLOB)');
  const rows = numbers(20_000).map((i) => [i + 1, `${i}.50`, 'a note of some length, as notes are']);
  await mysql.query('INSERT INTO orders VALUES ?', [rows]);
});
afterAll(() => taps.close());
afterEach(() => taps.endClients());

describe('openMysqlTap()', () => {
  it('does not count logging in, and counts a query as one', async () => {
    const mysql = taps.pool();
    expect(await taps.measure(() => mysql.query('SELECT 1'))).toEqual({ commands: 1, trips: 1 });
    expect(taps.mysql.counts()).toMatchObject({ connections: 1, rows: 1 });
  });

  it('counts a first execute() as 2 and the next as 1', async () => {
    const mysql = taps.pool({ connectionLimit: 1 });
    const execute = () => mysql.execute('SELECT id FROM orders WHERE id BETWEEN ? AND ?', [1, 10]);
    expect(await taps.measure(execute)).toEqual({ commands: 2, trips: 2 });
    expect(await taps.measure(execute)).toEqual({ commands: 1, trips: 1 });
    expect(taps.mysql.counts().rows).toBe(10);
    expect(taps.mysql.transcript()[0]?.text).toBe('SELECT id FROM orders WHERE id BETWEEN ? AND ?');
  });

  it('counts N+1 queries as N+1', async () => {
    const mysql = taps.pool();
    const figures = await taps.measure(async () => {
      const [orders] = await mysql.query<RowDataPacket[]>('SELECT id FROM orders ORDER BY id LIMIT 10');
      for (const { id } of orders) await mysql.query('SELECT total FROM orders WHERE id = ?', [id]);
    });
    expect(figures).toEqual({ commands: 11, trips: 11 });
  });

  it('counts Promise.all of 100 over a pool of ten as ten trips, a pool that still connects included', async () => {
    for (const warm of [false, true, true, true]) {
      const mysql = taps.pool({ connectionLimit: 10 });
      const all = () =>
        Promise.all(numbers(100).map((i) => mysql.query('SELECT total FROM orders WHERE id = ?', [i])));
      if (warm) await all();
      const { commands, trips } = await taps.measure(all);
      expect(commands).toBe(100);
      // A connection that comes later than the hold has its queries asked by the nine others: one trip more.
      if (warm) expect(trips).toBe(10);
      else expect([10, 11, 12]).toContain(trips);
      await mysql.end();
    }
  });

  it('counts trips over both servers together, and for each', async () => {
    const mysql = taps.pool();
    const redis = await taps.client();
    const figures = await taps.measure(async () => {
      for (const page of numbers(3)) {
        const [rows] = await mysql.query<RowDataPacket[]>(
          'SELECT id, total FROM orders WHERE id > ? LIMIT 100',
          [page * 100],
        );
        const pipeline = redis.pipeline();
        for (const { id, total } of rows) pipeline.hset(`order:${id}`, { id, total });
        await pipeline.exec();
      }
    });
    expect(figures).toEqual({ commands: 303, trips: 6 });
    expect(taps.mysql.counts()).toMatchObject({ commands: 3, trips: 3, rows: 300 });
    expect(taps.redis.counts()).toMatchObject({ commands: 300, trips: 3, largestBacklog: { commands: 100 } });
    expect(taps.meter.rowsBeforeWrite).toBe(100);
  });

  it('tells code that reads everything first from code that streams', async () => {
    const mysql = taps.pool();
    const redis = await taps.client();
    await taps.measure(async () => {
      const [rows] = await mysql.query<RowDataPacket[]>('SELECT id, total, note FROM orders');
      await redis.set('orders', rows.length);
    });
    expect(taps.meter.rowsBeforeWrite).toBe(20_000);

    await taps.measure(async () => {
      let pipeline = redis.pipeline();
      const stream = mysql.pool.query('SELECT id, total, note FROM orders').stream({ highWaterMark: 100 });
      for await (const { id, total } of stream) {
        pipeline.hset(`order:${id}`, { id, total });
        if (pipeline.length < 500) continue;
        await pipeline.exec();
        pipeline = redis.pipeline();
      }
      await pipeline.exec();
    });
    expect(taps.mysql.counts().rows).toBe(20_000);
    expect(taps.meter.rowsBeforeWrite).toBeLessThan(12_000);
  });

  it('passes binary values and 20 MB through unchanged', async () => {
    const mysql = taps.pool();
    const value = Buffer.from(numbers(3_000_000).map((i) => (i * 7919) % 256));
    await mysql.query('REPLACE INTO orders VALUES (0, 1, ?)', [value]);
    taps.reset();
    const select = 'SELECT note FROM orders WHERE id = 0';
    for (const read of [mysql.query<RowDataPacket[]>(select), mysql.execute<RowDataPacket[]>(select)]) {
      const [[row]] = await read;
      expect(row?.note.equals(value)).toBe(true);
    }
    const [[long]] = await mysql.query<RowDataPacket[]>(
      "SELECT REPEAT('x', 15000000) AS a, REPEAT('y', 5000000) AS b",
    );
    expect(long?.a.length + long?.b.length).toBeGreaterThan(0);
    expect(taps.mysql.counts().rows).toBe(3);
    expect(taps.mysql.outstanding()).toEqual([]);
    await mysql.query('DELETE FROM orders WHERE id = 0');
  });

  it('counts errors, transactions, pings and several results of a procedure', async () => {
    const mysql = taps.pool({ connectionLimit: 1 });
    await mysql.query('CREATE PROCEDURE two() BEGIN SELECT 1; SELECT 2 UNION SELECT 3; END');
    const connection = await mysql.getConnection();
    const figures = await taps.measure(async () => {
      await expect(connection.query('SELEC 1')).rejects.toThrow('syntax');
      await connection.beginTransaction();
      await connection.execute('DELETE FROM orders WHERE id = ?', [-1]);
      await connection.rollback();
      await connection.ping();
      await connection.query('CALL two()');
    });
    connection.release();
    expect(figures).toEqual({ commands: 7, trips: 7 });
    expect(taps.mysql.counts()).toMatchObject({ errors: 1, rows: 3 });
    expect(taps.mysql.transcript().filter(({ error }) => error !== undefined)).toHaveLength(1);
  });

  it('holds back no transaction that another one waits for', async () => {
    const mysql = taps.pool();
    const [first, second] = await Promise.all([mysql.getConnection(), mysql.getConnection()]);
    taps.reset();
    await first.beginTransaction();
    await first.query('UPDATE orders SET total = 1 WHERE id = 1');
    const waits = second.query('UPDATE orders SET total = 2 WHERE id = 1');
    await first.query('SELECT 1');
    await first.commit();
    await waits;
    expect(taps.meter.trips).toBeLessThanOrEqual(5);
    first.release();
    second.release();
  });

  it('lets COM_STMT_CLOSE go unanswered', async () => {
    const mysql = taps.pool({ connectionLimit: 1 });
    const connection = await mysql.getConnection();
    const figures = await taps.measure(async () => {
      const statement = await connection.prepare('SELECT ? AS n');
      await statement.execute([1]);
      await statement.close();
      await connection.query('SELECT 1');
    });
    connection.release();
    expect(figures.commands).toBe(4);
    expect(taps.mysql.outstanding()).toEqual([]);
  });

  it('refuses multipleStatements, TLS and compression with a sentence in the protocol of MySQL', async () => {
    taps.reset();
    const plain = taps.mysqlLogin();
    await expect(createConnection({ ...plain, multipleStatements: true })).rejects.toThrow(
      'send one statement a query',
    );
    await expect(createConnection({ ...plain, compress: true })).rejects.toThrow(
      'compression cannot be counted',
    );
    await expect(createConnection({ ...plain, ssl: { rejectUnauthorized: false } })).rejects.toThrow();
    const reasons = taps.mysql.refusals().map(({ reason }) => reason);
    expect(reasons.slice(0, 2)).toEqual([
      'tap: multipleStatements cannot be counted: send one statement a query',
      'tap: compression cannot be counted',
    ]);
    expect(taps.meter.commands).toBe(0);
  });

  it('survives garbage', async () => {
    for (const seed of numbers(30)) {
      const socket = connectSocket(taps.mysql.path);
      socket.on('error', () => {});
      if (seed % 2) await once(socket, 'data');
      socket.resume();
      socket.end(Buffer.from(numbers(300).map((i) => (i * 31 + seed * 97 + ((i * seed) >> 3)) % 256)));
      await new Promise((resolve) => socket.once('close', resolve));
    }
    expect(await taps.measure(() => taps.pool().query('SELECT 1'))).toEqual({ commands: 1, trips: 1 });
  });
});
