import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodePart, InvalidKeyPart, keys, longestLeaderboard, tags } from '../../src/cache/keys.ts';

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 });

describe('keys', () => {
  it("are the document's", () => {
    expect([keys.environment, keys.weather, keys.season]).toEqual([
      'env:current',
      'env:weather:current',
      'env:season:current',
    ]);
    expect(keys.listings({ resourceId: 10 })).toBe('market:listings:active:10');
    expect(keys.listings()).toBe('market:listings:active:all');
    expect(keys.leaderboard(100)).toBe('leaderboard:100');
    expect(keys.inventory(7)).toBe('inventory:user:7');
    expect(keys.recipes(7, 3)).toBe('recipes:user:7:3');
    const session = '0b0e7ad8-4f2c-4c4c-9f1d-3a1d1a6f0c11';
    expect(keys.session(session)).toBe(`session:${session}`);
    expect(keys.rate('user_7')).toBe('rate:user_7');
  });

  it.each([0, -1, 1.5, Number.NaN, 2 ** 53, '7', '7:8', null, undefined, [7]])('refuse the id %j', (id) => {
    expect(() => keys.inventory(id as number)).toThrow(InvalidKeyPart);
    expect(() => keys.recipes(7, id as number)).toThrow(InvalidKeyPart);
    expect(() => tags.recipes(id as number)).toThrow(InvalidKeyPart);
    if (id !== undefined) expect(() => keys.listings({ resourceId: id as number })).toThrow(InvalidKeyPart);
  });

  it('refuse a status and a length that there are not', () => {
    expect(() => keys.listings({ status: 'active:10' as 'active' })).toThrow('active, sold, cancelled');
    expect(() => keys.leaderboard(longestLeaderboard + 1)).toThrow('1 to 1000 rows, not 1001');
    expect(() => keys.leaderboard(0)).toThrow(InvalidKeyPart);
  });

  it('keep an id inside its place', () => {
    fc.assert(
      fc.property(text, (id) => {
        for (const key of [keys.session(id), keys.rate(id)]) {
          expect(key.split(':')).toHaveLength(2);
          expect(key).toMatch(/^[a-z]+:~?[\w.%-]+$/);
          expect(key.length).toBeLessThanOrEqual(210);
        }
      }),
    );
  });
});

describe('encodePart()', () => {
  it('gives different parts for different texts', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(encodePart(a) === encodePart(b)).toBe(a === b);
      }),
    );
  });

  it('cannot be given what another text was encoded to, or hashed to', () => {
    fc.assert(
      fc.property(text, (a) => {
        const part = encodePart(a);
        if (part !== a) expect(encodePart(part)).not.toBe(part);
      }),
    );
  });

  it('can be read back where it is not a hash', () => {
    fc.assert(
      fc.property(text, (a) => {
        const part = encodePart(a);
        if (!part.startsWith('~')) expect(decodeURIComponent(part)).toBe(a);
      }),
    );
  });

  it.each(['', '\ud800', 'a\udc00b'])('refuses %j', (bad) => {
    expect(() => encodePart(bad)).toThrow(InvalidKeyPart);
  });
});
