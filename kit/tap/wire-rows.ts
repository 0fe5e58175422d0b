import type { TapEvent, TapServer } from './tap.ts';
import { printable } from './text-capture.ts';

/** One line of a sequence diagram: an arrow, or what was folded away. */
export interface WireRow {
  kind: 'request' | 'reply' | 'push' | 'fold';
  server: TapServer;
  /** `HSET order:1 id 1`, or of a fold `… 994 more HSET`. */
  label: string;
  bytes: number;
  /** The trip that it belongs to; 0 for none. */
  trip: number;
  /** Milliseconds since the reset. */
  at: number;
  error: boolean;
}

interface Item extends WireRow {
  /** What makes two items alike. */
  sign: string;
  /** How many events it stands for. */
  count: number;
}

/** The longest pattern (a query, its reply, a pipeline, its replies ...) that is found when it repeats. */
const MAX_PATTERN_ROWS = 12;
/** Fewer repetitions are shown as they are: five awaited commands read better than two, "3 more" and one. */
const FEWEST_REPETITIONS = 7;

/**
 * Prepares events of one or several taps for drawing: in the order of time, without set-up, with long runs and
 * repetitions folded, so that a sync of 20,000 orders is as readable as one of 20.
 *
 * @param options.most rows at most, default 120
 */
export function wireRows(events: readonly TapEvent[], { most = 120 }: { most?: number } = {}): WireRow[] {
  const items = [...events]
    .sort((a, b) => a.at - b.at)
    .filter((event) => !event.setup)
    .map(item);
  const rows = foldRepetitions(foldRuns(items));
  if (rows.length <= most) return rows;
  const half = Math.floor((most - 1) / 2);
  return [...rows.slice(0, half), fold(rows.slice(half, -half), 'events'), ...rows.slice(-half)];
}

function item(event: TapEvent): Item {
  const { kind, server, bytes, depth, at, rows, error, count = 1 } = event;
  const [name, text] = [printable(event.name), printable(event.text)];
  const sign = `${kind} ${server} ${name} ${error !== undefined}`;
  const base = { server, bytes, trip: depth, at, sign, count };
  if (kind === 'gap')
    return { ...base, kind: 'fold', label: `… ${number(count)} more, not kept`, error: false };
  if (kind === 'request') return { ...base, kind, label: `${name} ${text}`.trim(), error: false };
  if (kind === 'push') return { ...base, kind, label: `push: ${name} ${text}`.trim(), error: false };
  if (error !== undefined) return { ...base, kind, label: `error: ${printable(error)}`, error: true };
  const answer = text || (rows === undefined ? 'OK' : `${number(rows)} rows`);
  return { ...base, kind, label: answer, error: false };
}

/** Requests (or replies) alike that follow one another in one trip: the first two, how many more, the last. */
function foldRuns(items: readonly Item[]): Item[] {
  const folded: Item[] = [];
  for (let at = 0; at < items.length; ) {
    const first = items[at]!;
    let end = at + 1;
    while (end < items.length && items[end]!.sign === first.sign && items[end]!.trip === first.trip) end += 1;
    const run = items.slice(at, end);
    if (run.length <= 5) folded.push(...run);
    else folded.push(run[0]!, run[1]!, fold(run.slice(2, -1), runName(first)), run.at(-1)!);
    at = end;
  }
  return folded;
}

function runName(first: Item): string {
  if (first.kind !== 'request') return first.kind === 'reply' ? 'replies' : 'pushes';
  return first.label.split(' ', 1)[0]!;
}

/** A pattern that repeats, as in N+1: it is shown twice, then how many more times, then the last time. */
function foldRepetitions(items: readonly Item[]): Item[] {
  const folded: Item[] = [];
  for (let at = 0; at < items.length; ) {
    const { period, times } = repetition(items, at);
    const end = at + period * times;
    if (times < FEWEST_REPETITIONS) folded.push(items[at++]!);
    else {
      const middle = items.slice(at + 2 * period, end - period);
      folded.push(
        ...items.slice(at, at + 2 * period),
        again(middle, times - 3),
        ...items.slice(end - period, end),
      );
      at = end;
    }
  }
  return folded;
}

/** The shortest pattern from `at` on that repeats most. */
function repetition(items: readonly Item[], at: number): { period: number; times: number } {
  let best = { period: 1, times: 1 };
  for (let period = 1; period <= MAX_PATTERN_ROWS && at + period < items.length; period++) {
    let end = at + period;
    while (end < items.length && items[end]!.sign === items[end - period]!.sign) end += 1;
    const times = Math.floor((end - at) / period);
    if (times >= FEWEST_REPETITIONS && times * period > best.times * best.period) best = { period, times };
  }
  return best;
}

function again(middle: readonly Item[], times: number): Item {
  const trips = new Set(
    middle.filter(({ kind, trip }) => kind === 'request' && trip > 0).map(({ trip }) => trip),
  ).size;
  const row = fold(middle, '');
  row.label = `… the same ${number(times)} more times${trips > 1 ? `: ${number(trips)} trips` : ''}`;
  return row;
}

function fold(hidden: readonly Item[] | readonly WireRow[], what: string): Item {
  const items = hidden as readonly Item[];
  const first = items[0]!;
  const count = items.reduce((sum, one) => sum + one.count, 0);
  const bytes = items.reduce((sum, one) => sum + one.bytes, 0);
  const sameTrip = items.every(({ trip }) => trip === first.trip);
  const { server, at, sign } = first;
  return {
    kind: 'fold',
    server,
    label: `… ${number(count)} more ${what}`.trim(),
    bytes,
    trip: sameTrip ? first.trip : 0,
    at,
    error: items.some(({ error }) => error),
    sign: `fold ${sign}`,
    count,
  };
}

/** @example number(1234567) // '1,234,567' */
export function number(value: number): string {
  return value.toLocaleString('en-US');
}

/** @example size(812) // '812 B'; size(3_000_000) // '3.0 MB' */
export function size(bytes: number): string {
  if (bytes < 10_000) return `${number(bytes)} B`;
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
