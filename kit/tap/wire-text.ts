import type { TapEvent, TapServer } from './tap.ts';
import { size, type WireRow, wireRows } from './wire-rows.ts';

/**
 * Draws what crossed the network as a sequence diagram in text, one line an arrow, long runs folded.
 *
 * @param options.width columns at most, default 100 (at least 50)
 * @example
 * //          client                          redis
 * //  trip 1  ├─ HSET order:1 id 1 ─── 54 B ─▶│
 * //          │◀─ 1 ────────────────── 4 B ───┤
 */
export function renderWireText(
  events: readonly TapEvent[],
  { width = 100 }: { width?: number } = {},
): string {
  const rows = wireRows(events);
  if (rows.length === 0) return 'Nothing crossed the network.';
  const gutter = ` trip ${Math.max(...rows.map(({ trip }) => trip))}  `.length;
  const columns = place(rows, Math.max(50, width) - gutter);
  const lines = [heading(columns, gutter)];
  let trip = 0;
  for (const row of rows) {
    const starts = row.trip > 0 && row.trip !== trip;
    if (starts) trip = row.trip;
    lines.push((starts ? ` trip ${trip}` : '').padEnd(gutter) + line(row, columns));
  }
  return lines.map((text) => text.trimEnd()).join('\n');
}

/** Where each server's lifeline is, counted from the client's. */
type Columns = Partial<Record<TapServer, number>>;

function place(rows: readonly WireRow[], width: number): Columns {
  const last = width - 5;
  const servers = (['redis', 'mysql'] as const).filter((server) => rows.some((row) => row.server === server));
  if (servers.length === 2) return { redis: Math.floor(last * 0.75), mysql: last };
  return { [servers[0]!]: last };
}

function heading(columns: Columns, gutter: number): string {
  let text = `${' '.repeat(gutter - 2)}client`;
  for (const [server, at] of Object.entries(columns)) text = text.padEnd(gutter + at - 2) + server;
  return text;
}

function line(row: WireRow, columns: Columns): string {
  const end = columns[row.server]!;
  const others = Object.values(columns).filter((at) => at > end);
  const arrow = row.kind === 'fold' ? folded(row, columns) : drawn(row, end);
  return others.reduce((text, at) => `${text.padEnd(at)}│`, arrow);
}

function drawn(row: WireRow, end: number): string {
  const tail = ` ${size(row.bytes)} `;
  const room = end - 5 - tail.length;
  const label = shorten(row.label, room - 3);
  const dash = row.kind === 'request' ? '─' : '╌';
  const middle = `${label} ${dash.repeat(Math.max(0, room - label.length - 1))}${tail}`;
  return row.kind === 'request' ? `├─ ${middle}─▶│` : `│◀ ${middle}${dash}╌┤`;
}

function folded(row: WireRow, columns: Columns): string {
  const last = Math.max(...Object.values(columns));
  const label = shorten(`${row.label} (${size(row.bytes)})`, (columns.redis ?? last) - 3);
  const marks = Object.values(columns);
  return marks.reduce((text, at) => `${text.padEnd(at)}┊`, `┊  ${label}`).slice(0, columns[row.server]! + 1);
}

/** At most `most` columns of a text; wide characters count as two. */
export function shorten(text: string, most: number): string {
  let width = 0;
  let kept = '';
  for (const char of text) {
    const wide =
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\u{1f300}-\u{1faff}]/u.test(
        char,
      )
        ? 2
        : 1;
    width += wide;
    if (width > most) return `${kept.slice(0, Math.max(0, kept.length - 1))}…`;
    kept += char;
  }
  return kept;
}
