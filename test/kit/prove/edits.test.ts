import { describe, expect, it } from 'vitest';
import { applyEdits, type Edit } from '../../../kit/prove/kept/edits.ts';

const base = `export function total(prices: number[]): number {
  const cents = prices.map((price) => Math.round(price * 100));
  return cents.reduce((a, b) => a + b, 0) / 100;
}
`;
const made = (...edits: Edit[]) =>
  applyEdits(base, edits, { base: 'test/right/x/total.ts', of: 'test/wrong/x.ts, two' });

describe('applyEdits()', () => {
  it('puts each text in the place of its own, in any order', () => {
    const text = made(['a + b, 0', 'a + b, 1'], ['price * 100', 'price']);
    expect(text).toBe(base.replace('a + b, 0', 'a + b, 1').replace('price * 100', 'price'));
  });

  it('takes any white space for any other, so that an edit is indented as its file is', () => {
    const text = made([
      `const cents = prices.map((price) => Math.round(price * 100));
                return cents.reduce((a, b) => a + b, 0) / 100;`,
      'return NaN;',
    ]);
    expect(text).toBe('export function total(prices: number[]): number {\n  return NaN;\n}\n');
  });

  it('reads no pattern into a text, and none into what replaces it', () => {
    expect(made(['number[])', '$& $1 number[])'])).toContain('total(prices: $& $1 number[]): number');
  });

  it('looks for every text in the base, not in what another edit made of it', () => {
    expect(() => made(['price * 100', 'price * 10'], ['price * 10)', 'price)'])).toThrow(
      'edit 2: test/right/x/total.ts does not hold this text',
    );
  });

  it.each<[what: string, message: string, edits: Edit[]]>([
    ['stands nowhere', 'two, edit 1: test/right/x/total.ts does not hold this text.', [['prize', 'price']]],
    ['is empty', 'two, edit 1: test/right/x/total.ts does not hold this text.', [['', 'price']]],
    ['stands twice', 'two, edit 1: test/right/x/total.ts holds this text 2 times.', [['cents', 'euros']]],
    ['changes nothing', 'two, edit 1: It changes nothing', [['a + b', 'a  +\n b']]],
    [
      'overlaps another',
      'two, edit 2: It overlaps another edit.',
      [
        ['Math.round(price', 'price'],
        ['price * 100)', 'price)'],
      ],
    ],
    ['is missing', 'test/wrong/x.ts, two has no edits', []],
  ])('refuses an edit that %s, and says which', (_, message, edits) => {
    expect(() => made(...edits)).toThrow(message);
  });
});
