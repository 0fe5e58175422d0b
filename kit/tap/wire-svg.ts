import { escapeHtml } from '../base/html.ts';
import type { TapEvent, TapServer } from './tap.ts';
import { printable } from './text-capture.ts';
import { size, type WireRow, wireRows } from './wire-rows.ts';
import { shorten } from './wire-text.ts';

const WIDTH = 860;
const CLIENT = 92;
const ROW = 24;
const TOP = 52;
/** Width of a character of the 12 pixel monospaced font. */
const CHARACTER = 7.25;

/** Colours that can be read on white and on black; a notebook's or VS Code's own background and ink win over ours. */
const style = `
.slw-paper{fill:var(--jp-layout-color1,var(--vscode-editor-background,#fcfbf8))}
.slw-ink{fill:var(--jp-ui-font-color1,var(--vscode-editor-foreground,#24292f))}`;
const colours: Record<TapServer, string> = { redis: '#d2483e', mysql: '#2f86b8' };
const titles: Record<TapServer, string> = { redis: 'Redis', mysql: 'MySQL' };
const GREY = '#8b949e';
const INK = '#24292f';
const PAPER = '#fcfbf8';

/**
 * Draws what crossed the network as an SVG sequence diagram: solid arrows are requests, dashed ones replies, a band is
 * a trip. Long runs are folded. Texts of the transcript are escaped.
 */
export function renderWireSvg(events: readonly TapEvent[]): string {
  const rows = wireRows(events);
  const columns = place(rows);
  const height = TOP + Math.max(1, rows.length) * ROW + 16;
  const trips = Math.max(0, ...rows.map(({ trip }) => trip));
  const title =
    rows.length === 0 ? 'Nothing crossed the network' : `What crossed the network, in ${trips} round trips`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img"`,
    ` style="max-width:100%;height:auto" font-family="ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="12">`,
    `<title>${title}</title><style>${style}</style>`,
    `<rect class="slw-paper" fill="${PAPER}" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="8" stroke="${GREY}" stroke-opacity="0.45"/>`,
    bands(rows),
    lifelines(columns, height),
    rows.length === 0 ? text(title, { x: CLIENT + 16, y: TOP + 16 }) : '',
    ...rows.map((row, index) => (row.kind === 'fold' ? folded(row, index) : arrow(row, { index, columns }))),
    '</svg>',
  ].join('');
}

type Columns = Partial<Record<TapServer, number>>;

function place(rows: readonly WireRow[]): Columns {
  const used = (['redis', 'mysql'] as const).filter((server) => rows.some((row) => row.server === server));
  if (used.length === 2) return { redis: 610, mysql: WIDTH - 48 };
  return used[0] ? { [used[0]]: WIDTH - 48 } : {};
}

/** A shaded band, with its number, behind each group of rows of one trip; every second one is darker. */
function bands(rows: readonly WireRow[]): string {
  let drawn = '';
  let named = 0;
  for (let at = 0; at < rows.length; ) {
    const { trip } = rows[at]!;
    let end = at + 1;
    while (end < rows.length && rows[end]!.trip === trip) end += 1;
    const y = TOP + at * ROW;
    if (trip > 0) {
      const shade = trip % 2 ? 0.13 : 0.05;
      drawn += `<rect x="8" y="${y + 1}" width="${WIDTH - 16}" height="${(end - at) * ROW - 2}" rx="5" fill="${GREY}" fill-opacity="${shade}"/>`;
      if (trip !== named) drawn += text(`trip ${trip}`, { x: 18, y: y + 16, weight: 600 });
      named = trip;
    }
    at = end;
  }
  return drawn;
}

function lifelines(columns: Columns, height: number): string {
  const one = (x: number, name: string, colour: string) =>
    `<line x1="${x}" y1="40" x2="${x}" y2="${height - 10}" stroke="${colour}" stroke-opacity="0.4"/>` +
    `<rect x="${x - 34}" y="12" width="68" height="26" rx="6" fill="${colour}"/>` +
    `<text x="${x}" y="29" text-anchor="middle" fill="#fff" font-weight="600">${name}</text>`;
  const servers = Object.entries(columns) as [TapServer, number][];
  return (
    one(CLIENT, 'client', '#59636e') +
    servers.map(([server, x]) => one(x, titles[server], colours[server])).join('')
  );
}

function arrow(row: WireRow, { index, columns }: { index: number; columns: Columns }): string {
  const colour = row.error ? '#c9510c' : colours[row.server];
  const to = columns[row.server]!;
  const y = TOP + index * ROW + 19;
  const request = row.kind === 'request';
  const [tip, wing] = request ? [to - 1, to - 9] : [CLIENT + 1, CLIENT + 9];
  const dashes = request ? '' : ' stroke-dasharray="5 4"';
  const bytes = size(row.bytes);
  const room = Math.floor((to - CLIENT - 34) / CHARACTER) - bytes.length;
  return (
    `<line x1="${CLIENT + 4}" y1="${y}" x2="${to - 4}" y2="${y}" stroke="${colour}" stroke-width="1.4"${dashes}/>` +
    `<path d="M${tip} ${y}L${wing} ${y - 4}V${y + 4}Z" fill="${colour}"/>` +
    text(shorten(row.label, room), { x: CLIENT + 14, y: y - 5 }) +
    `<text x="${to - 12}" y="${y - 5}" text-anchor="end" fill="${GREY}" font-size="11">${bytes}</text>`
  );
}

function folded(row: WireRow, index: number): string {
  const label = `${row.label} (${size(row.bytes)})`;
  return text(label, { x: CLIENT + 14, y: TOP + index * ROW + 15, italic: true });
}

function text(value: string, given: { x: number; y: number; weight?: number; italic?: boolean }): string {
  const weight = given.weight ? ` font-weight="${given.weight}"` : '';
  const italic = given.italic ? ' font-style="italic" fill-opacity="0.75"' : '';
  return `<text class="slw-ink" x="${given.x}" y="${given.y}" fill="${INK}"${weight}${italic}>${escapeHtml(printable(value))}</text>`;
}
