import type { Claim } from '../claim.ts';
import type { FreshMachine } from './fresh-machine.ts';

/** `npm test` to its end. */
export async function proveTest({ machine, options, lines }: FreshMachine): Promise<Claim[]> {
  const begun = performance.now();
  const code = await machine.start('exec npm test', options).ended;
  const took = ((performance.now() - begun) / 1000).toFixed(0);
  const failed = lines.filter((line) => /^\s*(?:✗|×|FAIL)/.test(line));
  const told = [
    `exit code ${code}, ${took} s`,
    ...(code === 0 ? lines.slice(-1) : [...failed, ...lines.slice(-15)]),
  ];
  return [{ name: 'npm test passes', holds: code === 0, detail: told.join('\n') }];
}
