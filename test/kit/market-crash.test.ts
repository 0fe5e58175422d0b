// needs: answers
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { rootFolder } from '../../kit/base/root.ts';
import { drawFor, newSeed } from '../../kit/judge/seed.ts';
import { openServers } from '../../kit/servers/open-servers.ts';
import type { Servers } from '../../kit/servers/servers.ts';
import { gameClient } from './support/game-client.ts';
import type { MarketPlan } from './support/market-process.ts';
import { type MarketSchema, openMarketSchema } from './support/market-schema.ts';
import { type OpenGame, openGame } from './support/open-game.ts';
import { forgetCounts } from './support/rate-counts.ts';
import { type RedisProcess, startRedisProcess } from './support/redis-process.ts';

const schema = 'storelab_check_crash';
const seed = Number(process.env.SEED ?? newSeed());
const [buyer, seller] = [7, 1];
let servers: Servers;
let redis: RedisProcess;
let data: MarketSchema;
let game: OpenGame | undefined;
let doomed: ChildProcess | undefined;

beforeAll(async () => {
  [servers, redis] = await Promise.all([openServers(), startRedisProcess()]);
  data = await openMarketSchema(servers.mysql, schema);
  await data.reset();
  await data.pool.query('UPDATE players SET coins = 1000000 WHERE id = ?', [buyer]);
  await data.pool.query('UPDATE inventories SET quantity = 100 WHERE player_id = ?', [seller]);
});
afterEach(() => {
  doomed?.kill('SIGKILL');
});
afterAll(async () => {
  await game?.market.close();
  await data?.close();
  await redis?.close();
  await servers?.close();
});

const open = () => openGame({ mysql: servers.mysql, schema, redis: redis.address });

/** Starts a game in a process of its own. @returns its address */
async function startDoomed(holdMs: number): Promise<string> {
  const plan: MarketPlan = { mysql: servers.mysql, schema, redis: redis.address, holdMs };
  const script = join(rootFolder(), 'test/kit/support/market-process.ts');
  doomed = fork(script, [JSON.stringify(plan)], { execArgv: ['--disable-warning=ExperimentalWarning'] });
  const [url] = await once(doomed, 'message');
  return String(url);
}

/** The seller offers one piece. @returns the listing's id */
async function offer(from: OpenGame, token: string, price: number): Promise<number> {
  const body = { resource_id: 10, quantity: 1, unit_price: price };
  const { status, body: listing } = await from.send('POST', '/market/listings', { token, body });
  expect(status, JSON.stringify(listing)).toBe(201);
  return listing.id;
}

/** What the game shows of a sale, as its parts that must change together. */
async function look(from: OpenGame, tokens: { bought: string }) {
  await forgetCounts(redis.client);
  const [one, all, bought, board] = await Promise.all([
    from.get('/market/listings?resource_id=10'),
    from.get('/market/listings'),
    from.get('/inventory', tokens.bought),
    from.get('/leaderboard'),
  ]);
  const ids = (list: { listings: { id: number }[] }) => list.listings.map(({ id }) => id);
  const moonstones = bought.body.inventory.find((item: { resource_id: number }) => item.resource_id === 10);
  const earned = board.body.leaderboard.find((row: { player_id: number }) => row.player_id === seller).earned;
  const { source } = board.body;
  return { one: ids(one.body), all: ids(all.body), held: moonstones?.quantity ?? 0, earned, source };
}

/** Lets a doomed process sell a listing and kills it. @returns whether the sale was committed */
async function sellAndKill(
  listingId: number,
  { url, token, afterMs }: { url: string; token: string; afterMs: number },
) {
  const between = once(doomed!, 'message');
  const answer = gameClient(url)
    .send('POST', `/market/listings/${listingId}/buy`, { token })
    .then(({ status }) => status)
    .catch(() => 'killed');
  await between;
  await pause(afterMs);
  const gone = once(doomed!, 'exit');
  doomed!.kill('SIGKILL');
  await gone;
  return answer;
}

describe('a process that is killed between the COMMIT of a sale and the invalidation', () => {
  it('leaves a note, by which another process invalidates, 6 runs', { timeout: 900_000 }, async () => {
    game = await open();
    const tokens = { bought: await game.issue(buyer, 'gita'), sold: await game.issue(seller, 'ada') };
    await game.liveLeaderboard(redis.client);
    const answers = new Set<unknown>();
    for (let run = 1; run <= 6; run++) {
      const draw = drawFor(seed, `run ${run}`);
      const why = `run ${run} of seed ${seed}`;
      // The first two are surely killed in between; the others perhaps a moment before it, or after.
      const holdMs = run <= 2 ? 60_000 : draw.int(0, 6);
      const url = await startDoomed(holdMs);
      const price = draw.int(1, 500);
      const listing = await offer(game, tokens.sold, price);
      const before = await look(game, tokens);
      expect(before.one, why).toContain(listing);
      answers.add(await sellAndKill(listing, { url, token: tokens.bought, afterMs: draw.int(0, 6) }));
      expect(await data.rows('SELECT id FROM sales WHERE listing_id = ?', [listing]), why).toHaveLength(1);
      const wanted = { held: before.held + 1, earned: before.earned + price };
      await expect.poll(() => look(game!, tokens), { message: why }).toMatchObject(wanted);
      const after = await look(game, tokens);
      for (const list of [after.one, after.all]) expect(list, why).not.toContain(listing);
      await expect
        .poll(() => data.rows("SELECT id FROM outbox WHERE topic = 'cache.invalidate'"))
        .toEqual([]);
    }
    expect(answers, 'nobody was killed before the answer').toContain('killed');
    await game.market.close();
    game = undefined;
  });

  it('leaves a note, by which the next start invalidates', async () => {
    game = await open();
    const tokens = { bought: await game.issue(buyer, 'gita'), sold: await game.issue(seller, 'ada') };
    const listing = await offer(game, tokens.sold, 50);
    const before = await look(game, tokens);
    await game.market.close();
    const url = await startDoomed(60_000);
    expect(await sellAndKill(listing, { url, token: tokens.bought, afterMs: 0 })).toBe('killed');
    expect(await data.rows("SELECT id FROM outbox WHERE topic = 'cache.invalidate'")).toHaveLength(1);
    const stale = JSON.parse((await redis.client.get('market:listings:active:10'))!);
    expect(stale.map(({ id }: { id: number }) => id)).toContain(listing);
    game = await open();
    await expect
      .poll(() => look(game!, tokens))
      .toMatchObject({
        held: before.held + 1,
        earned: before.earned + 50,
        one: before.one.filter((id: number) => id !== listing),
      });
    await expect.poll(() => data.rows('SELECT id FROM outbox')).toEqual([]);
  });
});

describe('a sale while Redis is away', () => {
  it('counts, and the cache hears of it once Redis is back', async () => {
    game ??= await open();
    const tokens = { bought: await game.issue(buyer, 'gita'), sold: await game.issue(seller, 'ada') };
    const listing = await offer(game, tokens.sold, 20);
    const before = await look(game, tokens);
    // A session that is found, and then no Redis: the sale is held in between until Redis is gone.
    const url = await startDoomed(60_000);
    const between = once(doomed!, 'message');
    const answer = gameClient(url).send('POST', `/market/listings/${listing}/buy`, { token: tokens.bought });
    await between;
    await redis.kill();
    doomed!.send('go on');
    try {
      const { status, body } = await answer;
      expect([status, body.status]).toEqual([200, 'success']);
      expect(await data.rows("SELECT id FROM outbox WHERE topic = 'cache.invalidate'")).toHaveLength(1);
      doomed!.kill('SIGKILL'); // the pending deletions in its memory are gone with it
    } finally {
      await redis.start();
    }
    await expect
      .poll(async () => {
        await forgetCounts(redis.client);
        return (await game!.get('/inventory', tokens.bought)).status;
      })
      .toBe(200);
    await expect
      .poll(() => look(game!, tokens))
      .toMatchObject({ held: before.held + 1, earned: before.earned + 20 });
  });
});
