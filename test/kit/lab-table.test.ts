import { describe, expect, it } from 'vitest';
import { renderTable, table } from '../../src/lab/table.ts';
import { stdoutOf } from './support/notebook.ts';

describe('table()', () => {
  it('aligns wide and narrow characters and puts numbers right', async () => {
    const rows = [
      { id: 1, name: '湯川秀樹', total: '99999999.99' },
      { id: 22, name: 'Ada', total: '0.30' },
    ];
    expect(await stdoutOf(() => table(rows, { title: 'Users' }))).toBe(
      [
        'Users',
        '┌────┬──────────┬─────────────┐',
        '│ id │ name     │       total │',
        '├────┼──────────┼─────────────┤',
        '│  1 │ 湯川秀樹 │ 99999999.99 │',
        '│ 22 │ Ada      │        0.30 │',
        '└────┴──────────┴─────────────┘',
        '',
      ].join('\n'),
    );
  });
});

describe('renderTable()', () => {
  it('escapes every value, name and title', () => {
    const { html } = renderTable([{ '<i>': '<script>alert(1)</script>', b: `"'&` }], { title: '<u>' });
    expect(html).not.toMatch(/<(script|i|u)>/);
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(html).toContain('&quot;&#39;&amp;');
  });

  it('shows control characters in place of obeying them', () => {
    const { text } = renderTable([{ a: '\x1b[2Jx\ny\u202e' }]);
    expect(text).toContain('␛[2Jx⏎y');
    for (const control of ['\x1b', '\u202e']) expect(text).not.toContain(control);
  });

  it('says how many rows it left out', () => {
    const rows = Array.from({ length: 1234 }, (_, id) => ({ id }));
    const { text, html } = renderTable(rows, { limit: 5 });
    expect(text).toContain('1,229 more of 1,234 rows not shown');
    expect(html).toContain('1,229 more of 1,234 rows not shown');
    expect(text.split('\n')).toHaveLength(5 + 4 + 1);
  });

  it('cuts long cells, whole characters only', () => {
    const { text } = renderTable([{ a: '🚀'.repeat(200), b: 'x'.repeat(1_000_000) }], { cellLimit: 10 });
    expect(text).toContain(`${'🚀'.repeat(9)}…`);
    expect(text).toContain(`${'x'.repeat(9)}…`);
    expect(text).not.toContain('\ufffd');
  });

  it('shows null, nothing, dates, bytes, objects and big integers', () => {
    const loop: { self?: unknown } = {};
    loop.self = loop;
    const row = {
      a: null,
      b: undefined,
      c: new Date(0),
      d: Buffer.from('abc'),
      e: { f: 1n },
      g: 10n ** 20n,
      h: loop,
    };
    const line = renderTable([row]).text.split('\n')[3]!;
    expect(line.split('│').map((cell) => cell.trim())).toEqual([
      '',
      'NULL',
      '',
      '1970-01-01T00:00:00.000Z',
      '<3 bytes>',
      '{"f":"1"}',
      '100000000000000000000',
      '[circular]',
      '',
    ]);
  });

  it('takes columns that only some rows have, a choice of columns, and no rows', () => {
    expect(renderTable([{ a: 1 }, { b: 2 }]).text).toContain('│ a │ b │');
    expect(renderTable([{ a: 1, b: 2 }], { columns: ['b'] }).text).not.toContain('a');
    expect(renderTable([]).text).toBe('No rows.');
  });
});
