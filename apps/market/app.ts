import { placeOf } from '../../kit/servers/urls.ts';
import { cacheConfigOf, namesRedis, redisAddressOf } from '../../src/cache/cache-config.ts';
import { fixturePassword } from '../../src/worlds/market/fixture.ts';
import { ensureMarket } from '../../src/worlds/market/load.ts';
import type { App } from '../shared/app.ts';
import { marketLabIds, marketLabs } from './load-market-labs.ts';
import { openMarket } from './open-market.ts';

/** The crafting game: an API over MySQL and the cache service, on labs 06 to 10. */
export const marketApp: App = {
  name: 'market',
  title: 'The game',
  labIds: marketLabIds,
  async open({ mysql, redis, servers, loadLabs, host, port, say }) {
    const config = cacheConfigOf(); // a wrong value is said before anything is loaded
    const cacheAt = namesRedis() ? redisAddressOf() : redis;
    const { schema, players } = await ensureMarket(mysql);
    say(`${servers} The game holds ${players.toLocaleString('en')} players.`);
    if (cacheAt !== redis)
      say(
        `Its cache is the Redis at ${placeOf(cacheAt)}, database ${cacheAt.db}, which the environment names.`,
      );
    const labs = marketLabs(await loadLabs());
    for (const problem of labs.problems()) say(problem);
    const secret = process.env.MARKET_JWT_SECRET || undefined;
    const market = await openMarket({ mysql, schema, redis: cacheAt, labs, config, secret, host, port, say });
    say(
      `Log in as a player: POST ${market.url}/api/auth/login {"login":"gita","password":"${fixturePassword}"}`,
    );
    return {
      url: market.url,
      caution: `Every player of the kit's data has the same password, "${fixturePassword}", and nothing is encrypted.`,
      useLabs: async () => labs.use(await loadLabs()),
      close: () => market.close(),
    };
  },
};
