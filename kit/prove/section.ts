import pc from 'picocolors';
import type { Claim } from './claim.ts';
import { claimLine } from './claim-line.ts';
import type { KitResult } from './kit-tests.ts';

/** Runs a part of a proof under its name, and says how it went. */
export async function section(name: string, work: () => Promise<KitResult>): Promise<KitResult> {
  console.log(`\n${pc.bold(name)}`);
  const begun = performance.now();
  const result = await work();
  console.log(
    pc.dim(
      `  ${name}: ${result.passed} passed, ${result.failed.length} failed, ${((performance.now() - begun) / 1000).toFixed(1)} s`,
    ),
  );
  return result;
}

/** The same for a part that makes claims, which it prints. */
export const part = (name: string, work: () => Promise<Claim[]>): Promise<KitResult> =>
  section(name, async () => {
    const claims = await work();
    for (const claim of claims) console.log(claimLine(claim));
    return tallyOf(claims);
  });

/** How many claims hold, and which do not, each with the first line of why. */
export const tallyOf = (claims: readonly Claim[]): KitResult => ({
  passed: claims.filter(({ holds }) => holds).length,
  failed: claims
    .filter(({ holds }) => !holds)
    .map(({ name, detail }) => (detail ? `${name}: ${detail.split('\n')[0]}` : name)),
});
