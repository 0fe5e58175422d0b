/** What several measurements of one thing come to, in their own unit. */
export interface Spread {
  median: number;
  min: number;
  max: number;
  /** How many measurements. */
  n: number;
}

/**
 * The median and the two ends. A mean would let one busy moment of a shared machine speak for all the others.
 *
 * @throws RangeError where there is no measurement.
 * @example spread([3, 1, 2]) // { median: 2, min: 1, max: 3, n: 3 }
 */
export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const n = sorted.length;
  if (n === 0) throw new RangeError('No measurement, so no median.');
  const median = (sorted[Math.floor((n - 1) / 2)]! + sorted[Math.floor(n / 2)]!) / 2;
  return { median, min: sorted[0]!, max: sorted[n - 1]!, n };
}

/** Three figures that matter, or the whole number where it has more. */
const short = (value: number) =>
  value.toLocaleString('en', {
    maximumSignificantDigits: value >= 100 ? Math.ceil(Math.log10(value + 1)) : 3,
  });

/**
 * A spread in words.
 *
 * @example shown(spread([1.91, 2.04, 1.87]), 's') // '1.91 s (1.87 to 2.04)'
 */
export function shown({ median, min, max }: Spread, unit = ''): string {
  return `${short(median)}${unit && ` ${unit}`} (${short(min)} to ${short(max)})`;
}
