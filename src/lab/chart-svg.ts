import { escapeHtml } from '../../kit/base/html.ts';
import {
  GREY,
  INK,
  LINES,
  type LineChart,
  MAX_MARKS,
  PAPER,
  powersOfTen,
  type Series,
} from './chart-style.ts';

const WIDTH = 720;
const HEIGHT = 380;
const BOX = { left: 76, right: WIDTH - 24, top: 48, bottom: HEIGHT - 88 };
/** An axis: where a value stands, and which values are written beside it. */
interface Scale {
  at(value: number): number;
  ticks: number[];
}

/** Draws what `lineChart` shows, for front ends without Vega. Points must fit the axes already. */
export function lineSvg({ title, xLabel, yLabel, series, logX, logY }: LineChart): string {
  const points = series.flatMap((line) => line.points);
  const values = (at: 0 | 1) => points.map((point) => point[at]);
  const x = (logX ? logScale : linearScale)(values(0), BOX.left, BOX.right);
  const y = (logY ? logScale : linearScale)(values(1), BOX.bottom, BOX.top);
  const middle = (BOX.top + BOX.bottom) / 2;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" font-family="system-ui,'Segoe UI','DejaVu Sans',sans-serif" font-size="12">`,
    `<title>${escapeHtml(title)}</title>`,
    `<rect x="0.5" y="0.5" width="${WIDTH - 1}" height="${HEIGHT - 1}" rx="8" fill="${PAPER}" stroke="${GREY}" stroke-opacity="0.45"/>`,
    text(title, { x: BOX.left, y: 26, more: 'font-size="14" font-weight="600"' }),
    ...x.ticks.map(
      (tick) =>
        `${grid(x.at(tick), BOX.top, x.at(tick), BOX.bottom)}${text(label(tick), { x: x.at(tick), y: BOX.bottom + 18, more: 'text-anchor="middle"' })}`,
    ),
    ...y.ticks.map(
      (tick) =>
        `${grid(BOX.left, y.at(tick), BOX.right, y.at(tick))}${text(label(tick), { x: BOX.left - 8, y: y.at(tick) + 4, more: 'text-anchor="end"' })}`,
    ),
    text(xLabel, { x: (BOX.left + BOX.right) / 2, y: BOX.bottom + 38, more: 'text-anchor="middle"' }),
    text(yLabel, {
      x: 20,
      y: middle,
      more: `text-anchor="middle" transform="rotate(-90 20 ${middle})"`,
    }),
    ...series.map((line, i) => drawLine(line, { x, y, i })),
    legend(series),
    '</svg>',
  ].join('');
}

function drawLine({ points }: Series, { x, y, i }: { x: Scale; y: Scale; i: number }): string {
  const { colour, dash } = LINES[i % LINES.length]!;
  const places = points.map(([a, b]) => `${x.at(a).toFixed(1)},${y.at(b).toFixed(1)}`);
  const line = `<polyline points="${places.join(' ')}" fill="none" stroke="${colour}" stroke-width="2" stroke-linejoin="round" stroke-dasharray="${dash}"/>`;
  if (points.length > MAX_MARKS) return line;
  return (
    line +
    points
      .map(
        ([a, b]) =>
          `<circle cx="${x.at(a).toFixed(1)}" cy="${y.at(b).toFixed(1)}" r="3.5" fill="${colour}"/>`,
      )
      .join('')
  );
}

function legend(series: readonly Series[]): string {
  let left = BOX.left;
  let top = HEIGHT - 22;
  return series
    .map(({ name }, i) => {
      const width = 48 + name.length * 6.6;
      if (left > BOX.left && left + width > BOX.right) {
        left = BOX.left;
        top += 15;
      }
      const { colour, dash } = LINES[i % LINES.length]!;
      const drawn = `<line x1="${left}" y1="${top - 4}" x2="${left + 26}" y2="${top - 4}" stroke="${colour}" stroke-width="2.5" stroke-dasharray="${dash}"/>${text(name, { x: left + 32, y: top })}`;
      left += width;
      return drawn;
    })
    .join('');
}

function grid(x1: number, y1: number, x2: number, y2: number): string {
  const places = [x1, y1, x2, y2].map((value) => value.toFixed(1));
  return `<line x1="${places[0]}" y1="${places[1]}" x2="${places[2]}" y2="${places[3]}" stroke="${GREY}" stroke-opacity="0.35"/>`;
}

function text(content: string, { x, y, more = '' }: { x: number; y: number; more?: string }): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" fill="${INK}" ${more}>${escapeHtml(content)}</text>`;
}

/** From 0 (or the lowest, where that is less) to a round number above the highest. */
function linearScale(values: readonly number[], from: number, to: number): Scale {
  const low = values.reduce((least, value) => Math.min(least, value), 0);
  const high = values.reduce((most, value) => Math.max(most, value), low + Number.EPSILON);
  const step = roundStep((high - low) / 5);
  const first = Math.floor(low / step);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  const span = (last - first) * step;
  return {
    at: (value) => from + ((value - first * step) / span) * (to - from),
    ticks: Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12))),
  };
}

/** Whole powers of ten around the values. */
function logScale(values: readonly number[], from: number, to: number): Scale {
  const ticks = powersOfTen(values);
  const low = Math.log10(ticks[0]!);
  return {
    at: (value) => from + ((Math.log10(value) - low) / (ticks.length - 1)) * (to - from),
    ticks,
  };
}

/** 1, 2 or 5 times a power of ten, at least `rough`. */
function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  return ([1, 2, 5].find((times) => times * power >= rough) ?? 10) * power;
}

/** @example label(20000) // '20,000' */
function label(value: number): string {
  return Math.abs(value) >= 0.001 || value === 0
    ? value.toLocaleString('en', { maximumFractionDigits: 3 })
    : value.toExponential(0);
}
