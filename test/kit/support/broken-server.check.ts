// needs: lab 01
import { checksOf } from '../../../src/checks.ts';
import type { InitialSync } from '../../../src/contracts/initial-sync.ts';

const check = checksOf<InitialSync>('01-initial-sync');

/** Two checks that whoever leaves the servers alone passes: `broken-server.test.ts` judges a class by them. */
check('first', 'a call that may attack', 1, async ({ lab, expect }) => {
  expect(await lab.waitForMysql({ retries: 1, delayMs: 1 })).toBe(1);
});
check('second', 'rows and keys as ever', 2, async ({ lab, redis, mysql, expect }) => {
  await mysql.query('UPDATE orders SET total_amount = 1 WHERE id = 1');
  await redis.set('key', 'value');
  expect(await lab.syncAllOrdersToRedis()).toBe(10);
});
