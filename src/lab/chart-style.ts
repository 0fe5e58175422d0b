/** One line of a chart. */
export interface Series {
  name: string;
  /** `[x, y]`, drawn in this order. */
  points: [number, number][];
}

export interface LineChart {
  title: string;
  xLabel: string;
  yLabel: string;
  series: Series[];
  /** A logarithmic axis: points of 0 and less are left out there. */
  logX?: boolean;
  logY?: boolean;
}

/** A paper of its own, so that a chart is legible on a light and on a dark page. */
export const INK = '#24292f';
export const GREY = '#8b949e';
export const PAPER = '#fcfbf8';
/** Told apart by colour and by dash, so that neither is needed alone. */
export const LINES = [
  { colour: '#c8372d', dash: '' },
  { colour: '#1f6fa8', dash: '7 4' },
  { colour: '#1a7431', dash: '2 3' },
  { colour: '#8a4fbf', dash: '10 3 2 3' },
  { colour: '#a86400', dash: '4 2' },
];
/** Points are marked where they are so few that one can tell them apart. */
export const MAX_MARKS = 20;

/**
 * The powers of ten from below the lowest value to above the highest, two at least.
 *
 * @example powersOfTen([0.3, 12]) // [0.1, 1, 10, 100]
 */
export function powersOfTen(values: readonly number[]): number[] {
  const logs = values.map((value) => Math.log10(value));
  const low = Math.floor(logs.reduce((least, value) => Math.min(least, value), logs[0] ?? 0) + 1e-9);
  const high = Math.max(low + 1, Math.ceil(logs.reduce((most, value) => Math.max(most, value), low) - 1e-9));
  return Array.from({ length: high - low + 1 }, (_, i) => Number(`1e${low + i}`));
}
