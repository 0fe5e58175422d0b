/**
 * A table in Markdown, so that it can go into bench/README.md as it was printed. The first row holds the titles.
 *
 * @example table([['what', 'time'], ['reset', '3.1 ms']])
 */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(3, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (cells: readonly string[], fill = ' ') =>
    `| ${widths.map((width, i) => (cells[i] ?? '').padEnd(width, fill)).join(' | ')} |`;
  const [titles, ...rest] = rows;
  return [line(titles!), line([], '-'), ...rest.map((row) => line(row))].join('\n');
}
