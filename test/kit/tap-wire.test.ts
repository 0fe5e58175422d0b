import { describe, expect, it } from 'vitest';
import type { TapEvent } from '../../kit/tap/tap.ts';
import { Transcript } from '../../kit/tap/transcript.ts';
import { renderWireSvg } from '../../kit/tap/wire-svg.ts';
import { renderWireText } from '../../kit/tap/wire-text.ts';

let clock = 0;
const event = (given: Partial<TapEvent>): TapEvent => ({
  kind: 'request',
  id: 1,
  server: 'redis',
  connection: 1,
  direction: 'sent',
  at: clock++,
  name: 'HSET',
  text: 'order:1 id 1',
  bytes: 54,
  depth: 1,
  setup: false,
  ...given,
});
const numbers = (n: number) => Array.from({ length: n }, (_, i) => i);
/** A request and its reply. */
const trip = (depth: number, request: Partial<TapEvent> = {}, reply: Partial<TapEvent> = {}) => [
  event({ depth, ...request }),
  event({ ...request, depth, kind: 'reply', direction: 'received', text: '1', bytes: 4, ...reply }),
];
const sync = [
  ...trip(
    1,
    { server: 'mysql', name: 'QUERY', text: 'SELECT id FROM orders' },
    { text: '1000 rows', rows: 1000 },
  ),
  ...numbers(1000).map((i) => event({ depth: 2, text: `order:${i} id ${i}` })),
  ...numbers(1000).map(() => event({ depth: 2, kind: 'reply', direction: 'received', text: '3', bytes: 4 })),
];
const hostile = trip(
  1,
  { text: '</text><script>alert("1")</script>&\u0000\u001b[31m' },
  { error: '<b>no</b>', text: '' },
);

describe('renderWireText()', () => {
  it('draws each request and reply, its bytes and its trip', () => {
    expect(
      renderWireText([...trip(1), ...trip(2, { name: 'GET', text: 'a' }, { error: 'WRONGTYPE no' })], {
        width: 60,
      }),
    ).toBe(
      [
        '       client                                        redis',
        ' trip 1  ├─ HSET order:1 id 1 ───────────────── 54 B ─▶│',
        '         │◀ 1 ╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌ 4 B ╌╌┤',
        ' trip 2  ├─ GET a ───────────────────────────── 54 B ─▶│',
        '         │◀ error: WRONGTYPE no ╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌ 4 B ╌╌┤',
      ].join('\n'),
    );
  });

  it('folds a pipeline of 1,000 and says what it holds', () => {
    const text = renderWireText(sync);
    expect(text.split('\n').length).toBeLessThan(15);
    expect(text).toContain('… 997 more HSET (53.8 kB)');
    expect(text).toContain('… 997 more replies (3,988 B)');
  });

  it('folds what repeats, as N+1 does, and keeps its first and last times', () => {
    const text = renderWireText(
      numbers(200).flatMap((i) => trip(i + 1, { name: 'HGETALL', text: `order:${i}` })),
    );
    expect(text.split('\n')).toHaveLength(1 + 4 + 1 + 2);
    expect(text).toContain('… the same 197 more times: 197 trips');
    expect(text).toContain(' trip 200  ├─ HGETALL order:199');
  });

  it('stays bounded when nothing repeats', () => {
    const many = numbers(3000).flatMap((i) => trip(i + 1, { name: `C${(i * i) % 997}` }));
    expect(renderWireText(many).split('\n').length).toBeLessThanOrEqual(121);
  });

  it.each([50, 80, 120])('keeps to a width of %i, its lifelines straight', (width) => {
    const lines = renderWireText([...sync, ...trip(3, { text: 'x'.repeat(500) })], { width }).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
    expect(new Set(lines.slice(1).map((line) => line.length)).size).toBe(1);
  });

  it('leaves control characters and set-up out', () => {
    const text = renderWireText([event({ name: 'HELLO', setup: true }), ...hostile]);
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}|HELLO/u);
    expect(text).toContain('error: <b>no</b>');
  });

  it('says so when nothing crossed', () => {
    expect(renderWireText([])).toBe('Nothing crossed the network.');
  });
});

describe('renderWireSvg()', () => {
  it('draws one arrow for each row of the text, and names both servers', () => {
    const svg = renderWireSvg(sync);
    expect(svg.match(/<path /g)).toHaveLength(2 + 3 + 3);
    expect(svg).toContain('>Redis</text>');
    expect(svg).toContain('>MySQL</text>');
    expect(svg).toContain('… 997 more HSET (53.8 kB)');
    expect(svg).toContain('<title>What crossed the network, in 2 round trips</title>');
  });

  it('escapes what clients sent', () => {
    const svg = renderWireSvg(hostile);
    expect(svg.replaceAll('\n', '')).not.toMatch(/<script|<b>|\p{Cc}/u);
    expect(svg).toContain('&lt;/text&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;');
  });

  it('opens and closes its elements in pairs', () => {
    for (const events of [[], sync, hostile]) {
      const open: string[] = [];
      for (const [, close, name, self] of renderWireSvg(events).matchAll(/<(\/?)(\w+)[^>]*?(\/?)>/g)) {
        if (close) expect(open.pop()).toBe(name);
        else if (!self) open.push(name!);
      }
      expect(open).toEqual([]);
    }
  });
});

describe('Transcript', () => {
  it('keeps the first and the last events in order, with a gap that counts the rest', () => {
    const transcript = new Transcript({ most: 10 });
    for (const id of numbers(9)) transcript.add(event({ id }));
    expect(transcript.events().map(({ id }) => id)).toEqual(numbers(9));
    for (const id of numbers(17)) transcript.add(event({ id: id + 9 }));
    const events = transcript.events();
    expect(events.map(({ id, kind }) => (kind === 'gap' ? 'gap' : id))).toEqual([
      0,
      1,
      2,
      3,
      4,
      'gap',
      21,
      22,
      23,
      24,
      25,
    ]);
    expect(events[5]).toMatchObject({ count: 16, bytes: 16 * 54 });
  });

  it('shows no control characters', () => {
    const transcript = new Transcript();
    transcript.add(event({ text: 'a\u0000b\r\n\u001b[31mc\ufffd' }));
    expect(transcript.events()[0]?.text).toBe('a·b ·[31mc·');
  });
});
