import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buyListing } from '../../apps/market/commands/buy-listing.ts';
import { craft } from '../../apps/market/commands/craft.ts';
import { createListing } from '../../apps/market/commands/create-listing.ts';
import { loadCraftableRecipes, loadInventory } from '../../apps/market/queries/inventory.ts';
import { loadListings } from '../../apps/market/queries/listings.ts';
import { loadLeaderboardRows } from '../../apps/market/queries/players.ts';
import { loadEnvironment } from '../../apps/market/queries/weather-and-season.ts';
import { openServers } from '../../kit/servers/open-servers.ts';
import type { Servers } from '../../kit/servers/servers.ts';
import { seededRandom } from '../../src/worlds/store/random.ts';
import { type MarketSchema, openMarketSchema } from './support/market-schema.ts';

let servers: Servers;
let market: MarketSchema;

beforeAll(async () => {
  servers = await openServers();
  market = await openMarketSchema(servers.mysql, 'storelab_check_trade');
});
beforeEach(() => market.reset());
afterAll(async () => {
  await market?.close();
  await servers?.close();
});

const coinsOf = async (id: number) =>
  (await market.rows('SELECT coins FROM players WHERE id = ?', [id]))[0]!.coins;
const heldBy = async (player: number, resource: number) =>
  (await loadInventory(market.pool, player)).find(({ resourceId }) => resourceId === resource)?.quantity ?? 0;

describe('buyListing()', () => {
  it('moves coins and goods, sells the listing and writes the sale', async () => {
    const before = await market.wealth();
    const purchase = await buyListing(market.pool, { listingId: 2, buyerId: 7 });
    expect(purchase).toMatchObject({ resourceId: 10, sellerId: 2, buyerId: 7, quantity: 1, totalPrice: 95 });
    expect([await coinsOf(7), await coinsOf(2), await heldBy(7, 10)]).toEqual([1155, 595, 1]);
    expect(await market.rows('SELECT status FROM listings WHERE id = 2')).toEqual([{ status: 'sold' }]);
    const [sale] = await market.rows('SELECT * FROM sales WHERE id = ?', [purchase.saleId]);
    expect(sale).toMatchObject({ listing_id: 2, buyer_id: 7, seller_id: 2, total_price: 95 });
    expect(await market.wealth()).toEqual(before);
  });

  it.each([
    ['UNKNOWN_LISTING', 99, 7],
    ['LISTING_GONE', 5, 7],
    ['LISTING_GONE', 7, 1],
    ['OWN_LISTING', 3, 7],
    ['NOT_ENOUGH_COINS', 2, 11],
    ['NOT_ENOUGH_COINS', 8, 1],
  ])('refuses with %s, and changes nothing (listing %i, player %i)', async (code, listingId, buyerId) => {
    const before = [await market.wealth(), await market.rows('SELECT * FROM listings')];
    await expect(buyListing(market.pool, { listingId, buyerId })).rejects.toMatchObject({ code });
    expect([await market.wealth(), await market.rows('SELECT * FROM listings')]).toEqual(before);
    expect(await market.rows('SELECT id FROM sales')).toHaveLength(7);
  });

  it('lets a player spend the last coin, and not one more', async () => {
    await expect(buyListing(market.pool, { listingId: 2, buyerId: 10 })).resolves.toMatchObject({
      totalPrice: 95,
    });
    expect(await coinsOf(10)).toBe(0);
  });

  it('does not take the coins for goods that do not fit', async () => {
    await market.pool.query('UPDATE listings SET resource_id = 1 WHERE id = 9');
    const before = await market.wealth();
    await expect(buyListing(market.pool, { listingId: 9, buyerId: 11 })).rejects.toMatchObject({
      code: 'INVENTORY_FULL',
    });
    expect(await market.wealth()).toEqual(before);
  });

  it('sells one item once to a thousand concurrent buyers', async () => {
    const players = Array.from({ length: 1000 }, (_, i) => [1000 + i, `b${i}`, `Buyer ${i}`, 'x', 100]);
    await market.pool.query('INSERT INTO players (id, login, display_name, password_hash, coins) VALUES ?', [
      players,
    ]);
    const before = await market.wealth();
    const results = await Promise.allSettled(
      players.map(([id]) => buyListing(market.pool, { listingId: 2, buyerId: id as number })),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'LISTING_GONE' });
    expect(await market.rows('SELECT id FROM sales WHERE listing_id = 2')).toHaveLength(1);
    expect(await coinsOf(2)).toBe(595);
    expect(await market.wealth()).toEqual(before);
  });

  it('does not let one player spend the same coins in a hundred shops at once', async () => {
    const listings = Array.from({ length: 100 }, (_, i) => [1000 + i, 1, 1, 1, 100]);
    await market.pool.query(
      'INSERT INTO listings (id, seller_id, resource_id, quantity, unit_price) VALUES ?',
      [listings],
    );
    const results = await Promise.allSettled(
      listings.map(([id]) => buyListing(market.pool, { listingId: id!, buyerId: 7 })),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(12); // 1,250 coins
    expect(await coinsOf(7)).toBe(50);
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'NOT_ENOUGH_COINS' });
  });

  it('conserves coins and goods while everybody buys from everybody', async () => {
    const random = seededRandom(11);
    const ids = [1, 2, 4, 5, 6, 7, 10];
    await market.pool.query('UPDATE players SET coins = 3000');
    const listings = Array.from({ length: 200 }, (_, i) => [
      1000 + i,
      random.pick(ids),
      random.int(1, 13),
      random.int(1, 9),
      random.int(1, 60),
    ]);
    await market.pool.query(
      'INSERT INTO listings (id, seller_id, resource_id, quantity, unit_price) VALUES ?',
      [listings],
    );
    const before = await market.wealth();
    const tries = Array.from({ length: 400 }, () => ({
      listingId: random.int(1000, 1199),
      buyerId: random.pick(ids),
    }));
    const results = await Promise.allSettled(tries.map((one) => buyListing(market.pool, one)));
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ name: 'Refusal' });
    expect(results.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(20);
    expect(await market.wealth()).toEqual(before);
    const twice = await market.rows(
      'SELECT listing_id FROM sales WHERE listing_id IS NOT NULL GROUP BY 1 HAVING COUNT(*) > 1',
    );
    expect(twice).toEqual([]);
  });
});

describe('createListing()', () => {
  it('takes what is offered out of the inventory', async () => {
    const before = await market.wealth();
    const since = Date.now();
    const listing = await createListing(market.pool, {
      sellerId: 7,
      resourceId: 2,
      quantity: 5,
      unitPrice: 4,
    });
    expect(listing).toMatchObject({
      sellerId: 7,
      resourceId: 2,
      quantity: 5,
      unitPrice: 4,
      status: 'active',
    });
    expect(Date.parse(listing.createdAt)).toBeGreaterThanOrEqual(since - 1000);
    expect(Date.parse(listing.createdAt)).toBeLessThanOrEqual(Date.now() + 1000);
    expect(await heldBy(7, 2)).toBe(0);
    expect(await market.wealth()).toEqual(before);
  });

  it('offers nothing that is not there, however often it is asked at once', async () => {
    const offers = Array.from({ length: 20 }, () =>
      createListing(market.pool, { sellerId: 7, resourceId: 2, quantity: 2, unitPrice: 4 }),
    );
    const results = await Promise.allSettled(offers);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    expect(await heldBy(7, 2)).toBe(1);
    await expect(
      createListing(market.pool, { sellerId: 7, resourceId: 99, quantity: 1, unitPrice: 1 }),
    ).rejects.toMatchObject({ code: 'UNKNOWN_RESOURCE' });
  });
});

describe('craft()', () => {
  it('uses the ingredients up and gives what they make', async () => {
    expect(await craft(market.pool, { playerId: 7, recipeId: 1, times: 2 })).toMatchObject({
      resourceId: 7,
      quantity: 2,
    });
    expect([await heldBy(7, 2), await heldBy(7, 3), await heldBy(7, 7)]).toEqual([1, 1, 2]);
  });

  it.each([
    ['UNKNOWN_RECIPE', 99, 7, 1],
    ['LEVEL_TOO_LOW', 2, 7, 1],
    ['NOT_ENOUGH_STOCK', 1, 7, 3],
  ])('refuses with %s, and changes nothing', async (code, recipeId, playerId, times) => {
    const before = await market.rows('SELECT * FROM inventories');
    await expect(craft(market.pool, { playerId, recipeId, times })).rejects.toMatchObject({ code });
    expect(await market.rows('SELECT * FROM inventories')).toEqual(before);
  });

  it('makes no more than the ingredients give, however often it is asked at once', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, () => craft(market.pool, { playerId: 7, recipeId: 1, times: 1 })),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    expect([await heldBy(7, 2), await heldBy(7, 7)]).toEqual([1, 2]);
  });
});

describe("the game's queries", () => {
  it('read what the fixture holds', async () => {
    const { pool } = market;
    expect((await loadListings(pool, { resourceId: 10 })).map(({ id }) => id)).toEqual([2, 1, 3]);
    expect(await loadListings(pool, { resourceId: 11 })).toEqual([]);
    expect((await loadListings(pool)).map(({ id }) => id)).toEqual([4, 9, 2, 1, 3, 8]);
    expect(await loadInventory(pool, 3)).toEqual([]);
    expect(await loadInventory(pool, 7)).toHaveLength(3);
    const craftable = await loadCraftableRecipes(pool, { playerId: 7, professionId: 3 });
    expect(craftable).toEqual([
      {
        id: 1,
        professionId: 3,
        resourceId: 7,
        quantity: 1,
        level: 1,
        ingredients: [
          { resourceId: 2, quantity: 2 },
          { resourceId: 3, quantity: 1 },
        ],
      },
    ]);
    expect(await loadCraftableRecipes(pool, { playerId: 7, professionId: 4 })).toEqual([]);
    const january = await loadEnvironment(pool, Date.UTC(2026, 0, 15));
    expect([january.weather?.name, january.season?.name]).toEqual(['Rain', 'Winter']);
    expect(january.weather).toEqual({
      id: 2,
      name: 'Rain',
      gatheringMultiplier: 1.2,
      craftingMultiplier: 0.95,
    });
    const board = await loadLeaderboardRows(pool, 100);
    expect(board.map(({ playerId, rank }) => [playerId, rank])).toEqual([
      [4, 1],
      [1, 2],
      [2, 3],
      [7, 3],
      [10, 3],
      [5, 6],
    ]);
  });
});
