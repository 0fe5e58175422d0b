// needs: answers
/**
 * The game in a process of its own, on the worked answers, which `market-crash.test.ts` kills. It tells its parent where
 * it is, and `between` each time when a sale is committed and the cache has not heard of it; then it waits `holdMs`, or
 * until its parent says anything.
 */
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { MysqlAddress, RedisAddress } from '../../../kit/servers/address.ts';
import { openGame } from './open-game.ts';

/** The only argument, as JSON. */
export interface MarketPlan {
  mysql: MysqlAddress;
  schema: string;
  redis: RedisAddress;
  holdMs: number;
}

const { holdMs, ...where } = JSON.parse(process.argv[2]!) as MarketPlan;
process.on('disconnect', () => process.exit());
const game = await openGame({
  ...where,
  async between() {
    const told = once(process, 'message');
    process.send!('between');
    await Promise.race([pause(holdMs), told]);
  },
});
process.send!(game.market.url);
