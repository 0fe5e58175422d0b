// needs: answers
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openServers } from '../../kit/servers/open-servers.ts';
import type { Servers } from '../../kit/servers/servers.ts';
import { type MarketSchema, openMarketSchema } from './support/market-schema.ts';
import { type OpenGame, openGame } from './support/open-game.ts';
import { expectInTime, pace } from './support/pace.ts';
import { type RedisProcess, startRedisProcess } from './support/redis-process.ts';

const schema = 'storelab_check_close';
/** Two seconds of patience for a flush or a refresh under way, and one to end what is left. */
const inTime = 5000;
let servers: Servers;
let redis: RedisProcess;
let data: MarketSchema;
let up = true;
let game: OpenGame | undefined;

beforeAll(async () => {
  [servers, redis] = await Promise.all([openServers(), startRedisProcess()]);
  data = await openMarketSchema(servers.mysql, schema);
  await data.reset();
});
beforeEach(async () => {
  if (!up) await redis.start();
  up = true;
  await redis.client.flushall();
});
afterEach(async () => {
  redis.freeze(false);
  await game?.market.close();
});
afterAll(async () => {
  await data?.close();
  await redis?.close();
  await servers?.close();
});

/** A call of a Redis that stands still is given up after a second: what `close` waits for is made of that. */
const open = () =>
  openGame({
    mysql: servers.mysql,
    schema,
    redis: redis.address,
    timeoutMs: Math.min(Math.ceil(1000 * pace()), 60_000),
  });
const kill = async () => {
  up = false;
  await redis.kill();
};

/** Closes the game, within so many ms on an idle machine. */
async function closeWithin(ms: number): Promise<void> {
  const { market } = game!;
  game = undefined;
  await expectInTime(ms, () => market.close());
}
const connections = async () =>
  String(await redis.client.client('LIST'))
    .trim()
    .split('\n').length;

describe('openMarket()', () => {
  it('opens where Redis is away, reads from MySQL, and does all once Redis is there', async () => {
    await kill();
    game = await open();
    expect((await game.get('/market/listings?resource_id=10')).body).toMatchObject({ source: 'database' });
    expect((await game.get('/leaderboard')).body.source).toBe('database');
    await redis.start();
    up = true;
    // The schedule and the flusher begin by themselves.
    await game.liveLeaderboard(redis.client);
    const token = await game.issue(7, 'gita');
    const { status, body } = await game.send('POST', '/gather', { token, body: { resource_id: 4 } });
    expect(status).toBe(202);
    await expect
      .poll(() => data.rows('SELECT quantity FROM inventories WHERE player_id = 7 AND resource_id = 4'))
      .toEqual([{ quantity: body.delta }]);
  });
});

describe('close()', () => {
  it('is quick, and leaves no connection behind', async () => {
    const before = await connections();
    game = await open();
    await game.liveLeaderboard(redis.client);
    expect(await connections()).toBeGreaterThan(before + 5);
    await closeWithin(2000);
    await expect.poll(connections).toBe(before);
  });

  it.each([
    ['at the moment when Redis is killed', async () => kill()],
    [
      'long after Redis was killed',
      async () => {
        await kill();
        // By then the workers wait in their own ways for the connection.
        await new Promise((resolve) => setTimeout(resolve, 2000));
      },
    ],
    ['while Redis stands still', async () => redis.freeze(true)],
    [
      'long after Redis came to stand still',
      async () => {
        redis.freeze(true);
        await new Promise((resolve) => setTimeout(resolve, 2000));
      },
    ],
  ])('ends in time %s', async (_when, happen) => {
    game = await open();
    await game.liveLeaderboard(redis.client);
    await happen();
    await closeWithin(inTime);
  });

  it('ends in time where Redis was never there', async () => {
    await kill();
    game = await open();
    await closeWithin(inTime);
  });

  it('ends a refresh and a flush that MySQL keeps waiting, and loses no change', async () => {
    game = await open();
    const token = await game.issue(6, 'yukawa');
    const holder = await data.pool.getConnection();
    await holder.beginTransaction();
    await holder.query('SELECT * FROM players WHERE id = 6 FOR UPDATE');
    const { body } = await game.send('POST', '/gather', { token, body: { resource_id: 5 } });
    await expect.poll(async () => (await game!.get('/inventory', token)).body.pending).toHaveLength(1);
    const { url } = game.market;
    const closing = closeWithin(inTime);
    const answers = () =>
      fetch(url).then(
        () => true,
        () => false,
      );
    await expect.poll(answers).toBe(false);
    await holder.rollback();
    holder.release();
    await closing;
    game = await open();
    await expect
      .poll(() => data.rows('SELECT quantity FROM inventories WHERE player_id = 6 AND resource_id = 5'))
      .toEqual([{ quantity: body.delta }]);
  });
});
