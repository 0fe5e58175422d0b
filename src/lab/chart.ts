import type { LineChart, Series } from './chart-style.ts';
import { lineSvg } from './chart-svg.ts';
import { lineVega } from './chart-vega.ts';
import { display } from './display.ts';
import { renderTable } from './table.ts';

/** Up to so many different x the text says every value, beyond that a summary of each line. */
const MAX_ROWS = 20;

/**
 * Shows lines over two axes: in JupyterLab as a Vega-Lite chart, where that is not known as an SVG, in a terminal and
 * for a screen reader as a table of the values.
 *
 * @example
 * lineChart({ title: 'Time against latency', xLabel: 'latency, ms', yLabel: 'time, ms',
 *   series: [{ name: 'six HSET', points: [[0, 0.4], [20, 121]] }, { name: 'one HSET', points: [[0, 0.1], [20, 20.3]] }] });
 */
export function lineChart(chart: LineChart): void {
  const { logX = false, logY = false } = chart;
  const fits = ([x, y]: [number, number]) =>
    Number.isFinite(x) && Number.isFinite(y) && (!logX || x > 0) && (!logY || y > 0);
  const drawn = {
    ...chart,
    logX,
    logY,
    series: chart.series.map(({ name, points }) => ({ name, points: points.filter(fits) })),
  };
  display({
    text: asText(drawn),
    other: {
      'application/vnd.vegalite.v5+json': lineVega(drawn),
      'image/svg+xml': lineSvg(drawn),
    },
  });
}

/** The values themselves where they are few, else what one would read off each line. */
function asText({ title, xLabel, yLabel, series }: LineChart): string {
  const xs = [...new Set(series.flatMap(({ points }) => points.map(([x]) => x)))].sort((a, b) => a - b);
  const heading = `${title} (${yLabel} over ${xLabel})`;
  if (xs.length > MAX_ROWS) return renderTable(series.map(summary), { title: heading }).text;
  const rows = xs.map((x) => {
    const row: [string, number | undefined][] = [[xLabel, x]];
    for (const { name, points } of series) row.push([name, short(points.find(([at]) => at === x)?.[1])]);
    return Object.fromEntries(row);
  });
  return renderTable(rows, { title: heading }).text;
}

function summary({ name, points }: Series): object {
  const sorted = points.map(([, y]) => y).sort((a, b) => a - b);
  return {
    line: name,
    points: sorted.length,
    lowest: short(sorted[0]),
    median: short(sorted[sorted.length >> 1]),
    highest: short(sorted[sorted.length - 1]),
  };
}

/** @example short(0.123456) // 0.123 */
function short(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Number(value.toPrecision(3));
}
