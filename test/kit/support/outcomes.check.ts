// needs: answers, lab 01

import { NotGradable } from '../../../kit/judge/check-errors.ts';
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
const anAttempt = { see: 'passes', without: 'a crash' };
check('holds undisturbed', 'a check that comes to what disturbs', 1, async ({ lab, undisturbed, expect }) => {
  const first = await undisturbed(anAttempt, () => lab.waitForMysql({ retries: 1, delayMs: 1 }));
  expect(first).toBe(1);
});
check(
  'fails undisturbed',
  'a check that fails before it disturbs',
  2,
  async ({ lab, undisturbed, expect }) => {
    await undisturbed(anAttempt, async () => {
      expect(await lab.waitForMysql({ retries: 1, delayMs: 1 }), 'It was one').toBe(2);
    });
    throw new Error('A check that is not reached goes no further.');
  },
);
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
check('stumbles', 'a check that stumbles over its own value', 7, async ({ redis }) => {
  const nothing = (await redis.get('nothing')) as string;
  nothing.trim();
});
check('stumbles later', 'a check that stumbles in what the code calls back', 8, async ({ lab }) => {
  const listen = async () => (undefined as unknown as string).trim() as never;
  await lab.startStoreManager({ listen, retries: 1, delayMs: 1 });
});
check('fails inside', 'a check that fails in what the code calls back', 9, async ({ lab, expect }) => {
  const listen = async () => expect(1, 'It was one').toBe(2);
  await lab.startStoreManager({ listen, retries: 1, delayMs: 1 });
});
check('finds another type', 'a check that finds something of another type', 10, async ({ redis }) => {
  await redis.set('order:1', 'a text');
  await redis.hgetall('order:1');
});
check('own redis', 'a check whose own command Redis does not know', 11, async ({ redis }) => {
  await redis.call('NO-SUCH-COMMAND');
});
check('own mysql', 'a check whose own statement MySQL refuses', 12, async ({ mysql }) => {
  await mysql.query('SELECT * FROM no_such_table');
});
check(
  'own later',
  'a check whose own command fails in what the code calls back',
  13,
  async ({ lab, redis }) => {
    const listen = async () => void (await redis.duplicate().call('NO-SUCH-COMMAND'));
    await lab.startStoreManager({ listen, retries: 1, delayMs: 1 });
  },
);
check('after', 'a check after all that', 6, async ({ lab, expect }) => {
  expect(await lab.syncAllOrdersToRedis()).toBe(10);
});
