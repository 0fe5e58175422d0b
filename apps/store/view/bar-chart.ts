import { type Html, html } from '../../../kit/base/html-template.ts';

/** One bar. */
export interface Bar {
  label: string;
  /** Its length; any unit, not negative. */
  size: number;
  /** The figure as it is written. */
  figure: string;
}

const width = 400;
const step = 42;
/** Characters of a label that fit beside its figure. */
const room = 28;

/**
 * A bar chart as SVG, drawn here, so that the page needs no script. The table beside it holds the same figures, so a
 * screen reader is told the title alone.
 *
 * @example barChart('Best sellers', [{ label: 'Mouse', size: 12, figure: '12' }])
 */
export function barChart(title: string, bars: readonly Bar[]): Html {
  const most = Math.max(...bars.map(({ size }) => size), 0);
  const height = bars.length * step - 8;
  return html`<svg class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">
${bars.map((bar, i) => {
  const y = i * step;
  const long = most > 0 ? Math.max((bar.size / most) * width, 2) : 2;
  return html`<text x="0" y="${y + 15}">${shortened(bar.label)}</text>
<text class="figure" x="${width}" y="${y + 15}" text-anchor="end">${bar.figure}</text>
<rect class="track" x="0" y="${y + 21}" width="${width}" height="10" rx="3"/>
<rect class="fill" x="0" y="${y + 21}" width="${long.toFixed(1)}" height="10" rx="3"/>
`;
})}
</svg>`;
}

function shortened(label: string): string {
  const letters = [...label];
  return letters.length <= room ? label : `${letters.slice(0, room - 1).join('')}…`;
}
