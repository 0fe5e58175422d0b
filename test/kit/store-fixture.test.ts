import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mysqlClientOptions } from '../../kit/servers/clients.ts';
import { openServers } from '../../kit/servers/open-servers.ts';
import type { Servers } from '../../kit/servers/servers.ts';
import {
  fixtureOrders,
  fixtureProducts,
  fixtureStatements,
  fixtureUsers,
} from '../../src/worlds/store/fixture.ts';
import { loadFixture } from '../../src/worlds/store/load-fixture.ts';
import { fromCents, toCents } from '../../src/worlds/store/money.ts';
import { createSchema, schemaStatements, tableNames } from '../../src/worlds/store/schema.ts';

const schema = 'storelab_check_fixture';
let servers: Servers;
let connection: Connection;

beforeAll(async () => {
  servers = await openServers();
  connection = await createConnection({
    ...mysqlClientOptions(servers.mysql),
    database: undefined,
    multipleStatements: true,
  });
  await connection.query(`DROP DATABASE IF EXISTS ${schema}`);
  await connection.query(createSchema(schema));
  await connection.query(`USE ${schema}`);
});

afterAll(async () => {
  await connection?.query(`DROP DATABASE IF EXISTS ${schema}`);
  await connection?.end();
  await servers?.close();
});

async function all(sql: string): Promise<RowDataPacket[]> {
  const [rows] = await connection.query<RowDataPacket[]>(sql);
  return rows;
}

async function snapshot(): Promise<Record<string, RowDataPacket[]>> {
  const tables: Record<string, RowDataPacket[]> = {};
  for (const table of tableNames) tables[table] = await all(`SELECT * FROM ${table} ORDER BY 1`);
  return tables;
}

describe('fixtureOrders', () => {
  it('have totals that are the exact sum of their items', () => {
    for (const { id, totalAmount, items } of fixtureOrders) {
      const cents = items.reduce((sum, { quantity, unitPrice }) => sum + quantity * toCents(unitPrice), 0);
      expect(totalAmount, `order ${id}`).toBe(fromCents(cents));
    }
  });

  it('hold a sum that floats get wrong, an empty order, one of more than ten items and a gap in the ids', () => {
    const asFloats = fixtureOrders.filter(({ items, totalAmount }) => {
      const sum = items.reduce((total, { quantity, unitPrice }) => total + quantity * Number(unitPrice), 0);
      return String(sum) !== String(Number(totalAmount));
    });
    expect(asFloats.length).toBeGreaterThan(1);
    expect(fixtureOrders.some(({ items }) => items.length === 0)).toBe(true);
    expect(fixtureOrders.some(({ items }) => items.length > 10)).toBe(true);
    expect(fixtureOrders.map(({ id }) => id)).not.toContain(4);
  });

  it('name users and products that exist', () => {
    const users = new Set(fixtureUsers.map(({ id }) => id));
    const products = new Set(fixtureProducts.map(({ id }) => id));
    for (const { userId, items } of fixtureOrders) {
      expect(users).toContain(userId);
      for (const { productId } of items) expect(products).toContain(productId);
    }
  });
});

describe('schemaStatements()', () => {
  it('create every table, and change nothing when they run again', async () => {
    for (const sql of schemaStatements()) await connection.query(sql);
    await connection.query("INSERT INTO markers (name, value) VALUES ('mine', '1')");
    for (const sql of schemaStatements()) await connection.query(sql);
    expect(await all("SELECT value FROM markers WHERE name = 'mine'")).toEqual([{ value: '1' }]);
    const tables = await all('SHOW TABLES');
    expect(tables.map((row) => Object.values(row)[0]).sort()).toEqual([...tableNames].sort());
  });

  it('refuse an item without its order, and delete the items with the order', async () => {
    await loadFixture(connection);
    await expect(connection.query('INSERT INTO order_items VALUES (99, 4, 1, 1, 1.00)')).rejects.toThrow(
      'foreign key',
    );
    await connection.query('DELETE FROM orders WHERE id = 8');
    expect(await all('SELECT id FROM order_items WHERE order_id = 8')).toEqual([]);
  });
});

describe('loadFixture()', () => {
  it('stores names of any script and amounts to the cent', async () => {
    await loadFixture(connection);
    const { users, products, orders, order_items } = await snapshot();
    expect(users!.map(({ name }) => name)).toEqual(fixtureUsers.map(({ name }) => name));
    expect(products!.map(({ name, price }) => [name, price])).toEqual(
      fixtureProducts.map(({ name, price }) => [name, price]),
    );
    expect(orders!.map(({ id, total_amount, created_at }) => [id, total_amount, created_at])).toEqual(
      fixtureOrders.map(({ id, totalAmount, createdAt }) => [id, totalAmount, createdAt]),
    );
    expect(order_items).toHaveLength(fixtureOrders.flatMap(({ items }) => items).length);
  });

  it('leaves the tables as they were where it fails', async () => {
    await loadFixture(connection);
    const before = await snapshot();
    const failing = {
      query: (sql: string) =>
        sql.startsWith('INSERT INTO order_items') ? Promise.reject(new Error('cut')) : connection.query(sql),
    };
    await expect(loadFixture(failing as Pick<Connection, 'query'>)).rejects.toThrow('cut');
    expect(await snapshot()).toEqual(before);
  });
});

describe('fixtureStatements()', () => {
  it('put back every table in one query', async () => {
    await loadFixture(connection);
    const before = await snapshot();
    await connection.query('DELETE FROM orders WHERE id < 6');
    await connection.query("INSERT INTO users VALUES (7, 'Mallory', 'm@example.com')");
    await connection.query("INSERT INTO outbox (topic, payload) VALUES ('x', '{}')");
    await connection.query("INSERT INTO applied_writes (write_id) VALUES ('w1')");
    await connection.query(fixtureStatements());
    expect(await snapshot()).toEqual({ ...before, markers: [], outbox: [], applied_writes: [] });
  });
});
