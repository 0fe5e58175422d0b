import type { Command } from 'commander';
import { checkStyle, checkTypes } from '../prove/check-types.ts';
import { claimLine } from '../prove/claim-line.ts';

/** `./lab lint`, which `npm run lint` calls: every linter and type check, also where an earlier one finds something. */
export function register(program: Command): void {
  program
    .command('lint')
    .description('check format, lint and types; npm run fix mends what can be mended')
    .action(lint);
}

async function lint(): Promise<void> {
  const style = await checkStyle();
  console.log(claimLine(style));
  const types = await checkTypes();
  for (const claim of types) console.log(claimLine(claim));
  if (!style.holds) console.log('\nnpm run fix mends the format, and what lint can mend by itself.');
  process.exitCode = [style, ...types].every(({ holds }) => holds) ? 0 : 1;
}
