// needs: lab 01
import { checksOf } from '../../../src/checks.ts';
import type { InitialSync } from '../../../src/contracts/initial-sync.ts';

const check = checksOf<InitialSync>('01-initial-sync');

/** What a submission can say to bring this judge down: no real check listens to it. */
check('first', 'dies or hangs where the submission says so', 1, async ({ lab, expect }) => {
  const said = await lab.waitForMysql();
  if (said === 666) process.kill(process.pid, 'SIGKILL');
  while (said === 667);
  expect(said).toBe(1);
});
check('second', 'comes after it', 1, async ({ lab, expect }) => {
  expect(await lab.waitForMysql()).toBe(1);
});
