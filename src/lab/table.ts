import Table from 'cli-table3';
import { escapeHtml } from '../../kit/base/html.ts';
import { display, type Shown } from './display.ts';
import { page } from './html-page.ts';

/** A row of a result: a MySQL row, a Redis hash, any plain object. */
export type Row = object;

export interface TableOptions {
  /** A line above the table. */
  title?: string;
  /** Columns in order; default those of the rows in the order in which they turn up. */
  columns?: readonly string[];
  /** Rows shown at most, default 20; what is left out is said. */
  limit?: number;
  /** Characters of a cell shown at most, default 80. */
  cellLimit?: number;
}

/**
 * Shows rows as a table, in the notebook as HTML, in the terminal as text. Everything is escaped and bounded, so any
 * data may be shown.
 *
 * @example table([{ id: 1, name: 'Ada Lovelace', spent: '10396.96' }], { title: 'Highest spenders' });
 */
export function table(rows: readonly Row[], options: TableOptions = {}): void {
  display(renderTable(rows, options));
}

/** Both forms of a table, to be shown by `display()` or put into a larger one. */
export function renderTable(rows: readonly Row[], options: TableOptions = {}): Shown {
  const { title, limit = 20, cellLimit = 80 } = options;
  const shown = rows.slice(0, limit);
  const columns = options.columns ?? [...new Set(shown.flatMap((row) => Object.keys(row)))];
  const cells = shown.map((row) =>
    columns.map((name) => cell((row as Record<string, unknown>)[name], cellLimit)),
  );
  const numeric = columns.map(
    (_, at) => cells.length > 0 && cells.every((row) => /^(-?[\d,.]+|NULL|)$/.test(row[at]!)),
  );
  const left = rows.length - shown.length;
  const more =
    left > 0 ? `${left.toLocaleString('en')} more of ${rows.length.toLocaleString('en')} rows not shown` : '';
  if (columns.length === 0) {
    const text = [title, rows.length === 0 ? 'No rows.' : 'Rows without fields.'].filter(Boolean).join('\n');
    return { text, html: page(`<div>${escapeHtml(text)}</div>`) };
  }
  return {
    text: [title, asText({ columns, cells, numeric }), more].filter(Boolean).join('\n'),
    html: page(asHtml({ title, columns, cells, numeric, more })),
  };
}

interface Grid {
  columns: readonly string[];
  cells: string[][];
  numeric: boolean[];
}

function asText({ columns, cells, numeric }: Grid): string {
  const drawn = new Table({
    head: columns.map((name) => visible(name)),
    style: { head: [], border: [], compact: true },
    colAligns: numeric.map((right) => (right ? 'right' : 'left')),
  });
  drawn.push(...cells);
  return drawn.toString();
}

function asHtml({ title, columns, cells, numeric, more }: Grid & { title?: string; more: string }): string {
  const align = (at: number) => `text-align:${numeric[at] ? 'right' : 'left'}`;
  const edge = 'padding:.2rem .7rem;border-bottom:1px solid var(--sl-line)';
  const head = columns.map(
    (name, at) => `<th scope="col" style="${edge};${align(at)}">${escapeHtml(visible(name))}</th>`,
  );
  const body = cells.map((row) => {
    const columnsOf = row.map(
      (text, at) =>
        `<td style="${edge};${align(at)};font-variant-numeric:tabular-nums">${escapeHtml(text)}</td>`,
    );
    return `<tr style="background:none">${columnsOf.join('')}</tr>`;
  });
  return (
    '<div style="overflow-x:auto"><table style="border-collapse:collapse;margin:0;color:inherit;font-size:13px">' +
    (title
      ? `<caption style="caption-side:top;text-align:left;font-weight:600;color:inherit">${escapeHtml(title)}</caption>`
      : '') +
    `<thead><tr>${head.join('')}</tr></thead><tbody>${body.join('')}</tbody></table></div>` +
    (more ? `<div class="sl-soft">${more}</div>` : '')
  );
}

/** A value as one line of at most `limit` characters. */
function cell(value: unknown, limit: number): string {
  if (value === undefined) return '';
  if (value === null) return 'NULL';
  let text: string;
  if (typeof value === 'string') text = value;
  else if (value instanceof Date) text = value.toISOString();
  else if (Buffer.isBuffer(value)) text = `<${value.length} bytes>`;
  else if (typeof value === 'object') text = asJson(value);
  else text = String(value);
  const characters = [...visible(text.slice(0, limit * 4))];
  return characters.length > limit || text.length > limit * 4
    ? `${characters.slice(0, limit - 1).join('')}…`
    : characters.join('');
}

function asJson(value: object): string {
  try {
    return (
      JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? String(inner) : inner)) ??
      String(value)
    );
  } catch {
    return '[circular]';
  }
}

/** Control characters, which could move a terminal's cursor or turn text round, in a form that one sees. */
function visible(text: string): string {
  return text
    .replaceAll('\n', '⏎')
    .replaceAll(/[\u202a-\u202e\u2066-\u2069]/g, '�')
    .replaceAll(/\p{Cc}/gu, (character) => {
      const code = character.codePointAt(0)!;
      return code < 32 ? String.fromCodePoint(0x2400 + code) : '␡';
    });
}
