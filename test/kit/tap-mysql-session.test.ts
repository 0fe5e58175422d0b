import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MysqlSession } from '../../kit/tap/mysql-session.ts';
import { Refused } from '../../kit/tap/refused.ts';
import {
  command,
  connected,
  error,
  flag,
  greeting,
  login,
  ok,
  prepared,
  resultSet,
  textRow,
} from './support/mysql-bytes.ts';
import { cut, packet, read, report, type Script, sizes } from './support/wire-bytes.ts';

const open = () => new MysqlSession();
const whole = [1 << 30];

describe('MysqlSession', () => {
  it('reports the same events however the bytes are cut into chunks', () => {
    const row = fc
      .array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 4 })
      .map((values) => textRow(...values));
    const result = fc.record({
      rows: fc.array(row, { maxLength: 20 }),
      columns: fc.integer({ min: 1, max: 300 }),
    });
    fc.assert(
      fc.property(
        fc.array(result, { maxLength: 6 }),
        fc.boolean(),
        sizes,
        (results, deprecateEof, chunkSizes) => {
          const script: Script = [
            ...connected(deprecateEof ? flag.DEPRECATE_EOF : 0),
            ...results.flatMap(
              ({ rows, columns }): Script => [
                ['client', command(3, 'SELECT 1')],
                ['server', resultSet(rows, { columns, deprecateEof })],
                ['client', command(14)],
                ['server', ok()],
                ['client', command(3, 'oops')],
                ['server', error('no')],
              ],
            ),
          ];
          const expected = report(open, script, whole);
          expect(report(open, script, chunkSizes)).toEqual(expected);
          const rows = results.reduce((sum, { rows }) => sum + rows.length, 0);
          expect(expected.slice(-2)).toEqual([`rows ${rows}`, 'open 0']);
          expect(expected.filter((line) => line.includes('error=no (1064)'))).toHaveLength(results.length);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('only ever refuses garbage, and never fails on it', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 400 }),
        fc.uint8Array({ maxLength: 400 }),
        sizes,
        (sent, received, chunkSizes) => {
          for (const start of [
            [],
            connected(flag.DEPRECATE_EOF),
            [...connected(0), ['client', command(22, 'x')] as const],
          ]) {
            const session = open();
            expectOnlyRefused(() => {
              for (const [side, bytes] of start) read(session, side, bytes);
              for (const chunk of cut(received, chunkSizes)) read(session, 'server', chunk);
            });
            expectOnlyRefused(() => {
              for (const chunk of cut(sent, chunkSizes)) read(session, 'client', chunk);
            });
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each([false, true])(
    'counts PREPARE and EXECUTE, parameters and binary rows (deprecated EOF: %s)',
    (deprecateEof) => {
      const id = Buffer.from([7, 0, 0, 0]);
      const binaryRows = [Buffer.from([0, 0, 1]), Buffer.from([0, 0, 2])];
      const lines = report(
        open,
        [
          ...connected(deprecateEof ? flag.DEPRECATE_EOF : 0),
          ['client', command(22, 'SELECT ?, ?')],
          ['server', prepared(7, { parameters: 2, columns: 2, deprecateEof })],
          ['client', command(24, Buffer.concat([id, Buffer.from('long')]))],
          ['client', command(23, id)],
          ['server', resultSet(binaryRows, { columns: 2, deprecateEof })],
          ['client', command(25, id)],
          ['client', command(22, 'DO 1')],
          ['server', prepared(8, { parameters: 0, columns: 0, deprecateEof })],
        ],
        [13],
      );
      expect(
        lines.filter((line) => line.startsWith('>')).map((line) => line.replace(/ \d+( silent)?$/, '$1')),
      ).toEqual([
        '> LOGIN 68 setup',
        '> PREPARE SELECT ?, ?',
        '> SEND_LONG_DATA SELECT ?, ? silent',
        '> EXECUTE SELECT ?, ?',
        '> CLOSE_STATEMENT SELECT ?, ? silent',
        '> PREPARE DO 1',
      ]);
      expect(lines.slice(-2)).toEqual(['rows 2', 'open 0']);
    },
  );

  it('follows several results of one command', () => {
    const row = [textRow('1')];
    const lines = report(
      open,
      [
        ...connected(0),
        ['client', command(3, 'CALL p()')],
        ['server', resultSet(row, { columns: 1, deprecateEof: false, more: true })],
        ['server', resultSet(row, { columns: 1, deprecateEof: false, more: true })],
        ['server', ok()],
      ],
      whole,
    );
    expect(lines.filter((line) => line.startsWith('<')).at(-1)).toMatch(/^< 2 QUERY \d+ rows=2 /);
    expect(lines.at(-1)).toBe('open 0');
  });

  it('tells a long row that begins with 0xfe from the end of the rows, and joins packets of 16 MB', () => {
    const row = Buffer.concat([Buffer.from([0xfe]), Buffer.alloc(8 + 0x1000000, 0)]);
    row.writeUIntLE(0x1000000, 1, 6);
    const session: Script = [
      ...connected(flag.DEPRECATE_EOF),
      ['client', command(3, `INSERT ${'x'.repeat(0xffffff)}`)],
      ['server', ok()],
      ['client', command(3, 'SELECT')],
      ['server', resultSet([row, textRow('a')], { columns: 1, deprecateEof: true })],
    ];
    const lines = report(open, session, [65536]);
    expect(lines).toEqual(report(open, session, whole));
    expect(lines.filter((line) => line.startsWith('>'))).toHaveLength(3);
    expect(lines.slice(-2)).toEqual(['rows 2', 'open 0']);
  });

  it('takes logging in, INIT_DB, CHANGE_USER, RESET_CONNECTION and QUIT for set-up', () => {
    const lines = report(
      open,
      [
        ...connected(0),
        ['client', command(2, 'shop')],
        ['server', ok()],
        ['client', command(17, 'user')],
        [
          'server',
          packet(Buffer.concat([Buffer.from([0xfe]), Buffer.from('mysql_native_password\0salt')]), 1),
        ],
        ['client', packet(Buffer.from('token'), 2)],
        ['server', ok()],
        ['client', command(31)],
        ['server', ok()],
        ['client', command(1)],
      ],
      [5],
    );
    expect(lines.filter((line) => line.startsWith('>') && !line.includes('setup'))).toEqual([]);
    expect(lines.filter((line) => line.startsWith('>'))).toHaveLength(5);
    expect(lines.at(-1)).toBe('open 0');
  });

  it('reads the SQL behind query attributes', () => {
    const attributes = Buffer.concat([
      Buffer.from([2, 1, 0, 1]),
      Buffer.from([0xfd, 0, 1, 97, 8, 0, 1, 98]),
      Buffer.from([3, 120, 121, 122, 1, 0, 0, 0, 0, 0, 0, 0]),
      Buffer.from('SELECT 1'),
    ]);
    const script: Script = [
      ...connected(flag.QUERY_ATTRIBUTES),
      ['client', command(3, attributes)],
      ['server', ok()],
      ['client', command(3, Buffer.concat([Buffer.from([0, 1]), Buffer.from('SELECT 2')]))],
    ];
    const sent = report(open, script, whole).filter((line) => line.startsWith('> QUERY'));
    expect(sent.map((line) => line.slice(8, 16))).toEqual(['SELECT 1', 'SELECT 2']);
  });

  it.each([
    ['TLS', flag.SSL],
    ['compression', flag.COMPRESS],
    ['multipleStatements', flag.MULTI_STATEMENTS],
  ])('refuses %s', (reason, wanted) => {
    const session = open();
    read(session, 'server', greeting());
    expect(() => read(session, 'client', login(wanted))).toThrow(reason);
    const answer = session.error('tap: no');
    expect([answer[3], answer[4]]).toEqual([2, 0xff]);
  });

  it('refuses LOAD DATA LOCAL INFILE, switching to several statements, and replication', () => {
    const start = () => {
      const session = open();
      for (const [side, bytes] of connected(0)) read(session, side, bytes);
      return session;
    };
    const loading = start();
    read(loading, 'client', command(3, 'LOAD DATA LOCAL INFILE'));
    expect(() => read(loading, 'server', packet(Buffer.from([0xfb, 120]), 1))).toThrow('LOAD DATA');
    expect(() => read(start(), 'client', command(27, Buffer.from([0, 0])))).toThrow('multipleStatements');
    expect(() => read(start(), 'client', command(18))).toThrow('18');
  });
});

function expectOnlyRefused(act: () => void): void {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(Refused);
  }
}
