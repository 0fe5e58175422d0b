// needs: answers, lab 01

import { NotGradable } from '../../../kit/judge/definition.ts';
import { checksOf } from '../../../src/checks.ts';
import type { InitialSync } from '../../../src/contracts/initial-sync.ts';

const check = checksOf<InitialSync>('01-initial-sync');
let attempts = 0;

/** One check of each outcome: `outcomes.test.ts` runs them against the worked answer. */
check('passes', 'a check that passes', 1, async ({ lab, expect }) => {
  expect(await lab.waitForMysql({ retries: 1, delayMs: 1 })).toBe(1);
});
check('fails', 'a check that fails', 2, async ({ lab, expect }) => {
  expect(await lab.waitForMysql({ retries: 1, delayMs: 1 }), 'It was one').toBe(2);
});
check('cannot', 'a check that this host cannot judge', 3, async () => {
  throw new NotGradable('Redis 7.0 has no HEXPIRE');
});
check(
  'recovers',
  "a check whose Redis dies once under the judge's feet",
  4,
  async ({ lab, redis, expect }) => {
    if (++attempts === 1) await redis.call('SHUTDOWN', 'NOSAVE').catch(() => {});
    expect(await redis.dbsize()).toBe(0);
    expect(await lab.waitForMysql({ retries: 1, delayMs: 1 })).toBe(1);
  },
);
check('broken', "a check whose Redis dies each time under the judge's feet", 5, async ({ redis }) => {
  await redis.call('SHUTDOWN', 'NOSAVE').catch(() => {});
  await redis.dbsize();
});
check('after', 'a check after all that', 6, async ({ lab, expect }) => {
  expect(await lab.syncAllOrdersToRedis()).toBe(10);
});
