import type { Command } from 'commander';
import { checkTypes } from '../prove/check-types.ts';
import { claimLine } from '../prove/claim-line.ts';

/** `./lab types`: type-checks with the current TypeScript, and what notebooks import with the kernel's. */
export function register(program: Command): void {
  program
    .command('types')
    .description('type-check the kit, and what notebooks import with the TypeScript of the kernel too')
    .action(async () => {
      const claims = await checkTypes();
      for (const claim of claims) console.log(claimLine(claim));
      process.exitCode = claims.every(({ holds }) => holds) ? 0 : 1;
    });
}
