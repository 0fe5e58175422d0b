import { createConnection } from 'node:net';
import { Redis } from 'ioredis';
import { createPool } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Environment } from '../../kit/judge/environment.ts';
import { mysqlClientOptions } from '../../kit/servers/clients.ts';
import { openServers } from '../../kit/servers/open-servers.ts';
import type { Servers } from '../../kit/servers/servers.ts';

let servers: Servers;
let environment: Environment;

beforeAll(async () => {
  servers = await openServers();
  environment = await Environment.open(servers, `kit_${process.pid}`);
});
afterAll(async () => {
  await environment?.close();
  await servers?.close();
});

describe('Environment.reset()', () => {
  test('puts back rows, keys, scripts and counts, and cuts connections', async () => {
    const { redis, mysql, taps } = environment;
    await environment.reset();
    const before = await mysql.query('CHECKSUM TABLE users, products, orders, order_items');
    await mysql.query('DELETE FROM order_items');
    await mysql.query("UPDATE users SET name = 'nobody'");
    await redis.set('left', 'over');
    await redis.function('LOAD', "#!lua name=left\nredis.register_function('left', function() return 1 end)");
    const client = new Redis({
      path: taps.redis.path,
      retryStrategy: null,
      lazyConnect: true,
      username: 'student',
      password: 'wrong',
    });
    await client.connect().catch(() => {});
    await environment.reset();
    expect(await redis.dbsize()).toBe(0);
    expect(await redis.function('LIST')).toEqual([]);
    const after = await mysql.query('CHECKSUM TABLE users, products, orders, order_items');
    expect(after[0]).toEqual(before[0]);
    expect(taps.meter.commands).toBe(0);
    client.disconnect();
  });

  test('leaves rows alone only where nobody can have touched them since the last reset for the same file', async () => {
    const firstOrder = async () => {
      const [rows] = await environment.mysql.query('SELECT total_amount AS amount FROM orders WHERE id = 1');
      return (rows as { amount: string }[])[0]!.amount;
    };
    const spoil = () => environment.mysql.query('UPDATE orders SET total_amount = 1 WHERE id = 1');
    await environment.reset('store', 'a.ts');
    const amount = await firstOrder();
    await spoil();
    await environment.reset('store', 'a.ts');
    expect(await firstOrder()).toBe('1.00');
    await environment.reset('store', 'b.ts');
    expect(await firstOrder()).toBe(amount);
    await environment.mysqlForCheck().query('UPDATE orders SET total_amount = 2 WHERE id = 1');
    await environment.reset('store', 'b.ts');
    expect(await firstOrder()).toBe(amount);
    await spoil();
    createConnection(environment.taps.mysql.path).on('error', () => {});
    await expect.poll(() => environment.taps.mysql.accepted).toBeGreaterThan(0);
    await environment.reset('store', 'b.ts');
    expect(await firstOrder()).toBe(amount);
  });

  test('does not wait for a Redis that is busy with what it was asked before', {
    timeout: 30_000,
  }, async () => {
    const own = await Environment.open(servers, `busy_${process.pid}`);
    try {
      await own.redis.ping();
      // Slow steps inside of which Redis looks at nobody: it does not answer BUSY meanwhile.
      const slow = "return #string.rep('x', 256 * 1024 * 1024)";
      const asked = Array.from({ length: 40 }, () => own.redis.eval(slow, 0).catch(() => 'too late'));
      const begun = performance.now();
      await expect(own.reset()).rejects.toThrow(/left Redis busy.*Command timed out/);
      expect(performance.now() - begun).toBeLessThan(9_000);
      expect(await Promise.all(asked)).toContain('too late');
    } finally {
      await own.close();
    }
  });

  test('ends a transaction that the student left open with a lock', async () => {
    await environment.reset();
    const { schema, mysql } = environment;
    const student = createPool({ ...mysqlClientOptions(environment.student), database: schema });
    const connection = await student.getConnection();
    connection.on('error', () => {});
    await connection.query('START TRANSACTION');
    await connection.query('SELECT * FROM orders FOR UPDATE');
    await environment.reset();
    const [rows] = await mysql.query('SELECT COUNT(*) AS n FROM orders');
    expect(rows).toEqual([{ n: 10 }]);
    connection.destroy();
    await student.end().catch(() => {});
  });
});
