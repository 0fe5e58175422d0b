import { type Html, html } from '../../base/html-template.ts';

/** How many values lie from `from` to `to`, both included where values are whole. */
export interface Bin {
  from: number;
  to: number;
  count: number;
}

const MAX_BINS = 20;
const WIDTH = 640;
const HEIGHT = 200;
const BOX = { left: 34, right: WIDTH - 8, top: 22, bottom: HEIGHT - 38 };

/**
 * Sorts points into at most 20 bins of equal width from 0 to the maximum; the maximum has a bin to itself, so that
 * full marks are seen.
 *
 * @example binsOf([0, 3, 40], 40)[0] // { from: 0, to: 1, count: 1 }
 */
export function binsOf(values: readonly number[], max: number): Bin[] {
  const width = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].find((one) => max / one < MAX_BINS) ?? max;
  const bins: Bin[] = [];
  for (let from = 0; from < max; from += width) {
    bins.push({ from, to: Math.min(from + width, max) - 1, count: 0 });
  }
  bins.push({ from: max, to: max, count: 0 });
  for (const value of values) {
    const at = value >= max ? bins.length - 1 : Math.max(0, Math.floor(value / width));
    bins[Math.min(at, bins.length - 1)]!.count += 1;
  }
  return bins;
}

const named = ({ from, to }: Bin): string => (to > from ? `${from}–${to}` : `${from}`);

/** The distribution of points as SVG; the figures stand on the bars. */
export function histogram(values: readonly number[], max: number): Html {
  const bins = binsOf(values, max);
  const most = Math.max(1, ...bins.map(({ count }) => count));
  const step = (BOX.right - BOX.left) / bins.length;
  const every = Math.ceil(bins.length / 14);
  const last = bins.length - 1;
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Distribution of points: ${bins
    .filter(({ count }) => count > 0)
    .map((bin) => `${named(bin)} points ${bin.count}`)
    .join(', ')}">
<line class="axis" x1="${BOX.left}" x2="${BOX.right}" y1="${BOX.bottom}" y2="${BOX.bottom}"/>
${bins.map((bin, i) => {
  const tall = (bin.count / most) * (BOX.bottom - BOX.top);
  const x = BOX.left + i * step;
  const middle = (x + step / 2).toFixed(1);
  const label = i === last || (i % every === 0 && last - i >= every);
  return html`${
    bin.count > 0 &&
    html`<rect class="fill" x="${(x + 2).toFixed(1)}" y="${(BOX.bottom - tall).toFixed(1)}" width="${(step - 4).toFixed(1)}" height="${tall.toFixed(1)}" rx="2"/>
<text x="${middle}" y="${(BOX.bottom - tall - 5).toFixed(1)}" text-anchor="middle">${bin.count}</text>`
  }${label && html`<text class="tick" x="${middle}" y="${BOX.bottom + 16}" text-anchor="middle">${named(bin)}</text>`}
`;
})}<text class="tick" x="${BOX.right}" y="${HEIGHT - 5}" text-anchor="end">points</text>
</svg>`;
}
