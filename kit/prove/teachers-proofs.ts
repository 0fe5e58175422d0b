import { existsSync } from 'node:fs';
import type { Servers } from '../servers/servers.ts';
import type { Claim } from './claim.ts';

/** A wrong solution kept for a check, or a right one of another technique. */
export interface KeptSolution {
  lab: string;
  /** `limit-9999` */
  name: string;
  path: string;
  /** The checks that a wrong solution must fail; none for a right one. */
  fails: readonly string[];
}

/** What `kit/prove/kept` exports. */
export interface TeachersProofs {
  keptSolutions(kind: 'wrong' | 'right', lab: string): KeptSolution[];
  proveAttacks(options: { servers: Servers; seed: number }): Promise<Claim[]>;
}

/** What proves the course by solutions that students must not have; undefined in a students' edition. */
export async function teachersProofs(): Promise<TeachersProofs | undefined> {
  const file = new URL('./kept/index.ts', import.meta.url);
  return existsSync(file) ? ((await import(file.href)) as TeachersProofs) : undefined;
}
