import { createHash } from 'node:crypto';
import { createPool, type Pool, type RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { mysqlClientOptions } from '../../kit/servers/clients.ts';
import { openServers } from '../../kit/servers/open-servers.ts';
import type { Servers } from '../../kit/servers/servers.ts';
import { generateMarket, marketSizeOf } from '../../src/worlds/market/generate.ts';
import { ensureMarket, loadMarket } from '../../src/worlds/market/load.ts';
import { marketTableNames } from '../../src/worlds/market/schema.ts';

const schema = 'storelab_check_game';
let servers: Servers;
let pool: Pool;

beforeAll(async () => {
  servers = await openServers();
  pool = createPool({ ...mysqlClientOptions(servers.mysql), database: undefined });
});
beforeEach(async () => {
  await pool.query(`DROP DATABASE IF EXISTS ${schema}`);
});
afterAll(async () => {
  await pool?.query(`DROP DATABASE IF EXISTS ${schema}`);
  await pool?.end();
  await servers?.close();
});

const all = async (sql: string) => (await pool.query<RowDataPacket[]>(sql.replaceAll('$', schema)))[0];
const value = async (sql: string) => Object.values((await all(sql))[0]!)[0];

/** Every row of every table of the game, as one digest. */
async function contents(): Promise<string> {
  const hash = createHash('sha256');
  for (const table of marketTableNames)
    hash.update(JSON.stringify(await all(`SELECT * FROM $.${table} ORDER BY 1, 2`)));
  return hash.digest('hex').slice(0, 16);
}

describe('loadMarket()', () => {
  it('loads what was asked for, and gives the same rows for a seed on every server', async () => {
    const report = await loadMarket(servers.mysql, { schema, players: 500, seed: 7 });
    expect(report).toMatchObject({ loaded: true, schema, players: 500, listings: 2500, seed: 7 });
    expect(report.sales).toBe(await value('SELECT COUNT(*) FROM $.sales'));
    expect(await contents()).toBe('cb6568305b4bef5c');
  });

  it('loads rows that keep every rule of the schema, and sales that say what their listings say', async () => {
    await loadMarket(servers.mysql, { schema, players: 500, seed: 9 });
    const wrong = await value(`SELECT COUNT(*) FROM $.listings l LEFT JOIN $.sales s ON s.listing_id = l.id
      LEFT JOIN $.players p ON p.id = l.seller_id LEFT JOIN $.resources r ON r.id = l.resource_id
      LEFT JOIN $.players b ON b.id = s.buyer_id
      WHERE p.id IS NULL OR r.id IS NULL OR (l.status = 'sold') <> (s.id IS NOT NULL) OR
        (s.id IS NOT NULL AND (b.id IS NULL OR s.total_price <> l.quantity * CAST(l.unit_price AS UNSIGNED)
          OR s.buyer_id = s.seller_id OR s.seller_id <> l.seller_id OR s.sold_at < l.created_at))`);
    expect(wrong).toBe(0);
    const orphans =
      await value(`SELECT COUNT(*) FROM $.inventories i LEFT JOIN $.players p ON p.id = i.player_id
      LEFT JOIN $.resources r ON r.id = i.resource_id WHERE p.id IS NULL OR r.id IS NULL`);
    expect(orphans).toBe(0);
    expect(await value("SELECT COUNT(*) FROM $.listings WHERE resource_id = 11 AND status = 'active'")).toBe(
      0,
    );
  });

  it('replaces data of the kit by another size, and asks before it deletes what was played', async () => {
    await loadMarket(servers.mysql, { schema, players: 50, seed: 1 });
    expect(await loadMarket(servers.mysql, { schema, players: 50, seed: 1 })).toMatchObject({
      loaded: false,
    });
    expect(await loadMarket(servers.mysql, { schema, players: 60, seed: 1 })).toMatchObject({ players: 60 });
    await pool.query(`DELETE FROM ${schema}.sales WHERE id = 1`);
    await expect(loadMarket(servers.mysql, { schema, players: 50, seed: 1 })).rejects.toMatchObject({
      name: 'MarketHasOwnData',
    });
    const replaced = await loadMarket(servers.mysql, { schema, players: 50, seed: 1, replace: true });
    expect(replaced).toMatchObject({ loaded: true, players: 50 });
    expect(await value('SELECT COUNT(*) FROM $.sales WHERE id = 1')).toBe(1);
  });

  it('loads once for two callers at once', async () => {
    const both = await Promise.all(
      [1, 2].map(() => loadMarket(servers.mysql, { schema, players: 50, seed: 1 })),
    );
    expect(both.map(({ loaded }) => loaded).sort()).toEqual([false, true]);
  });
});

describe('ensureMarket()', () => {
  it('loads the default where there is nothing, and leaves what is there', async () => {
    expect(await ensureMarket(servers.mysql, { schema })).toMatchObject({ loaded: true, players: 100 });
    await pool.query(`DELETE FROM ${schema}.sales`);
    expect(await ensureMarket(servers.mysql, { schema })).toMatchObject({ loaded: false, sales: 0 });
  });

  it('finishes a load that broke off', async () => {
    await loadMarket(servers.mysql, { schema, players: 50, seed: 3 });
    await pool.query(`UPDATE ${schema}.markers SET value = '{"state":"loading","players":50,"seed":3}'`);
    await pool.query(`DELETE FROM ${schema}.sales`);
    expect(await ensureMarket(servers.mysql, { schema })).toMatchObject({ loaded: true, players: 100 });
  });

  it("leaves rows of somebody's own", async () => {
    await ensureMarket(servers.mysql, { schema });
    await pool.query(`DELETE FROM ${schema}.markers`);
    await pool.query(`UPDATE ${schema}.players SET coins = 77`);
    expect(await ensureMarket(servers.mysql, { schema })).toMatchObject({ loaded: false, players: 100 });
    expect(await value('SELECT COUNT(*) FROM $.players WHERE coins = 77')).toBe(100);
  });
});

describe('generateMarket()', () => {
  it('gives the same statements for a seed, others for another, and rows in batches', () => {
    const text = (seed: number) =>
      [...generateMarket({ players: 80, seed })].map(({ sql }) => sql).join(';\n');
    expect(text(1)).toBe(text(1));
    expect(text(1)).not.toBe(text(2));
    const rows = [...generateMarket({ players: 300, rowsPerStatement: 50 })].map(({ rows: count }) => count);
    expect(Math.max(...rows)).toBeLessThanOrEqual(50);
  });

  it.each([-1, 1.5, 1_000_001, Number.NaN])('refuses %s players', (players) => {
    expect(() => marketSizeOf(players)).toThrow('The game has 0 to 1,000,000 players');
  });
});
