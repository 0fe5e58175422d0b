// needs: answers
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadLabs } from '../../apps/load-labs.ts';
import { marketLabIds } from '../../apps/market/load-market-labs.ts';
import { committedStub } from '../../kit/judge/committed-stub.ts';
import { fileOf, findSubmission } from '../../kit/judge/submission.ts';
import { openServers } from '../../kit/servers/open-servers.ts';
import type { Servers } from '../../kit/servers/servers.ts';
import { type MarketSchema, openMarketSchema } from './support/market-schema.ts';
import { type OpenGame, openGame } from './support/open-game.ts';
import { forgetCounts } from './support/rate-counts.ts';
import { type RedisProcess, startRedisProcess } from './support/redis-process.ts';
import { expectTimeToLive } from './support/time-to-live.ts';

// Labs 07 and 08 in the API: on the worked answers, on the stubs, and on labs that do not keep their contract.
const schema = 'storelab_check_late';
let servers: Servers;
let redis: RedisProcess;
let data: MarketSchema;
let game: OpenGame;
const folders: string[] = [];

beforeAll(async () => {
  [servers, redis] = await Promise.all([openServers(), startRedisProcess()]);
  data = await openMarketSchema(servers.mysql, schema);
});
beforeEach(async () => {
  await data.reset();
  await redis.client.flushall();
});
afterEach(() => game?.market.close());
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true });
  await data?.close();
  await redis?.close();
  await servers?.close();
});

const open = async (labs?: string) => {
  game = await openGame({ mysql: servers.mysql, schema, redis: redis.address, ...(labs && { labs }) });
  return game.issue(7, 'gita');
};
/** A folder with these labs, and no others. */
async function labsOf(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'storelab-labs-'));
  folders.push(folder);
  for (const [name, code] of Object.entries(files)) await writeFile(join(folder, `${name}.ts`), code);
  return folder;
}
/** The labs as they were handed out, whatever somebody wrote in them since. */
async function stubs(): Promise<string> {
  const files = await Promise.all(
    marketLabIds.map(async (id) => [id, await readFile(await fileOf(await committedStub(id), id), 'utf8')]),
  );
  return labsOf(Object.fromEntries(files));
}
const quantity = async (resource: number) =>
  (await data.rows('SELECT quantity FROM inventories WHERE player_id = 7 AND resource_id = ?', [resource]))[0]
    ?.quantity;
/** As often as it takes: how often is no subject here. */
const uncounted = async <T>(ask: () => Promise<T>): Promise<T> => {
  await forgetCounts(redis.client);
  return ask();
};
const gather = (token: string, body: object) => game.send('POST', '/gather', { token, body });
const use = (token: string, body: object) => game.send('POST', '/inventory/use', { token, body });
const held = (
  reply: { body: { inventory: { resource_id: number; quantity: number }[] } },
  resource: number,
) => reply.body.inventory.find(({ resource_id }) => resource_id === resource)?.quantity;

describe('POST /api/gather and /api/inventory/use', () => {
  it('are accepted at once and written a little later, and no reader is left with what was before', async () => {
    const token = await open();
    const before = await game.get('/inventory', token);
    expect([before.body.source, before.body.pending]).toEqual(['database', []]);
    const { status, body } = await gather(token, { resource_id: 1 });
    expect([status, body]).toEqual([
      202,
      {
        status: 'accepted',
        change_id: expect.stringMatching(/^gather-7-[\w-]{36}$/),
        resource_id: 1,
        delta: expect.any(Number),
      },
    ]);
    expect(body.delta).toBeGreaterThan(0);
    await expect.poll(() => quantity(1)).toBe(1 + body.delta);
    await expect
      .poll(async () => (await uncounted(() => game.get('/inventory', token))).body.pending)
      .toEqual([]);
    expect(held(await game.get('/inventory', token), 1)).toBe(1 + body.delta);
    expect((await game.get('/inventory', token)).body.source).toBe('cache');
  });

  it('show what is pending while MySQL has not got it, and count a change once', async () => {
    const token = await open();
    // A transaction holds the row, so that no flush can write it.
    const holder = await data.pool.getConnection();
    await holder.beginTransaction();
    await holder.query('SELECT * FROM inventories WHERE player_id = 7 FOR UPDATE');
    try {
      const body = { resource_id: 2, quantity: 3, change_id: 'one' };
      for (let i = 0; i < 3; i++) {
        const reply = await use(token, body);
        expect([reply.status, reply.body.change_id]).toEqual([202, 'use-7-one']);
      }
      for (let i = 0; i < 2; i++) {
        const reply = await game.get('/inventory', token);
        expect(reply.body).toMatchObject({ source: 'database', pending: [{ resource_id: 2, delta: -3 }] });
        expect(held(reply, 2)).toBe(5);
      }
      expect((await game.get('/recipes?profession_id=3', token)).body.source).toBe('database');
    } finally {
      await holder.rollback();
      holder.release();
    }
    await expect.poll(() => quantity(2)).toBe(2);
  });

  it('tell the player what was refused, and nobody else', async () => {
    const [token, other] = [await open(), await game.issue(1, 'ada')];
    expect((await use(token, { resource_id: 3, quantity: 50, change_id: 'much' })).status).toBe(202);
    const refused = async (of: string) =>
      (await uncounted(() => game.get('/inventory/refused', of))).body.refused;
    await expect
      .poll(() => refused(token))
      .toEqual([
        { change_id: 'use-7-much', resource_id: 3, delta: -50, reason: expect.stringContaining('-47') },
      ]);
    expect(await refused(other)).toEqual([]);
    expect(await quantity(3)).toBe(3);
  });

  it.each([
    ['/gather', { resource_id: 8 }, 422, 'UNKNOWN_RESOURCE'], // swords are made
    ['/gather', { resource_id: 99 }, 422, 'UNKNOWN_RESOURCE'],
    ['/gather', { resource_id: 1, delta: 1000 }, 400, 'INVALID_INPUT'],
    ['/gather', { resource_id: 1, change_id: 'a b' }, 400, 'INVALID_INPUT'],
    ['/inventory/use', { resource_id: 1, quantity: -1 }, 400, 'INVALID_INPUT'],
    ['/inventory/use', { resource_id: 1 }, 400, 'INVALID_INPUT'],
  ])('refuse %s %j', async (path, body, status, code) => {
    const token = await open();
    const reply = await game.send('POST', path, { token, body });
    expect([reply.status, reply.body.error.code]).toEqual([status, code]);
    expect((await game.send('POST', path, { body })).status).toBe(401);
  });

  it('say that Redis may forget, and accept nothing there', async () => {
    await redis.client.config('SET', 'maxmemory-policy', 'allkeys-lru');
    try {
      const token = await open();
      const refusal = async () => {
        const { status, body } = await uncounted(() => gather(token, { resource_id: 1 }));
        return [status, body.error?.code];
      };
      await expect.poll(refusal).toEqual([503, 'REDIS_MAY_FORGET']);
    } finally {
      await redis.client.config('SET', 'maxmemory-policy', 'noeviction');
    }
  });

  it('say that Redis is full, and accept nothing there', async () => {
    const token = await open();
    await redis.client.config('SET', 'maxmemory-policy', 'noeviction');
    await redis.client.config('SET', 'maxmemory', '1mb');
    try {
      const { status, body } = await gather(token, { resource_id: 1 });
      expect([status, body.error.code]).toEqual([503, 'CACHE_FULL']);
      expect((await game.get('/inventory', token)).body.pending).toEqual([]);
    } finally {
      await redis.client.config('SET', 'maxmemory', '0');
    }
    expect((await gather(token, { resource_id: 1 })).status).toBe(202);
  });

  it('go on being written after Redis was killed and came back, with what it held or empty', async () => {
    await open();
    const logIn = () => game.issue(7, 'gita').catch(() => ''); // not yet
    for (const empty of [false, true]) {
      await redis.kill();
      await redis.start({ empty });
      const before = await quantity(1);
      const body = { resource_id: 1, change_id: `${empty}` };
      await expect
        .poll(async () => (await uncounted(async () => gather(await logIn(), body))).status)
        .toBe(202);
      await expect.poll(() => quantity(1)).toBeGreaterThan(before);
    }
  });
});

describe('/api/players/:id/profile', () => {
  const rename = (token: string, name: string, id = 7) =>
    game.send('PUT', `/players/${id}/profile`, { token, body: { display_name: name } });

  it('writes through: who reads next finds it in the cache, as MySQL has it', async () => {
    const token = await open();
    const since = performance.now();
    const saved = { player_id: 7, display_name: 'Gita the Second', level: 9, version: 2 };
    const { status, body } = await rename(token, 'Gita the Second');
    expect([status, body]).toEqual([200, saved]);
    expect((await game.get('/players/7/profile')).body).toEqual({ source: 'cache', ...saved });
    expect(await data.rows('SELECT display_name, version FROM players WHERE id = 7')).toEqual([
      { display_name: 'Gita the Second', version: 2 },
    ]);
    await expectTimeToLive(redis.client, 'player:profile:7', { seconds: 3600, since });
  });

  it('refuses what MySQL refuses, strangers and nobody', async () => {
    const token = await open();
    const outcome = async (reply: Promise<{ status: number; body: { error: { code: string } } }>) => {
      const { status, body } = await reply;
      return [status, body.error.code];
    };
    expect(await outcome(rename(token, 'Ada'))).toEqual([409, 'NAME_TAKEN']);
    expect(await outcome(rename(token, 'Mine', 1))).toEqual([403, 'NOT_YOUR_PROFILE']);
    expect(await outcome(rename(token, ' padded'))).toEqual([400, 'INVALID_INPUT']);
    expect(await outcome(rename('', 'Gita'))).toEqual([401, 'NOT_LOGGED_IN']);
    expect(await outcome(game.get('/players/9/profile'))).toEqual([404, 'UNKNOWN_PLAYER']);
    expect((await game.get('/players/7/profile')).body).toMatchObject({ display_name: 'Gita', version: 1 });
  });

  it('is read from MySQL while Redis is away', async () => {
    await open();
    await redis.kill();
    try {
      const { status, body } = await game.get('/players/7/profile');
      expect([status, body.source, body.display_name]).toEqual([200, 'database', 'Gita']);
    } finally {
      await redis.start();
    }
  });
});

describe('the game on labs that are not written', () => {
  const routes: ['GET' | 'POST' | 'PUT', string, object | undefined, string][] = [
    ['GET', '/players/7/profile', undefined, 'getProfile in 07-write-through.ts is not written yet.'],
    ['PUT', '/players/7/profile', { display_name: 'G' }, 'saveProfile in 07-write-through.ts is not'],
    ['POST', '/gather', { resource_id: 1 }, 'in 08-write-behind.ts is not written yet.'],
    ['POST', '/inventory/use', { resource_id: 1, quantity: 1 }, 'in 08-write-behind.ts is not written'],
    ['GET', '/inventory/refused', undefined, 'getRefused in 08-write-behind.ts is not written yet.'],
  ];

  it('says which lab is missing, and does all else', async () => {
    const token = await open(await stubs());
    for (const [method, path, body, message] of routes) {
      const reply =
        method === 'GET' ? await game.get(path, token) : await game.send(method, path, { token, body });
      expect([reply.status, reply.body.error], path).toEqual([
        501,
        {
          code: 'LAB_NOT_SOLVED',
          message: expect.stringContaining(message),
          lab: {
            id: expect.stringMatching(/^0[78]-/),
            question: expect.stringContaining('?'),
            next: expect.stringMatching(/^\.\/lab 0[78]$/),
          },
        },
      ]);
    }
    expect((await game.get('/inventory', token)).body).toMatchObject({ source: 'database', pending: [] });
    const bought = await game.send('POST', '/market/listings/2/buy', { token });
    expect([bought.status, bought.body.status]).toEqual([200, 'success']);
    const { leaderboard } = (await game.get('/leaderboard')).body;
    expect(leaderboard.find(({ login }: { login: string }) => login === 'borin').earned).toBe(185);
    expect(held(await game.get('/inventory', token), 10)).toBe(1);
    expect(game.said.filter((line) => line.includes(' failed: '))).toEqual([]);
  });

  it('goes on with a lab that is edited, its flusher included', async () => {
    const token = await open(await stubs());
    expect((await gather(token, { resource_id: 1 })).status).toBe(501);
    game.labs.use(await loadLabs(findSubmission('answers'), marketLabIds));
    const accepted = async () =>
      (await uncounted(() => gather(token, { resource_id: 1, change_id: 'a' }))).status;
    await expect.poll(accepted).toBe(202);
    await expect.poll(() => quantity(1)).toBeGreaterThan(1);
    game.labs.use(await loadLabs(findSubmission(await stubs()), marketLabIds));
    await expect.poll(accepted).toBe(501);
  });

  it('says what a lab does against its contract, and does all else', async () => {
    const token = await open(
      await labsOf({
        '07-write-through':
          "export const getProfile = async () => ({ name: 'Gita' });\nexport const saveProfile = async () => { throw new Error('Oh no'); };",
        '08-write-behind':
          'export const runFlusher = async () => {};\nexport const acceptChange = async () => { null.x; };\nexport const getPending = async () => "three";\nexport const getRefused = async () => undefined;',
      }),
    );
    const failures = [
      await game.get('/players/7/profile'),
      await game.send('PUT', '/players/7/profile', { token, body: { display_name: 'G' } }),
      await gather(token, { resource_id: 1 }),
      await game.get('/inventory/refused', token),
    ];
    expect(failures.map(({ status, body }) => [status, body.error.code])).toEqual(
      Array(4).fill([501, 'LAB_FAILED']),
    );
    expect(failures.map(({ body }) => body.error.message)).toEqual([
      expect.stringMatching(/^getProfile in .*07-write-through\.ts resolved to something else/),
      expect.stringMatching(/^saveProfile in .*07-write-through\.ts threw: Oh no\.$/),
      expect.stringMatching(/^acceptChange in .*08-write-behind\.ts threw: Cannot read properties of null/),
      expect.stringMatching(/^getRefused in .*08-write-behind\.ts resolved to undefined\./),
    ]);
    expect((await game.get('/inventory', token)).status).toBe(200);
    expect(game.said[0]).toBe('The flusher of lab 08 stopped: it ended by itself.');
  });
});
