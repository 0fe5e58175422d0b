import { createHash } from 'node:crypto';
import { createPool, type Pool, type RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { mysqlClientOptions } from '../../kit/servers/clients.ts';
import { openServers } from '../../kit/servers/open-servers.ts';
import type { Servers } from '../../kit/servers/servers.ts';
import { ensureStore, loadStore } from '../../src/worlds/store/load.ts';
import { dataMarker } from '../../src/worlds/store/marker.ts';
import { storeSql } from '../../src/worlds/store/sql-file.ts';

const schema = 'storelab_check_load';
let servers: Servers;
let pool: Pool;

beforeAll(async () => {
  servers = await openServers();
  pool = createPool({ ...mysqlClientOptions(servers.mysql), database: undefined, multipleStatements: true });
});

beforeEach(async () => {
  await pool.query(`DROP DATABASE IF EXISTS ${schema}`);
});

afterAll(async () => {
  await pool?.query(`DROP DATABASE IF EXISTS ${schema}`);
  await pool?.end();
  await servers?.close();
});

async function value(sql: string): Promise<unknown> {
  const [[row]] = await pool.query<RowDataPacket[]>(sql);
  return row && Object.values(row)[0];
}

/** Every row of every table of the store, as the server gives it, as one digest. */
async function contents(): Promise<string> {
  const hash = createHash('sha256');
  for (const table of ['users', 'products', 'orders', 'order_items']) {
    const [rows] = await pool.query<RowDataPacket[]>(`SELECT * FROM ${schema}.${table} ORDER BY id`);
    hash.update(JSON.stringify(rows));
  }
  return hash.digest('hex').slice(0, 16);
}

describe('loadStore()', () => {
  it('creates the schema and loads what was asked for, progress included', async () => {
    const progress: number[][] = [];
    const report = await loadStore(servers.mysql, {
      schema,
      orders: 3000,
      seed: 7,
      onProgress: (done, total) => progress.push([done, total]),
    });
    expect(report).toMatchObject({ loaded: true, schema, orders: 3000, users: 150, products: 60, seed: 7 });
    expect(await value(`SELECT COUNT(*) FROM ${schema}.orders`)).toBe(3000);
    expect(progress.at(-1)).toEqual([3000, 3000]);
    expect(progress.map(([done]) => done)).toEqual(progress.map(([done]) => done!).sort((a, b) => a - b));
  });

  it('gives the same rows for a seed on every server', async () => {
    await loadStore(servers.mysql, { schema, orders: 500, seed: 7 });
    expect(await contents()).toBe('02c4a22ff2c613f6');
  });

  it('loads totals that MySQL itself sums to the same cent, and rows that keep every foreign key', async () => {
    await loadStore(servers.mysql, { schema, orders: 3000, seed: 9 });
    const wrong = await value(`SELECT COUNT(*) FROM ${schema}.orders o WHERE o.total_amount <>
      (SELECT COALESCE(SUM(i.quantity * i.unit_price), 0) FROM ${schema}.order_items i WHERE i.order_id = o.id)`);
    expect(wrong).toBe(0);
    const orphans = await value(`SELECT COUNT(*) FROM ${schema}.order_items i
      LEFT JOIN ${schema}.orders o ON o.id = i.order_id LEFT JOIN ${schema}.products p ON p.id = i.product_id
      LEFT JOIN ${schema}.users u ON u.id = o.user_id WHERE o.id IS NULL OR p.id IS NULL OR u.id IS NULL`);
    expect(orphans).toBe(0);
  });

  it('writes nothing when the data is there already', async () => {
    await loadStore(servers.mysql, { schema, orders: 50, seed: 7 });
    await pool.query(`UPDATE ${schema}.users SET name = 'Ada King' WHERE id = 1`);
    expect(await loadStore(servers.mysql, { schema, orders: 50, seed: 7 })).toMatchObject({
      loaded: false,
      orders: 50,
    });
    expect(await value(`SELECT name FROM ${schema}.users WHERE id = 1`)).toBe('Ada King');
  });

  it('replaces its own data by another size', async () => {
    await loadStore(servers.mysql, { schema, orders: 200, seed: 7 });
    expect(await loadStore(servers.mysql, { schema, orders: 20, seed: 8 })).toMatchObject({
      loaded: true,
      orders: 20,
    });
    expect(await value(`SELECT COUNT(*) FROM ${schema}.orders`)).toBe(20);
  });

  it('refuses to delete rows that it did not load, except where `replace` asks for it', async () => {
    await loadStore(servers.mysql, { schema, orders: 20 });
    await pool.query(`INSERT INTO ${schema}.orders (user_id, total_amount) VALUES (1, 5.00)`);
    await expect(loadStore(servers.mysql, { schema, orders: 30 })).rejects.toThrow('1 in orders');
    expect(await value(`SELECT COUNT(*) FROM ${schema}.orders`)).toBe(21);
    expect(await loadStore(servers.mysql, { schema, orders: 30, replace: true })).toMatchObject({
      orders: 30,
    });
  });

  it('does a load that broke off again', async () => {
    await loadStore(servers.mysql, { schema, orders: 300, seed: 7 });
    const whole = await contents();
    await pool.query(
      `UPDATE ${schema}.markers SET value = '{"state":"loading","orders":300,"seed":7}' WHERE name = '${dataMarker}'`,
    );
    await pool.query(`DELETE FROM ${schema}.orders WHERE id > 100`);
    expect(await loadStore(servers.mysql, { schema, orders: 300, seed: 7 })).toMatchObject({
      loaded: true,
      orders: 300,
    });
    expect(await contents()).toBe(whole);
  });

  it('loads once when two ask at the same time', async () => {
    const both = await Promise.all([
      loadStore(servers.mysql, { schema, orders: 400 }),
      loadStore(servers.mysql, { schema, orders: 400 }),
    ]);
    expect(both.map(({ loaded }) => loaded).sort()).toEqual([false, true]);
  });

  it("leaves a pool's connections as they were", async () => {
    const own = createPool({
      ...mysqlClientOptions(servers.mysql),
      database: 'information_schema',
      connectionLimit: 1,
    });
    try {
      await loadStore(own, { schema, orders: 20 });
      const [[row]] = await own.query<RowDataPacket[]>(
        'SELECT DATABASE() AS db, @@foreign_key_checks AS checks',
      );
      expect(row).toEqual({ db: 'information_schema', checks: 1 });
    } finally {
      await own.end();
    }
  });
});

describe('ensureStore()', () => {
  it('loads the default where there is nothing, and leaves whatever is there', async () => {
    expect(await ensureStore(servers.mysql, { schema })).toMatchObject({
      loaded: true,
      orders: 100,
      seed: 1,
    });
    await loadStore(servers.mysql, { schema, orders: 250, seed: 3 });
    expect(await ensureStore(servers.mysql, { schema })).toMatchObject({
      loaded: false,
      orders: 250,
      seed: 3,
    });
  });

  it('leaves tables that somebody filled without the kit', async () => {
    await ensureStore(servers.mysql, { schema });
    await pool.query(`DELETE FROM ${schema}.markers`);
    expect(await ensureStore(servers.mysql, { schema })).toMatchObject({ loaded: false, orders: 100 });
  });
});

describe('storeSql()', () => {
  it('loads the same data as loadStore(), which then finds it there', async () => {
    await pool.query(storeSql({ schema, orders: 120, seed: 5 }));
    const fromFile = await contents();
    expect(await loadStore(servers.mysql, { schema, orders: 120, seed: 5 })).toMatchObject({ loaded: false });
    await loadStore(servers.mysql, { schema, orders: 120, seed: 5, replace: true });
    await pool.query(`DROP DATABASE ${schema}`);
    await loadStore(servers.mysql, { schema, orders: 120, seed: 5 });
    expect(await contents()).toBe(fromFile);
  });
});
