import type { Mutated } from './judge.ts';

/** Mutants that count: all that were made but those that keep the contract. */
export const counted = ({ made, equivalent }: Mutated): number => made - equivalent;

/** How many of the mutants that count a check failed, in percent, rounded down to a tenth. */
export const scoreOf = (mutated: Mutated): number =>
  counted(mutated) === 0 ? 100 : Math.floor((mutated.killed / counted(mutated)) * 1000) / 10;

/** A lab's checks must fail at least so many of the mutants that count, in percent. */
export const MIN_SCORE = 95;

/** Whether a lab's checks are good enough, and `test/mutants` holds nothing that is not so. */
export const isEnough = (mutated: Mutated): boolean =>
  scoreOf(mutated) >= MIN_SCORE && mutated.stale.length === 0;
