import { GREY, INK, LINES, type LineChart, MAX_MARKS, PAPER, powersOfTen } from './chart-style.ts';

/** Every colour is said: where the page is dark, JupyterLab leaves the chart without a paper under dark ink. */
const config = {
  background: PAPER,
  padding: 14,
  view: { stroke: null },
  title: { color: INK, fontSize: 14, anchor: 'start', offset: 14 },
  axis: {
    labelFlush: false,
    labelColor: INK,
    titleColor: INK,
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    titlePadding: 10,
    gridColor: GREY,
    gridOpacity: 0.35,
    domainColor: GREY,
    tickColor: GREY,
  },
  // Without a limit of its own Vega cuts a name at 160 pixels.
  legend: { labelColor: INK, labelFontSize: 12, labelLimit: 0, offset: 10 },
};

/** Describes what `lineChart` shows as Vega-Lite, with the colours and dashes of the SVG. Points must fit the axes already. */
export function lineVega({ title, xLabel, yLabel, series, logX, logY }: LineChart): object {
  const few = series.every(({ points }) => points.length <= MAX_MARKS);
  const values = (at: 0 | 1) => series.flatMap(({ points }) => points.map((point) => point[at]));
  const lines = series.map((_, i) => LINES[i % LINES.length]!);
  const byName = (range: unknown[]) => ({
    field: 'name',
    type: 'nominal',
    sort: null,
    scale: { domain: series.map(({ name }) => name), range },
    legend: { title: null, orient: 'bottom', symbolType: 'stroke', symbolSize: 700, symbolStrokeWidth: 2.5 },
  });
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
    title,
    width: 600,
    height: 280,
    config,
    data: {
      values: series.flatMap(({ name, points }) => points.map(([x, y], order) => ({ name, x, y, order }))),
    },
    mark: { type: 'line', point: few && { size: 45, strokeWidth: 0 } },
    encoding: {
      x: { field: 'x', type: 'quantitative', title: xLabel, ...scaleOf(values(0), logX) },
      y: { field: 'y', type: 'quantitative', title: yLabel, ...scaleOf(values(1), logY) },
      color: byName(lines.map(({ colour }) => colour)),
      strokeDash: byName(lines.map(({ dash }) => (dash ? dash.split(' ').map(Number) : [1, 0]))),
      order: { field: 'order', type: 'quantitative' },
      tooltip: [
        { field: 'name', title: 'line' },
        { field: 'x', title: xLabel },
        { field: 'y', title: yLabel },
      ],
    },
  };
}

/** From 0 on, or by powers of ten with a line for each, not for each of their nine parts. */
function scaleOf(values: readonly number[], log?: boolean): object {
  if (!log) return { scale: { zero: true, nice: 8 }, axis: { tickCount: 8 } };
  const ticks = powersOfTen(values);
  return {
    scale: { type: 'log', domain: [ticks[0], ticks[ticks.length - 1]], nice: false },
    axis: { values: ticks, format: ',~r' },
  };
}
