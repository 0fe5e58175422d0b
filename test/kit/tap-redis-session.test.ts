import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RedisSession } from '../../kit/tap/redis-session.ts';
import { Refused } from '../../kit/tap/refused.ts';
import { cut, read, report, resp, type Script, sizes } from './support/wire-bytes.ts';

const open = () => new RedisSession();
const whole = [1 << 30];

/** Any RESP3 value that a Redis may send as a reply, as bytes. */
const value = fc.letrec<{ any: Buffer; leaf: Buffer; bulk: Buffer }>((tie) => ({
  bulk: fc
    .uint8Array({ maxLength: 200 })
    .map((body) => Buffer.concat([Buffer.from(`$${body.length}\r\n`), body, Buffer.from('\r\n')])),
  leaf: fc.oneof(
    tie('bulk'),
    fc
      .constantFrom(
        '+OK',
        '-ERR no',
        ':42',
        '_',
        '#t',
        '#f',
        ',1.5',
        ',inf',
        '(12345678901234567890',
        '$-1',
        '*-1',
        '*0',
        '%0',
        '~0',
      )
      .map((line) => Buffer.from(`${line}\r\n`)),
    fc.constant(Buffer.from('=7\r\ntxt:a\r\n\r\n')),
    fc.constant(Buffer.from('!5\r\nERR x\r\n')),
  ),
  any: fc.oneof(
    { depthSize: 'small' },
    tie('leaf'),
    fc
      .array(tie('any'), { maxLength: 4 })
      .map((list) => Buffer.concat([Buffer.from(`*${list.length}\r\n`), ...list])),
    fc
      .array(tie('any'), { maxLength: 4 })
      .map((list) => Buffer.concat([Buffer.from(`~${list.length}\r\n`), ...list])),
    fc
      .array(fc.tuple(tie('leaf'), tie('any')), { maxLength: 3 })
      .map((map) => Buffer.concat([Buffer.from(`%${map.length}\r\n`), ...map.flat()])),
    fc
      .tuple(tie('leaf'), tie('leaf'), tie('any'))
      .map(([k, v, of]) => Buffer.concat([Buffer.from('|1\r\n'), k, v, of])),
  ),
})).any;

const hello3: Script = [
  ['client', resp('HELLO', '3')],
  ['server', Buffer.from('%1\r\n+proto\r\n:3\r\n')],
];

describe('RedisSession', () => {
  it('reports the same events however the bytes are cut into chunks', () => {
    const push = Buffer.from('>2\r\n+invalidate\r\n*1\r\n$1\r\na\r\n');
    const exchange = fc.array(
      fc.tuple(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 100 }), { minLength: 1, maxLength: 20 }),
        value,
        fc.boolean(),
      ),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(exchange, sizes, (list, chunkSizes) => {
        const script: Script = [
          ...hello3,
          ['client', Buffer.concat(list.map(([args]) => resp('GET', ...args)))],
          ['server', Buffer.concat(list.flatMap(([, reply, pushed]) => (pushed ? [push, reply] : [reply])))],
        ];
        const expected = report(open, script, whole);
        expect(report(open, script, chunkSizes)).toEqual(expected);
        expect(expected.filter((line) => line.startsWith('< '))).toHaveLength(list.length + 1);
        expect(expected.filter((line) => line.startsWith('! '))).toHaveLength(
          list.filter(([, , pushed]) => pushed).length,
        );
        expect(expected.at(-1)).toBe('open 0');
      }),
      { numRuns: 300 },
    );
  });

  it('accounts for every byte of requests and replies', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 10 }), (replies) => {
        const session = open();
        for (const _ of replies) read(session, 'client', resp('GET', 'a'));
        const sizesOf = [...session.replies(Buffer.concat(replies))].map((received) =>
          'reply' in received ? received.reply.bytes : 0,
        );
        expect(sizesOf.reduce((a, b) => a + b)).toBe(Buffer.concat(replies).length);
      }),
    );
  });

  it('only ever refuses garbage, and never fails on it', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.uint8Array({ maxLength: 300 }),
        sizes,
        (sent, received, chunkSizes) => {
          for (const start of ['', '*2\r\n$', '%2\r\n*3\r\n']) {
            const session = open();
            const head = Buffer.from(start);
            expectOnlyRefused(() => {
              for (const chunk of cut(Buffer.concat([head, sent]), chunkSizes))
                read(session, 'client', chunk);
            });
            expectOnlyRefused(() => {
              for (const chunk of cut(Buffer.concat([head, received]), chunkSizes))
                read(session, 'server', chunk);
            });
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each([
    ['PING\r\n', 'inline commands cannot be counted'],
    ['\x16\x03\x01\x02', 'TLS cannot be counted'],
    ['*1\r\n:1\r\n', 'a request is an array of strings'],
    ['*1\r\n$-1\r\n', 'invalid length'],
    ['*9999999999\r\n', 'invalid length'],
    ['*3\r\n$6\r\nCLIENT\r\n$5\r\nREPLY\r\n$3\r\nOFF\r\n', 'CLIENT REPLY'],
    ['*3\r\n$5\r\nPSYNC\r\n$1\r\n?\r\n$2\r\n-1\r\n', 'replication'],
  ])('refuses %j', (bytes, reason) => {
    expect(() => read(open(), 'client', Buffer.from(bytes, 'latin1'))).toThrow(reason);
  });

  it('takes HELLO, AUTH, SELECT, CLIENT and the first INFO for set-up, and hides passwords', () => {
    const requests = [
      ['HELLO', '3', 'AUTH', 'u', 'secret'],
      ['AUTH', 'secret'],
      ['SELECT', '1'],
      ['client', 'setname', 'x'],
      ['info'],
      ['info'],
      ['INFO', 'memory'],
      ['*0'],
    ];
    const lines = report(
      open,
      [['client', Buffer.concat([...requests.slice(0, 7).map((r) => resp(...r)), Buffer.from('*0\r\n')])]],
      whole,
    );
    expect(lines.filter((line) => line.includes('setup'))).toHaveLength(5);
    expect(lines.filter((line) => line.startsWith('> INFO') && !line.includes('setup'))).toHaveLength(2);
    expect(lines.join()).not.toContain('secret');
    expect(lines.at(-1)).toBe('open 7');
  });

  it.each([
    ['BLPOP', 'q', '0'],
    ['BZPOPMIN', 'q', '0'],
    ['XREAD', 'COUNT', '1', 'BLOCK', '0', 'STREAMS', 's', '$'],
    ['xreadgroup', 'GROUP', 'g', 'c', 'block', '0', 'STREAMS', 's', '>'],
    ['SUBSCRIBE', 'a'],
  ])('takes %s for blocking', (...args) => {
    expect(report(open, [['client', resp(...args)]], whole)[0]).toContain('blocking');
  });

  it('does not take an XREAD of a stream called block for blocking', () => {
    expect(report(open, [['client', resp('XREAD', 'STREAMS', 'BLOCK', '0')]], whole)[0]).not.toContain(
      'blocking',
    );
  });

  it('matches subscriptions and messages in RESP2', () => {
    const confirm = (kind: string, channel: string, n: number) =>
      Buffer.concat([Buffer.from('*3\r\n'), bulk(kind), bulk(channel), Buffer.from(`:${n}\r\n`)]);
    const message = Buffer.concat([Buffer.from('*3\r\n'), bulk('message'), bulk('a'), bulk('hi')]);
    const lines = report(
      open,
      [
        [
          'client',
          Buffer.concat([
            resp('SUBSCRIBE', 'a', 'b'),
            resp('PING'),
            resp('UNSUBSCRIBE', 'a', 'b'),
            resp('LRANGE', 'l', '0', '1'),
          ]),
        ],
        [
          'server',
          Buffer.concat([confirm('subscribe', 'a', 1), message, confirm('subscribe', 'b', 2), message]),
        ],
        [
          'server',
          Buffer.concat([
            Buffer.from('*2\r\n$4\r\npong\r\n$0\r\n\r\n'),
            confirm('unsubscribe', 'a', 1),
            confirm('unsubscribe', 'b', 0),
          ]),
        ],
        ['server', Buffer.concat([Buffer.from('*2\r\n'), bulk('message'), bulk('x')])],
      ],
      whole,
    );
    expect(lines.filter((line) => line.startsWith('<')).map((line) => line.split(' ').slice(1, 3))).toEqual([
      ['1', 'SUBSCRIBE'],
      ['2', 'PING'],
      ['3', 'UNSUBSCRIBE'],
      ['4', 'LRANGE'],
    ]);
    expect(lines.filter((line) => line.startsWith('! message'))).toHaveLength(2);
  });

  it('matches subscriptions, messages and other replies in RESP3', () => {
    const lines = report(
      open,
      [
        ...hello3,
        ['client', Buffer.concat([resp('SUBSCRIBE', 'a', 'b'), resp('GET', 'k')])],
        [
          'server',
          Buffer.from('>3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n>3\r\n$9\r\nsubscribe\r\n$1\r\nb\r\n:2\r\n'),
        ],
        ['server', Buffer.from('>3\r\n$7\r\nmessage\r\n$1\r\na\r\n$2\r\nhi\r\n$1\r\nv\r\n')],
      ],
      whole,
    );
    expect(lines.slice(2)).toEqual([
      '> SUBSCRIBE a b 33 blocking',
      '> GET k 20',
      '! subscribe a 1 30',
      '< 2 SUBSCRIBE 30 rows=0 [3] subscribe b 2',
      '! message a hi 32',
      '< 3 GET 7 rows=0 v',
      'rows 0',
      'open 0',
    ]);
  });

  it('names the first error inside the reply of an EXEC', () => {
    const lines = report(
      open,
      [
        ['client', resp('EXEC')],
        ['server', Buffer.from('*2\r\n+OK\r\n-WRONGTYPE no\r\n')],
      ],
      whole,
    );
    expect(lines[1]).toContain('error=WRONGTYPE no');
  });

  it('keeps no more than the beginning of a 3 MB value', () => {
    const lines = report(open, [['client', resp('SET', 'k', Buffer.alloc(3_000_000, 120))]], [777]);
    expect(lines[0]).toContain('… (3000000 bytes)');
    expect(lines[0]!.length).toBeLessThan(200);
  });
});

function bulk(text: string): Buffer {
  return Buffer.from(`$${text.length}\r\n${text}\r\n`);
}

function expectOnlyRefused(act: () => void): void {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(Refused);
  }
}
