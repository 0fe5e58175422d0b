import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { domains, longestLeaderboard } from '../../src/cache/domains.ts';
import { encodePart, InvalidKeyPart } from '../../src/cache/key-parts.ts';
import { PendingDeletions } from '../../src/cache/pending-deletions.ts';
import type { Stale } from '../../src/cache/stale.ts';

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 });

describe('keys', () => {
  it("are the document's", () => {
    expect([domains.environment.key(), domains.weather.key(), domains.season.key()]).toEqual([
      'env:current',
      'env:weather:current',
      'env:season:current',
    ]);
    expect(domains.listings.key({ resourceId: 10 })).toBe('market:listings:active:10');
    expect(domains.listings.key()).toBe('market:listings:active:all');
    expect(domains.leaderboard.key(100)).toBe('leaderboard:100');
    expect(domains.inventory.key(7)).toBe('inventory:user:7');
    expect(domains.recipes.key(7, 3)).toBe('recipes:user:7:3');
    const session = '0b0e7ad8-4f2c-4c4c-9f1d-3a1d1a6f0c11';
    expect(domains.session.key(session)).toBe(`session:${session}`);
    expect(domains.rate.key('user_7')).toBe('rate:user_7');
  });

  it.each([0, -1, 1.5, Number.NaN, 2 ** 53, '7', '7:8', null, undefined, [7]])('refuse the id %j', (id) => {
    expect(() => domains.inventory.key(id as number)).toThrow(InvalidKeyPart);
    expect(() => domains.recipes.key(7, id as number)).toThrow(InvalidKeyPart);
    expect(() => domains.recipes.tags(id as number)).toThrow(InvalidKeyPart);
    if (id !== undefined)
      expect(() => domains.listings.key({ resourceId: id as number })).toThrow(InvalidKeyPart);
  });

  it('refuse a status and a length that there are not', () => {
    expect(() => domains.listings.key({ status: 'active:10' as 'active' })).toThrow(
      'active, sold, cancelled',
    );
    expect(() => domains.leaderboard.key(longestLeaderboard + 1)).toThrow('1 to 1000 rows, not 1001');
    expect(() => domains.leaderboard.key(0)).toThrow(InvalidKeyPart);
  });

  it('keep an id inside its place', () => {
    fc.assert(
      fc.property(text, (id) => {
        for (const key of [domains.session.key(id), domains.rate.key(id)]) {
          expect(key.split(':')).toHaveLength(2);
          expect(key).toMatch(/^[a-z]+:~?[\w.%-]+$/);
          expect(key.length).toBeLessThanOrEqual(210);
        }
      }),
    );
  });
});

describe('stale()', () => {
  /** What a change of this names, and a key that it must and one that it must not reach. */
  const changes: [name: string, stale: Stale, meant: string, other: string][] = [
    ['the weather', domains.weather.stale(), domains.environment.key(), 'env:weather'],
    ['the environment', domains.environment.stale(), domains.gatherable.key(), 'env:other'],
    ['a resource', domains.listings.stale(10), 'market:listings:sold:10', 'market:listings:sold:100'],
    ['a resource', domains.listings.stale(10), 'market:listings:active:all', 'market:listings:all'],
    ['every listing', domains.listings.stale(), 'market:listings:cancelled:3', 'market:listings:lost:3'],
    [
      'every listing',
      domains.listings.stale(),
      'market:listings:active:all',
      'market:listings:active:3:lock',
    ],
    ['the leaderboard', domains.leaderboard.stale(), domains.leaderboard.key(1000), 'leaderboard:live'],
    ['an inventory', domains.inventory.stale(7), domains.inventory.key(7), domains.late.key(7)],
    ['recipes', domains.recipes.stale(7), domains.recipes.key(7, 3), domains.recipes.key(77, 3)],
    ['recipes', domains.recipes.stale(7), domains.recipes.key(7, 12), 'recipes:user:7:3:lock'],
    ['a session', domains.session.stale('a:b'), 'session:a%3Ab', 'session:a'],
  ];
  it.each(changes)('of %s names what it keeps, and nothing else', (_name, stale, meant, other) => {
    const pending = new PendingDeletions();
    pending.add(stale);
    expect([pending.covers(meant, []), pending.covers(other, [])]).toEqual([true, false]);
  });

  it('names a tag of whatever is kept under tags', () => {
    const kept: [Stale, readonly string[]][] = [
      [domains.season.stale(), domains.season.tags()],
      [domains.listings.stale(), domains.listings.tags({ resourceId: 10 })],
      [domains.listings.stale(10), domains.listings.tags({ resourceId: 10 })],
      [domains.listings.stale(10), domains.listings.tags()],
      [domains.leaderboard.stale(), domains.leaderboard.tags()],
      [domains.inventory.stale(7), domains.inventory.tags(7)],
      [domains.recipes.stale(7), domains.recipes.tags(7)],
    ];
    for (const [stale, tags] of kept) expect(stale.tags.some((tag) => tags.includes(tag))).toBe(true);
    const others = domains.listings.tags({ resourceId: 100 });
    expect(domains.listings.stale(10).tags.some((tag) => others.includes(tag))).toBe(false);
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
