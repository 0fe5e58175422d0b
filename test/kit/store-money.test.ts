import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromCents, toCents } from '../../src/worlds/store/money.ts';

describe('toCents()', () => {
  it.each([
    ['1999.99', 199999],
    ['0.1', 10],
    ['7', 700],
    ['-0.05', -5],
    ['0.00', 0],
    ['9999999999.99', 999999999999],
  ])('reads %s', (amount, cents) => {
    expect(toCents(amount)).toBe(cents);
  });

  it.each(['', '1.999', '1,50', '1e3', ' 1', '.5', 'NaN', '99999999999999999'])('refuses %j', (amount) => {
    expect(() => toCents(amount)).toThrow('is not an amount of money');
  });
});

describe('fromCents()', () => {
  it('gives back what toCents() read', () => {
    fc.assert(
      fc.property(fc.integer({ min: -999_999_999_999, max: 999_999_999_999 }), (cents) => {
        expect(toCents(fromCents(cents))).toBe(cents);
      }),
    );
  });

  it('writes two places, as MySQL does', () => {
    expect([0, 5, 30, -5, 199999].map(fromCents)).toEqual(['0.00', '0.05', '0.30', '-0.05', '1999.99']);
  });
});
