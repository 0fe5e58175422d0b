import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Draws that depend on the seed alone: whole numbers only, so that they are the same on every machine. */
export interface Random {
  /** A whole number from `from` to `to`, both included. */
  int(from: number, to: number): number;
  /** One of a list. */
  pick<T>(list: readonly T[]): T;
  /** A copy of a list in random order. */
  shuffle<T>(list: readonly T[]): T[];
}

/**
 * A source of draws.
 *
 * @example seededRandom(7).int(1, 6) // the same for every source of seed 7
 */
export function seededRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  const int = (from: number, to: number) => uniformInt(generator, from, to);
  return {
    int,
    pick: (list) => list[int(0, list.length - 1)]!,
    shuffle: (list) => {
      const copy = [...list];
      for (let last = copy.length - 1; last > 0; last--) {
        const other = int(0, last);
        [copy[last], copy[other]] = [copy[other]!, copy[last]!];
      }
      return copy;
    },
  };
}

/**
 * Draws from a list by a power law (Zipf's): the first comes up twice as often as the second, three times as often
 * as the third, and so on. The weights are whole numbers, so no float decides.
 *
 * @example const popular = zipf(seededRandom(7), ['laptop', 'mouse', 'mug']); popular() // mostly 'laptop'
 */
export function zipf<T>(random: Random, list: readonly T[]): () => T {
  const upTo = new Uint32Array(list.length);
  let total = 0;
  for (let rank = 0; rank < list.length; rank++) {
    total += Math.floor(200_000_000 / (rank + 1));
    upTo[rank] = total;
  }
  return () => {
    const drawn = random.int(0, total - 1);
    let low = 0;
    let high = list.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (drawn < upTo[middle]!) high = middle;
      else low = middle + 1;
    }
    return list[low]!;
  };
}
