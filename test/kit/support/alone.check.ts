// needs: answers, lab 01
import { appendFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { MachineTooBusy } from '../../../kit/judge/machine-too-busy.ts';
import { checksOf } from '../../../src/checks.ts';
import type { InitialSync } from '../../../src/contracts/initial-sync.ts';

const check = checksOf<InitialSync>('01-initial-sync');
const log = process.env.LAB_TEST_ALONE_LOG;

/** Notes when it begins and ends, for `grade-alone.test.ts`. */
async function noted(name: string): Promise<void> {
  appendFileSync(log!, `begin ${process.pid} ${name}\n`);
  await pause(50);
  appendFileSync(log!, `end ${process.pid} ${name}\n`);
}

for (let n = 1; n <= 4; n++) check(`plain-${n}`, 'a check that passes', 1, () => noted('plain'));
let attempts = 0;
check('busy', 'a check that the machine has no time for at first', 1, async () => {
  if (++attempts % 2 === 1) {
    await noted('first attempt');
    throw new MachineTooBusy('it was held up');
  }
  await noted('second attempt');
});
check('hopeless', 'a check that the machine never has time for', 1, async () => {
  throw new MachineTooBusy('it was held up');
});
