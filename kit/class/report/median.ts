/**
 * The middle of some figures, the mean of the two in the middle of an even number; 0 where there are none.
 *
 * @example median([26, 0, 24, 26]) // 25
 */
export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : ((sorted[half - 1] ?? 0) + (sorted[half] ?? 0)) / 2;
}
