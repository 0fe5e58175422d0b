import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { createPool } from 'mysql2/promise';
import type { MysqlAddress, RedisAddress } from '../../kit/servers/address.ts';
import { mysqlClientOptions } from '../../kit/servers/clients.ts';
import { atMost } from '../../src/cache/at-most.ts';
import { cacheClient } from '../../src/cache/cache-client.ts';
import { type CacheConfig, cacheConfigOf } from '../../src/cache/cache-config.ts';
import { CacheService } from '../../src/cache/cache-service.ts';
import { scheduleRefresh } from '../../src/cache/leaderboard-schedule.ts';
import { startFlusher } from './flusher.ts';
import type { Game } from './game.ts';
import { refreshLeaderboards } from './leaderboard.ts';
import type { MarketLabs } from './load-market-labs.ts';
import { startRelay } from './relay.ts';
import { createGameServer } from './server.ts';
import { watchHitRate } from './watch-hit-rate.ts';

/** How long a MySQL that stands still may keep `close` waiting, ms. */
const CLOSE_TIMEOUT_MS = 2000;

/** How often the hit rate is looked at, ms. */
const HIT_RATE_MS = 5 * 60_000;

export interface MarketOptions {
  mysql: MysqlAddress;
  schema: string;
  redis: RedisAddress;
  labs: MarketLabs;
  /** Default: read from the environment. */
  config?: CacheConfig;
  /** Signs the access tokens; default a new one, so that tokens end with the process. */
  secret?: string;
  /** Default 127.0.0.1. */
  host?: string;
  /** 0 is any free port. */
  port: number;
  now?(): number;
  /** Told of what a person at the terminal should know. */
  say?(sentence: string): void;
}

/** A game that is open. */
export interface Market {
  /** 'http://127.0.0.1:5000' */
  url: string;
  cache: CacheService;
  /** Takes no new requests, answers those at hand, then ends its connections: in seconds, also where Redis is away. */
  close(): Promise<void>;
}

/**
 * Opens the game's API. It opens without Redis too: reads then come from MySQL, and nobody can log in.
 *
 * @throws Error of `listen`, with `code` EADDRINUSE where the port is taken
 */
export async function openMarket(options: MarketOptions): Promise<Market> {
  const {
    labs,
    host = '127.0.0.1',
    port,
    config = cacheConfigOf(),
    now = Date.now,
    say = () => {},
  } = options;
  if (options.secret !== undefined && options.secret.length < 32)
    throw new Error('MARKET_JWT_SECRET is shorter than 32 characters: give a longer one, or leave it out.');
  const mysql = createPool({
    ...mysqlClientOptions(options.mysql),
    database: options.schema,
    connectTimeout: 5000,
    connectionLimit: 10,
  });
  const redis = cacheClient(options.redis, config);
  const cache = new CacheService({ redis, labs: labs.cache, config, now, log: say });
  const game: Game = { mysql, cache, redis, labs: labs.game, now, say };
  const flusher = startFlusher(game, redis);
  labs.onUse = flusher.restart;
  const app = await createGameServer(game, {
    flusher,
    host,
    secret: options.secret ?? randomBytes(32).toString('hex'),
    onError: (error, request) => say(`${request} failed: ${(error as Error)?.stack ?? error}`),
  });
  const relay = startRelay(game);
  // Twice in its time to live, in one of all processes.
  const schedule = scheduleRefresh(redis, {
    everyMs: config.ttl.leaderboard * 500,
    refresh: () => refreshLeaderboards(game),
  });
  const hitRate = setInterval(
    watchHitRate(() => cache.reads, say),
    HIT_RATE_MS,
  );
  const close = async () => {
    clearInterval(hitRate);
    labs.onUse = undefined;
    await app.close();
    await Promise.all([flusher.close(), relay.close(), schedule.close()]);
    await cache.close();
    await atMost(CLOSE_TIMEOUT_MS, mysql.end());
  };
  try {
    await app.listen({ host, port });
  } catch (error) {
    await close();
    throw error;
  }
  const address = app.server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return { url: `http://${name}:${address.port}`, cache, close };
}
