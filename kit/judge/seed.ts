import { createHash, randomInt } from 'node:crypto';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A new seed for a run: a whole number that a person can type again with `--seed`. */
export const newSeed = (): number => randomInt(1, 1_000_000_000);

/** Draws the inputs of one check. */
export interface Draw {
  /** A whole number from `from` to `to`, both included. */
  int(from: number, to: number): number;
  /** One of `items`. */
  pick<T>(items: readonly T[]): T;
}

/**
 * The draws of one check in one run: they depend on the run's seed and the check's id alone, not on which other
 * checks ran or in what order.
 *
 * @example drawFor(7, '01.wait.first').int(1, 6) // the same number each time
 */
export function drawFor(seed: number, check: string): Draw {
  const digest = createHash('sha256').update(`${seed} ${check}`).digest();
  const random = xoroshiro128plus(digest.readInt32LE());
  const int = (from: number, to: number) => uniformInt(random, from, to);
  return { int, pick: (items) => items[int(0, items.length - 1)]! };
}
