import type { RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Environment } from '../../kit/judge/environment.ts';
import { openServers } from '../../kit/servers/open-servers.ts';
import type { Servers } from '../../kit/servers/servers.ts';
import { marketTableNames } from '../../src/worlds/market/schema.ts';

let servers: Servers;
let environment: Environment;

beforeAll(async () => {
  servers = await openServers();
  environment = await Environment.open(servers, `market_${process.pid}`);
});
afterAll(async () => {
  await environment?.close();
  await servers?.close();
});

const all = async (sql: string) => (await environment.mysql.query<RowDataPacket[]>(sql))[0];
const checksums = (tables: readonly string[]) => all(`CHECKSUM TABLE ${tables.join(', ')}`);

describe("Environment.reset('market')", () => {
  it('puts back every table of the game, and leaves the store as it is', async () => {
    const { mysql } = environment;
    await environment.reset('store');
    await environment.reset('market');
    const before = await checksums(marketTableNames);
    await mysql.query('DELETE FROM sales');
    await mysql.query("UPDATE players SET coins = 0, display_name = CONCAT('x', id)");
    await mysql.query("INSERT INTO applied_writes (write_id) VALUES ('left over')");
    await mysql.query("UPDATE users SET name = 'nobody'");
    await environment.reset('market');
    expect(await checksums(marketTableNames)).toEqual(before);
    expect(await all('SELECT * FROM applied_writes')).toEqual([]);
    expect(await all("SELECT COUNT(*) AS n FROM users WHERE name <> 'nobody'")).toEqual([{ n: 0 }]);
    await environment.reset();
    expect(await all("SELECT COUNT(*) AS n FROM users WHERE name = 'nobody'")).toEqual([{ n: 0 }]);
  });

  it('leaves the game as it is where a lab of the store is judged', async () => {
    await environment.reset('market');
    await environment.mysql.query('UPDATE players SET coins = 77');
    await environment.reset();
    expect(await all('SELECT COUNT(*) AS n FROM players WHERE coins = 77')).toEqual([{ n: 10 }]);
  });
});

describe('the game tables', () => {
  it.each([
    ['a purse below zero', 'UPDATE players SET coins = coins - 501 WHERE id = 2'],
    ['a level of 0', 'UPDATE players SET level = 0 WHERE id = 1'],
    ['a level of 101', 'UPDATE players SET level = 101 WHERE id = 1'],
    ['a display name twice', "UPDATE players SET display_name = 'Gita' WHERE id = 1"],
    ['a login twice, in capitals', "UPDATE players SET login = 'ADA' WHERE id = 2"],
    [
      'a stock below zero',
      'UPDATE inventories SET quantity = quantity - 4 WHERE player_id = 7 AND resource_id = 3',
    ],
    ['a stock beyond 32 bits', 'UPDATE inventories SET quantity = quantity + 1 WHERE player_id = 11'],
    ['a listing of nobody', 'UPDATE listings SET seller_id = 9 WHERE id = 1'],
    ['a listing of nothing', 'UPDATE listings SET quantity = 0 WHERE id = 1'],
    ['a gift', 'UPDATE listings SET unit_price = 0 WHERE id = 1'],
    ['a listing sold twice', 'UPDATE sales SET listing_id = 5 WHERE id = 2'],
    ['an unknown status', "UPDATE listings SET status = 'lost' WHERE id = 1"],
  ])('refuse %s', async (_what, sql) => {
    await environment.reset('market');
    await expect(environment.mysql.query(sql)).rejects.toThrow();
  });
});

describe('the fixture of the game', () => {
  it('has sales that say what their listings say', async () => {
    await environment.reset('market');
    const wrong = await all(`SELECT sales.id FROM sales JOIN listings ON listings.id = listing_id
      WHERE total_price <> CAST(listings.quantity AS UNSIGNED) * unit_price OR sales.quantity <> listings.quantity
        OR sales.seller_id <> listings.seller_id OR sales.resource_id <> listings.resource_id
        OR status <> 'sold' OR buyer_id = sales.seller_id OR sold_at < created_at`);
    expect(wrong).toEqual([]);
    const unsold = await all(`SELECT listings.id FROM listings LEFT JOIN sales ON listing_id = listings.id
      WHERE status = 'sold' AND sales.id IS NULL`);
    expect(unsold).toEqual([]);
  });

  it('holds a tie that text sorts the wrong way round, and a sum beyond 32 bits', async () => {
    await environment.reset('market');
    const earned = await all(`SELECT seller_id AS id, CAST(SUM(total_price) AS UNSIGNED) AS earned FROM sales
      GROUP BY seller_id ORDER BY earned DESC, seller_id`);
    expect(earned.map(({ id, earned: sum }) => [id, sum])).toEqual([
      [4, 5_000_000_000],
      [1, 600],
      [2, 90],
      [7, 90],
      [10, 90],
      [5, 1],
    ]);
  });

  it('has one active weather, a season for each month, a resource on offer and one that nobody offers', async () => {
    await environment.reset('market');
    expect(await all('SELECT COUNT(*) AS n FROM weathers WHERE is_active')).toEqual([{ n: 1 }]);
    for (let month = 1; month <= 12; month++) {
      const found = await all(`SELECT name FROM seasons WHERE MOD(${month} + 12 - first_month, 12) < 3`);
      expect(found, `month ${month}`).toHaveLength(1);
    }
    const offers = (id: number) =>
      all(`SELECT id FROM listings WHERE resource_id = ${id} AND status = 'active'`);
    expect(await offers(10)).toHaveLength(3);
    expect(await offers(11)).toEqual([]);
  });
});
