// needs: answers
import { createHmac, randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { loadLabs } from '../../../apps/load-labs.ts';
import type { Game } from '../../../apps/market/game.ts';
import { type MarketLabs, marketLabIds, marketLabs } from '../../../apps/market/load-market-labs.ts';
import { type Market, openMarket } from '../../../apps/market/open-market.ts';
import { findSubmission } from '../../../kit/judge/submission.ts';
import type { MysqlAddress, RedisAddress } from '../../../kit/servers/address.ts';
import { cacheConfigOf } from '../../../src/cache/cache-config.ts';
import { type GameClient, gameClient } from './game-client.ts';
import { forgetCounts } from './rate-counts.ts';
import { until } from './until.ts';

/** A game that is open, and a program that plays it. */
export interface OpenGame extends GameClient {
  market: Market;
  labs: MarketLabs;
  /** What a log-in leaves, without the work of a password: a session, and a token that names it. */
  issue(userId: number, login: string): Promise<string>;
  /**
   * Waits until the leaderboard comes from the cache: its first rebuild is a job of BullMQ's.
   *
   * @param redis the test's own client, by which it forgets how often it looked
   */
  liveLeaderboard(redis: Redis): Promise<void>;
  /** What it told the person at the terminal. */
  said: string[];
}

export interface OpenGameOptions {
  mysql: MysqlAddress;
  schema: string;
  redis: RedisAddress;
  /** What `LABS` would be, default the worked answers. */
  labs?: string;
  /** How long one call of the cache may wait for Redis, ms; default longer than it takes on any machine. */
  timeoutMs?: number;
  /** Called before the cache hears of a sale: what is between its COMMIT and that. */
  between?(): Promise<void>;
}

/** The same in every process, so that a log-in at one counts at the others. */
const secret = 'a secret of the tests alone, long enough';

/** Opens the game on a free port. */
export async function openGame(options: OpenGameOptions): Promise<OpenGame> {
  const { labs = 'answers', timeoutMs = 60_000, between, ...where } = options;
  const said: string[] = [];
  const chosen = marketLabs(await loadLabs(findSubmission(labs), marketLabIds));
  if (between) holdSales(chosen.game, between);
  const market = await openMarket({
    ...where,
    labs: chosen,
    // Longer than any test: no end of a time to live, and no periodic refresh, may hide that nobody invalidates.
    config: cacheConfigOf({
      CACHE_TIMEOUT_MS: String(timeoutMs),
      CACHE_LEADERBOARD_TTL: '3600',
      CACHE_MARKET_LISTINGS_TTL: '3600',
      CACHE_USER_INVENTORY_TTL: '3600',
      CACHE_PROFILE_TTL: '3600',
    }),
    port: 0,
    secret,
    say: (sentence) => said.push(sentence),
  });
  const client = gameClient(market.url);
  return {
    ...client,
    async liveLeaderboard(redis) {
      const isLive = async () => {
        await forgetCounts(redis);
        return (await client.get('/leaderboard')).body.source === 'cache';
      };
      await until(isLive, () => `The leaderboard never came from the cache: ${said.join('; ')}`);
    },
    market,
    labs: chosen,
    said,
    async issue(userId, login) {
      const sessionId = randomUUID();
      const session = { userId, login, role: 'player', createdAt: '' };
      await market.cache.setSession(sessionId, session, { strict: true });
      return signed({ sub: login, session_id: sessionId, exp: Math.floor(Date.now() / 1000) + 3600 });
    },
  };
}

function holdSales(labs: Game['labs'], between: () => Promise<void>): void {
  const { invalidateSale, leaderboard } = labs;
  labs.invalidateSale = async (...args) => {
    await between();
    return invalidateSale!(...args);
  };
  labs.leaderboard = {
    ...leaderboard,
    async recordEarning(...args) {
      await between();
      return leaderboard.recordEarning!(...args);
    },
  };
}

/** An access token, as the API signs it. */
function signed(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}
