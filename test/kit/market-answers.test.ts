// needs: answers
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openServers } from '../../kit/servers/open-servers.ts';
import type { Servers } from '../../kit/servers/servers.ts';
import { type MarketSchema, openMarketSchema } from './support/market-schema.ts';
import { type OpenGame, openGame } from './support/open-game.ts';
import { type RedisProcess, startRedisProcess } from './support/redis-process.ts';
import { expectTimeToLive } from './support/time-to-live.ts';

// The API as it runs with LABS=answers: market-api.test.ts asks the same routes what they refuse.
const schema = 'storelab_check_game_answers';
let servers: Servers;
let redis: RedisProcess;
let data: MarketSchema;
let game: OpenGame;

beforeAll(async () => {
  [servers, redis] = await Promise.all([openServers(), startRedisProcess()]);
  data = await openMarketSchema(servers.mysql, schema);
  await data.reset();
  game = await openGame({ mysql: servers.mysql, schema, redis: redis.address });
});
beforeEach(async () => {
  // The queues stay: only counts, and what is cached, are of the test before.
  const kept = await redis.client.keys('*');
  const own = kept.filter((key) =>
    /^(rate|market:listings|inventory|env|recipes|player|tag|session):/.test(key),
  );
  if (own.length > 0) await redis.client.del(own);
});
afterEach(() => {
  expect(game.said).toEqual([]);
});
afterAll(async () => {
  await game?.market.close();
  await data?.close();
  await redis?.close();
  await servers?.close();
});

const id = z.number().int().positive();
const count = z.number().int().nonnegative();
const condition = z.strictObject({
  id,
  name: z.string(),
  gathering_multiplier: z.number(),
  crafting_multiplier: z.number(),
});
const listing = z.strictObject({
  id,
  seller_id: id,
  resource_id: id,
  quantity: id,
  unit_price: id,
  status: z.enum(['active', 'sold', 'cancelled']),
  created_at: z.iso.datetime(),
});
const source = z.enum(['cache', 'database']);
const replies = {
  environment: z.strictObject({ source, weather: condition, season: condition, timestamp: z.iso.datetime() }),
  listings: z.strictObject({ source, listings: z.array(listing) }),
  leaderboard: z.strictObject({
    source,
    leaderboard: z.array(z.strictObject({ player_id: id, login: z.string(), earned: id, rank: id })),
  }),
  inventory: z.strictObject({
    source,
    inventory: z.array(z.strictObject({ resource_id: id, name: z.string(), quantity: id })),
    pending: z.array(z.strictObject({ resource_id: id, delta: z.number().int() })),
  }),
  recipes: z.strictObject({
    source,
    recipes: z.array(
      z.strictObject({
        id,
        profession_id: id,
        resource_id: id,
        quantity: id,
        level: id,
        ingredients: z.array(z.strictObject({ resource_id: id, quantity: id })),
      }),
    ),
  }),
  profile: z.strictObject({ source, player_id: id, display_name: z.string(), level: id, version: id }),
  purchase: z.strictObject({
    status: z.literal('success'),
    sale_id: id,
    listing_id: id,
    resource_id: id,
    seller_id: id,
    buyer_id: id,
    quantity: id,
    total_price: id,
  }),
  crafted: z.strictObject({ status: z.literal('success'), resource_id: id, quantity: id }),
  login: z.strictObject({
    access_token: z.string().regex(/^[\w-]+\.[\w-]+\.[\w-]+$/),
    token_type: z.literal('bearer'),
    session_id: z.uuid(),
  }),
};

describe('what is read', () => {
  it.each([
    ['environment', '/environment/current'],
    ['listings', '/market/listings'],
    ['listings', '/market/listings?resource_id=11'], // nobody offers any
    ['inventory', '/inventory'],
    ['recipes', '/recipes?profession_id=3'],
    ['profile', '/players/7/profile'],
  ] as const)('%s (%s) comes from the database, then from the cache, the same', async (reply, path) => {
    const { token } = await game.logIn('gita');
    const [first, second] = [await game.get(path, token), await game.get(path, token)];
    expect([first.status, second.status], JSON.stringify(first.body)).toEqual([200, 200]);
    expect(replies[reply].parse(first.body).source).toBe('database');
    expect(second.body).toEqual({ ...first.body, source: 'cache' });
  });

  it('leaderboard comes from the cache from the first rebuild on, and from the database where it is lost', async () => {
    await game.liveLeaderboard(redis.client);
    const { status, body } = await game.get('/leaderboard?limit=3');
    expect(status).toBe(200);
    expect(replies.leaderboard.parse(body).source).toBe('cache');
    expect(body.leaderboard.map(({ login, rank }: { login: string; rank: number }) => [login, rank])).toEqual(
      [
        ['dara', 1],
        ['ada', 2],
        ['borin', 3],
      ],
    );
    const kept = await redis.client.keys('*leaderboard:[lkr]*');
    for (const key of kept) await redis.client.rename(key, `away:${key}`);
    expect((await game.get('/leaderboard?limit=3')).body).toEqual({ ...body, source: 'database' });
    for (const key of kept) await redis.client.rename(`away:${key}`, key);
  });
});

describe('a log-in', () => {
  it('lasts while it is refreshed, and ends with the log-out', async () => {
    const { status, body } = await game.send('POST', '/auth/login', {
      body: { login: 'gita', password: 'tinkers-delight' },
    });
    expect(status).toBe(200);
    const { access_token: token, session_id: sessionId } = replies.login.parse(body);
    const key = `session:${sessionId}`;
    await redis.client.expire(key, 1000);
    const since = performance.now();
    await fetch(`${game.market.url}/api/inventory`, {
      headers: { authorization: `Bearer ${token}`, 'x-session-id': sessionId },
    });
    await expectTimeToLive(redis.client, key, { seconds: 86_400, since });
    expect((await game.send('POST', '/auth/logout', { token })).body).toEqual({ status: 'logged_out' });
    expect(await redis.client.exists(key)).toBe(0);
    expect((await game.get('/inventory', token)).status).toBe(401);
  });
});

describe('a limit', () => {
  it('is told with each reply, and once it is reached with 429 and Retry-After', async () => {
    const { token } = await game.logIn('ada');
    const craft = () => game.send('POST', '/craft', { token, body: { recipe_id: 99 } });
    for (let left = 9; left >= 0; left--) {
      const { status, headers } = await craft();
      expect([status, headers.get('x-ratelimit-limit'), headers.get('x-ratelimit-remaining')]).toEqual([
        422,
        '10',
        String(left),
      ]);
    }
    const { status, headers, body } = await craft();
    expect([status, body.error.code, headers.get('x-ratelimit-remaining')]).toEqual([
      429,
      'TOO_MANY_REQUESTS',
      '0',
    ]);
    const wait = Number(headers.get('retry-after'));
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(60);
    expect(headers.get('x-ratelimit-reset')).toBe(String(wait));
  });
});

describe('what is written', () => {
  it('an offer and a crafting are seen at once', async () => {
    const { token } = await game.logIn('gita');
    for (const path of ['/market/listings?resource_id=3', '/inventory', '/recipes?profession_id=3'])
      await game.get(path, token);
    const offer = await game.send('POST', '/market/listings', {
      token,
      body: { resource_id: 3, quantity: 1, unit_price: 2 },
    });
    expect(offer.status).toBe(201);
    expect((await game.get('/market/listings?resource_id=3')).body).toEqual({
      source: 'database',
      listings: [listing.parse(offer.body)],
    });
    const made = await game.send('POST', '/craft', { token, body: { recipe_id: 1 } });
    expect(replies.crafted.parse(made.body)).toEqual({ status: 'success', resource_id: 7, quantity: 1 });
    const { body } = await game.get('/inventory', token);
    expect(body.inventory).toEqual([
      { resource_id: 1, name: 'Oak log', quantity: 1 },
      { resource_id: 2, name: 'Iron ore', quantity: 3 },
      { resource_id: 3, name: 'Coal', quantity: 1 },
      { resource_id: 7, name: 'Iron ingot', quantity: 1 },
    ]);
    expect((await game.get('/recipes?profession_id=3', token)).body.recipes).toHaveLength(1);
  });

  it('a purchase changes the listings, both inventories and the leaderboard, and no reader sees what was before', async () => {
    const [buyer, seller] = [await game.logIn('gita'), await game.logIn('borin')];
    const look = async () => ({
      one: (await game.get('/market/listings?resource_id=10')).body,
      all: (await game.get('/market/listings')).body,
      bought: (await game.get('/inventory', buyer.token)).body,
      sold: (await game.get('/inventory', seller.token)).body,
      board: (await game.get('/leaderboard')).body,
    });
    await game.liveLeaderboard(redis.client);
    await look();
    const before = await look();
    expect(Object.values(before).map((body) => body.source)).toEqual(Array(5).fill('cache'));
    const { status, body } = await game.send('POST', '/market/listings/2/buy', { token: buyer.token });
    expect(status, JSON.stringify(body)).toBe(200);
    expect(replies.purchase.parse(body)).toMatchObject({
      listing_id: 2,
      buyer_id: 7,
      seller_id: 2,
      total_price: 95,
    });
    const after = await look();
    const listed = (list: { listings: { id: number }[] }) => list.listings.map((one) => one.id);
    expect(listed(after.one)).toEqual(listed(before.one).filter((one) => one !== 2));
    expect(listed(after.all)).toEqual(listed(before.all).filter((one) => one !== 2));
    for (const { source } of [after.one, after.all, after.bought, after.sold])
      expect(source).toBe('database');
    expect(after.bought.inventory).toContainEqual({ resource_id: 10, name: 'Moonstone', quantity: 1 });
    const borin = ({ leaderboard }: typeof after.board) =>
      leaderboard.find(({ login }: { login: string }) => login === 'borin');
    expect([borin(before.board), borin(after.board)]).toMatchObject([{ earned: 90 }, { earned: 185 }]);
    expect(after.board.source, 'a sale is added to the live leaderboard').toBe('cache');
    expect(await data.rows("SELECT id FROM outbox WHERE topic = 'cache.invalidate'")).toEqual([]);
  });

  it('a thousand buyers of one item at once: one gets it, and coins and goods are conserved', async () => {
    const buyers = Array.from({ length: 1000 }, (_, i) => 5000 + i);
    await data.pool.query('INSERT INTO players (id, login, display_name, password_hash, coins) VALUES ?', [
      buyers.map((one) => [one, `b${one}`, `Buyer ${one}`, 'none', 1000]),
    ]);
    const { token } = await game.logIn('gita');
    // A log-in each would take argon2 seconds: what it leaves is a session, and a token that names it.
    const tokens = await Promise.all(buyers.map((one) => game.issue(one, `b${one}`)));
    const before = await data.wealth();
    await game.get('/market/listings?resource_id=10', token);
    const answers = await Promise.all(
      tokens.map((one) => game.send('POST', '/market/listings/1/buy', { token: one })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ body }) => body.error?.code === 'LISTING_GONE')).toHaveLength(999);
    expect(await data.wealth()).toEqual(before);
    const { body } = await game.get('/market/listings?resource_id=10', token);
    expect(body.listings.map((one: { id: number }) => one.id)).toEqual([3]);
    expect(count.parse((await data.rows('SELECT COUNT(*) AS n FROM outbox'))[0]!.n)).toBe(0);
  });
});
