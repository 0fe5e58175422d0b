import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { marketLabs } from '../../apps/market/load-market-labs.ts';
import { type Market, openMarket } from '../../apps/market/open-market.ts';
import { hashPassword, isPassword, nobodysHash } from '../../apps/market/passwords.ts';
import { openServers } from '../../kit/servers/open-servers.ts';
import type { Servers } from '../../kit/servers/servers.ts';
import { cacheConfigOf } from '../../src/cache/cache-config.ts';
import { fixturePassword, fixturePasswordHash } from '../../src/worlds/market/fixture.ts';
import { cacheLabs } from './support/cache-labs.ts';
import { type MarketSchema, openMarketSchema } from './support/market-schema.ts';
import { forgetCounts } from './support/rate-counts.ts';
import { type RedisProcess, startRedisProcess } from './support/redis-process.ts';
import { expectTimeToLive } from './support/time-to-live.ts';

const schema = 'storelab_check_api';
const secret = 'a secret of this test alone, long enough';
let servers: Servers;
let redis: RedisProcess;
let data: MarketSchema;
let market: Market;
let said: string[];

beforeAll(async () => {
  [servers, redis] = await Promise.all([openServers(), startRedisProcess()]);
  data = await openMarketSchema(servers.mysql, schema);
  const labs = marketLabs([]);
  Object.assign(labs.cache, cacheLabs);
  market = await openMarket({
    mysql: servers.mysql,
    schema,
    redis: redis.address,
    labs,
    // Nothing here is about a Redis that is slow, nor about a value whose time is over.
    config: cacheConfigOf({
      CACHE_TIMEOUT_MS: '60000',
      CACHE_MARKET_LISTINGS_TTL: '3600',
      CACHE_USER_INVENTORY_TTL: '3600',
    }),
    port: 0,
    secret,
    say: (sentence) => said.push(sentence),
  });
});
beforeEach(async () => {
  said = [];
  await redis.client.flushall();
  await data.reset();
});
afterEach(() => {
  expect(said.filter((line) => line.includes(' failed: '))).toEqual([]);
});
afterAll(async () => {
  await market?.close();
  await data?.close();
  await redis?.close();
  await servers?.close();
});

// biome-ignore lint/suspicious/noExplicitAny: whatever the API answers
type Answer = { status: number; headers: Headers; body: any };

async function ask(
  method: string,
  path: string,
  options: { token?: string; body?: unknown; headers?: object } = {},
): Promise<Answer> {
  const { token, body, headers } = options;
  const response = await fetch(`${market.url}/api${path}`, {
    method,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}
const get = (path: string, token?: string) => ask('GET', path, { token });
const post = (path: string, body?: unknown, token?: string) => ask('POST', path, { body, token });
const buy = (id: number, token: string) => post(`/market/listings/${id}/buy`, undefined, token);

async function logIn(login = 'gita'): Promise<{ token: string; sessionId: string }> {
  const { status, body } = await post('/auth/login', { login, password: fixturePassword });
  expect(status, JSON.stringify(body)).toBe(200);
  return { token: body.access_token, sessionId: body.session_id };
}
/** An access token, as the API signs it. */
function sign(claims: object, { key = secret, alg = 'HS256' } = {}): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg, typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
}
const soon = () => Math.floor(Date.now() / 1000) + 3600;

/** What a log-in leaves, without the work of its password. */
async function issue(userId: number, login: string): Promise<string> {
  const sessionId = randomUUID();
  await market.cache.setSession(
    sessionId,
    { userId, login, role: 'player', createdAt: '' },
    { strict: true },
  );
  return sign({ sub: login, session_id: sessionId, exp: soon() });
}

describe('GET /api/environment/current', () => {
  it('comes from the database, then from the cache, as the document has it', async () => {
    const first = await get('/environment/current');
    expect(first.status).toBe(200);
    expect(first.body).toMatchObject({
      source: 'database',
      weather: { id: 2, name: 'Rain', gathering_multiplier: 1.2, crafting_multiplier: 0.95 },
      season: { id: expect.any(Number), gathering_multiplier: expect.any(Number) },
    });
    expect((await get('/environment/current')).body).toEqual({ ...first.body, source: 'cache' });
  });
});

describe('/api/market/listings', () => {
  it('lists one resource or all, an empty list from the cache too', async () => {
    const { body } = await get('/market/listings?resource_id=10');
    expect(body.source).toBe('database');
    expect(body.listings.map(({ id }: { id: number }) => id)).toEqual([2, 1, 3]);
    expect(body.listings[0]).toEqual({
      id: 2,
      seller_id: 2,
      resource_id: 10,
      quantity: 1,
      unit_price: 95,
      status: 'active',
      created_at: '2025-11-01T09:00:00.000Z',
    });
    await get('/market/listings?resource_id=11');
    expect((await get('/market/listings?resource_id=11')).body).toEqual({ source: 'cache', listings: [] });
    expect((await get('/market/listings')).body.listings).toHaveLength(6);
    expect((await get('/market/listings?status=sold&resource_id=12')).body.listings).toHaveLength(1);
  });

  it.each([
    'resource_id=0',
    'resource_id=10:sold',
    'resource_id=1e3',
    'status=lost',
    'sort=price',
    'resource_id=1&resource_id=2',
  ])('refuses ?%s', async (query) => {
    const { status, body } = await get(`/market/listings?${query}`);
    expect([status, body.error.code]).toEqual([400, 'INVALID_INPUT']);
  });

  it('shows an offer at once', async () => {
    const { token } = await logIn();
    await get('/market/listings?resource_id=2');
    await get('/inventory', token);
    const offer = { resource_id: 2, quantity: 3, unit_price: 4 };
    const { status, body } = await post('/market/listings', offer, token);
    expect([status, body.seller_id, body.status]).toEqual([201, 7, 'active']);
    const listed = (await get('/market/listings?resource_id=2')).body;
    expect(listed.source).toBe('database');
    expect(listed.listings.map(({ id }: { id: number }) => id)).toContain(body.id);
    const { inventory } = (await get('/inventory', token)).body;
    expect(inventory).toContainEqual({ resource_id: 2, name: 'Iron ore', quantity: 2 });
  });

  it.each([
    [{ resource_id: 2, quantity: 0, unit_price: 4 }],
    [{ resource_id: 2, quantity: '3', unit_price: 4 }],
    [{ resource_id: 2, quantity: 1.5, unit_price: 4 }],
    [{ resource_id: 2, quantity: 3 }],
    [{ resource_id: 2, quantity: 3, unit_price: 4, seller_id: 1 }],
    [{ resource_id: 2, quantity: 3, unit_price: 4_294_967_296 }],
    ['{"resource_id":'],
    ['null'],
  ])('refuses the offer %j', async (body) => {
    const { token } = await logIn();
    expect((await post('/market/listings', body, token)).status).toBe(400);
  });
});

describe('POST /api/market/listings/:id/buy', () => {
  it('sells, and nobody sees what was before', async () => {
    const [buyer, seller] = [await logIn('gita'), await logIn('borin')];
    for (const token of [buyer.token, seller.token]) await get('/inventory', token);
    await get('/market/listings?resource_id=10');
    await get('/market/listings');
    await get('/leaderboard');
    const { status, body } = await buy(2, buyer.token);
    expect([status, body.status, body.total_price]).toEqual([200, 'success', 95]);
    for (const path of ['/market/listings?resource_id=10', '/market/listings']) {
      const listed = (await get(path)).body;
      expect(listed.source).toBe('database');
      expect(listed.listings.map(({ id }: { id: number }) => id)).not.toContain(2);
    }
    const { body: held } = await get('/inventory', buyer.token);
    expect(held.source).toBe('database');
    expect(held.inventory).toContainEqual({ resource_id: 10, name: 'Moonstone', quantity: 1 });
    expect((await get('/inventory', seller.token)).body.source).toBe('database');
    const { leaderboard } = (await get('/leaderboard')).body;
    expect(leaderboard.find(({ login }: { login: string }) => login === 'borin')).toMatchObject({
      earned: 185,
      rank: 3,
    });
    expect((await buy(2, buyer.token)).body.error.code).toBe('LISTING_GONE');
  });

  it('sells one item once to a thousand concurrent requests, and conserves coins and stock', async () => {
    const ids = Array.from({ length: 1000 }, (_, i) => 1000 + i);
    await data.pool.query('INSERT INTO players (id, login, display_name, password_hash, coins) VALUES ?', [
      ids.map((id) => [id, `b${id}`, `Buyer ${id}`, fixturePasswordHash, 100]),
    ]);
    // A log-in each would take argon2 a minute: what it leaves is a session and a token.
    const tokens = await Promise.all(ids.map((id) => issue(id, `b${id}`)));
    const before = await data.wealth();
    const answers = await Promise.all(tokens.map((token) => buy(2, token)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(
      answers.filter(({ status, body }) => status === 409 && body.error.code === 'LISTING_GONE'),
    ).toHaveLength(999);
    expect(await data.rows('SELECT id FROM sales WHERE listing_id = 2')).toHaveLength(1);
    expect(await data.wealth()).toEqual(before);
  });
});

describe('/api/auth', () => {
  it('logs in with a session in Redis, and out at once', async () => {
    const since = performance.now();
    const { token, sessionId } = await logIn('GITA');
    await expectTimeToLive(redis.client, `session:${sessionId}`, { seconds: 86_400, since });
    const kept = JSON.parse((await redis.client.get(`session:${sessionId}`))!);
    expect(kept).toEqual({ userId: 7, login: 'gita', role: 'player', createdAt: expect.any(String) });
    expect((await get('/inventory', token)).status).toBe(200);
    expect((await post('/auth/logout', undefined, token)).body).toEqual({ status: 'logged_out' });
    const after = await get('/inventory', token);
    expect([after.status, after.body.error.code]).toEqual([401, 'NOT_LOGGED_IN']);
    expect(after.headers.get('www-authenticate')).toBe('Bearer');
  });

  it('gives a token that ends after 30 days', async () => {
    const { token } = await logIn();
    const { iat, exp } = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString());
    expect(exp - iat).toBe(30 * 24 * 3600); // s
  });

  it('refuses a wrong password and an unknown login with the same words', async () => {
    const wrong = await post('/auth/login', { login: 'gita', password: 'wrong' });
    const unknown = await post('/auth/login', { login: 'nobody', password: fixturePassword });
    expect([wrong.status, wrong.body]).toEqual([401, unknown.body]);
    expect(await redis.client.keys('session:*')).toEqual([]);
    expect((await post('/auth/login', { login: 'gita' })).status).toBe(400);
  });

  it.each([
    [
      'signed by somebody else',
      () => sign({ sub: 'gita', session_id: 's', exp: soon() }, { key: 'x'.repeat(32) }),
    ],
    [
      'unsigned',
      () =>
        `${sign({ sub: 'gita', session_id: 's', exp: soon() }, { alg: 'none' }).split('.').slice(0, 2).join('.')}.`,
    ],
    ['of another algorithm', () => sign({ sub: 'gita', session_id: 's', exp: soon() }, { alg: 'HS512' })],
    ['that has ended', () => sign({ sub: 'gita', session_id: 's', exp: 1 })],
    ['without an end', () => sign({ sub: 'gita', session_id: 's' })],
    ["with a session of somebody else's", () => sign({ sub: 'ada', session_id: 's', exp: soon() })],
    ['without a session', () => sign({ sub: 'gita', exp: soon() })],
    ['that is none', () => 'token'],
  ])('refuses a token %s', async (_what, token) => {
    await market.cache.setSession('s', { userId: 7, login: 'gita', role: 'player', createdAt: '' });
    expect((await get('/inventory', sign({ sub: 'gita', session_id: 's', exp: soon() }))).status).toBe(200);
    const { status, body } = await get('/inventory', token());
    expect([status, body.error.code]).toEqual([401, 'NOT_LOGGED_IN']);
  });

  it('refreshes by X-Session-ID the own session, and no other', async () => {
    const [mine, other] = [await logIn('gita'), await logIn('ada')];
    for (const { sessionId } of [mine, other]) await redis.client.expire(`session:${sessionId}`, 1000);
    const send = (sessionId: string, token?: string) =>
      ask('GET', '/environment/current', { token, headers: { 'x-session-id': sessionId } });
    expect((await send(other.sessionId)).status).toBe(401);
    expect((await send(other.sessionId, mine.token)).status).toBe(403);
    expect(await redis.client.ttl(`session:${other.sessionId}`)).toBeLessThanOrEqual(1000);
    const since = performance.now();
    expect((await send(mine.sessionId, mine.token)).status).toBe(200);
    await expectTimeToLive(redis.client, `session:${mine.sessionId}`, { seconds: 86_400, since });
  });

  it.each([
    ['GET', '/inventory'],
    ['GET', '/recipes?profession_id=3'],
    ['POST', '/market/listings'],
    ['POST', '/market/listings/2/buy'],
    ['POST', '/craft'],
    ['POST', '/auth/logout'],
  ])('asks for a log-in at %s %s', async (method, path) => {
    expect((await ask(method, path)).status).toBe(401);
  });
});

describe('passwords', () => {
  it('are hashed with a salt of their own, and found again', async () => {
    const [one, two] = await Promise.all([hashPassword('été'), hashPassword('été')]);
    expect(one).not.toBe(two);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await isPassword('e\u0301te\u0301', one)).toBe(true);
    expect(await isPassword('ete', one)).toBe(false);
    expect(await isPassword(fixturePassword, fixturePasswordHash)).toBe(true);
    for (const hash of ['', 'plain', nobodysHash, one.slice(0, -1)])
      expect(await isPassword('été', hash)).toBe(false);
  });
});

describe('rate limits', () => {
  it('let 60 requests a minute through, with headers, and then none', async () => {
    const firstAnswer = await get('/environment/current');
    // At once, so that all of them are in one window however busy the machine is.
    const others = await Promise.all(Array.from({ length: 59 }, () => get('/environment/current')));
    const lastAnswer = await get('/environment/current');
    expect([firstAnswer, ...others].map(({ status }) => status)).toEqual(Array(60).fill(200));
    expect(lastAnswer.status).toBe(429);
    const [first, last] = [firstAnswer.headers, lastAnswer.headers];
    expect([first.get('x-ratelimit-limit'), first.get('x-ratelimit-remaining')]).toEqual(['60', '59']);
    expect(Number(first.get('x-ratelimit-reset'))).toBeLessThanOrEqual(60);
    expect(last.get('x-ratelimit-remaining')).toBe('0');
    expect(Number(last.get('retry-after'))).toBeGreaterThan(0);
    expect(lastAnswer.body.error.code).toBe('TOO_MANY_REQUESTS');
    const other = await issue(1, 'ada');
    expect((await get('/environment/current', other)).status, 'another player').toBe(200);
  });

  it('let a player craft ten times a minute', async () => {
    const token = await issue(7, 'gita');
    await data.pool.query('UPDATE inventories SET quantity = 1000 WHERE player_id = 7');
    const craft = () => post('/craft', { recipe_id: 1 }, token);
    const answers = await Promise.all(Array.from({ length: 10 }, craft));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect((await craft()).status).toBe(429);
    expect(answers[0]!.headers.get('x-ratelimit-limit')).toBe('10');
    expect((await get('/inventory', token)).status).toBe(200);
  });

  it('count who comes with a bad token, and who guesses passwords', async () => {
    await Promise.all(Array.from({ length: 60 }, () => get('/inventory', 'token')));
    expect((await get('/inventory', 'token')).status).toBe(429);
    await redis.client.flushall();
    const guess = () => post('/auth/login', { login: 'gita', password: 'x' });
    const guesses = await Promise.all(Array.from({ length: 10 }, guess));
    expect(guesses.map(({ status }) => status)).toEqual(Array(10).fill(401));
    expect((await guess()).status).toBe(429);
  });
});

describe('POST /api/craft', () => {
  it('uses up and makes, and the inventory shows it at once', async () => {
    const token = await issue(7, 'gita');
    await get('/inventory', token);
    expect((await get('/recipes?profession_id=3', token)).body.recipes).toHaveLength(1);
    const { status, body } = await post('/craft', { recipe_id: 1, quantity: 2 }, token);
    expect([status, body]).toEqual([200, { status: 'success', resource_id: 7, quantity: 2 }]);
    expect((await get('/inventory', token)).body).toMatchObject({
      source: 'database',
      inventory: expect.arrayContaining([{ resource_id: 7, name: 'Iron ingot', quantity: 2 }]),
    });
    expect((await get('/recipes?profession_id=3', token)).body.recipes).toEqual([]);
    expect((await post('/craft', { recipe_id: 2 }, token)).body.error.code).toBe('LEVEL_TOO_LOW');
  });
});

describe('GET /api/stats', () => {
  it('tells how the cache does', async () => {
    const { token } = await logIn('master');
    expect((await get('/stats', await issue(7, 'gita'))).status).toBe(403);
    await get('/leaderboard');
    await get('/leaderboard');
    const { status, body } = await get('/stats', token);
    expect(status).toBe(200);
    expect(body.domains.leaderboard.hits).toBeGreaterThan(0);
    expect(body.redis.redisVersion).toMatch(/^\d/);
  });
});

describe('the game on a full Redis', () => {
  it('reads on, says that Redis is full, and takes nothing that it cannot keep', async () => {
    await get('/market/listings?resource_id=10');
    await redis.client.config('SET', 'maxmemory', '1mb');
    await redis.client.config('SET', 'maxmemory-policy', 'noeviction');
    try {
      expect((await get('/market/listings?resource_id=10')).status).toBe(200);
      const login = await post('/auth/login', { login: 'gita', password: fixturePassword });
      expect([login.status, login.body.error.code]).toEqual([503, 'CACHE_FULL']);
      expect(login.body.error.message).toContain('takes no more writes');
    } finally {
      await redis.client.config('SET', 'maxmemory', '0');
    }
    expect((await post('/auth/login', { login: 'gita', password: fixturePassword })).status).toBe(200);
  });
});

describe('the game without Redis', () => {
  it('reads from the database, lets nobody in, and goes on when Redis is back', async () => {
    const token = await issue(7, 'gita');
    await get('/market/listings?resource_id=10');
    await redis.kill();
    try {
      const { status, body } = await get('/market/listings?resource_id=10');
      expect([status, body.source]).toEqual([200, 'database']);
      const login = await post('/auth/login', { login: 'gita', password: fixturePassword });
      expect([login.status, login.body.error.code]).toEqual([503, 'CACHE_UNAVAILABLE']);
      expect(login.headers.get('retry-after')).toBe('5');
      expect((await get('/inventory', token)).status).toBe(503);
    } finally {
      await redis.start();
    }
    const status = async () => {
      await forgetCounts(redis.client);
      return (await get('/inventory', token)).status;
    };
    await expect.poll(status).toBe(200);
  });
});
