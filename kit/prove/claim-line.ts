import pc from 'picocolors';
import type { Claim } from './claim.ts';

/**
 * A claim as a terminal shows it: on one line where it holds, else with its detail below.
 *
 * @example claimLine({ name: 'no file belongs to no lab', holds: true }) // '  ✓ no file belongs to no lab'
 */
export function claimLine({ name, holds, detail }: Claim): string {
  const more = detail
    ? `${pc.dim(holds ? `: ${detail}` : '')}${holds ? '' : `\n      ${detail.split('\n').join('\n      ')}`}`
    : '';
  return `  ${holds ? pc.green('✓') : pc.red('✗')} ${name}${more}`;
}
