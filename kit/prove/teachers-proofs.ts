import { existsSync } from 'node:fs';
import type { Servers } from '../servers/servers.ts';
import type { Claim } from './claim.ts';
import type { KeptSolution } from './kept-solution.ts';

/** What `kit/prove/kept` exports. */
export interface TeachersProofs {
  keptSolutions(kind: 'wrong' | 'right', lab: string): Promise<KeptSolution[]>;
  proveAttacks(options: { servers: Servers; seed: number }): Promise<Claim[]>;
}

/** What proves the course by solutions that students must not have; undefined in a students' edition. */
export async function teachersProofs(): Promise<TeachersProofs | undefined> {
  const file = new URL('./kept/index.ts', import.meta.url);
  return existsSync(file) ? ((await import(file.href)) as TeachersProofs) : undefined;
}
