import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nameOf, segmentsOf, shown } from '../../../kit/class/intake/file-names.ts';
import { slugOf, slugsOf } from '../../../kit/class/intake/slug.ts';
import { matchOf } from '../../../kit/class/intake/target.ts';

describe('slugOf()', () => {
  it.each([
    ['Zoë Müller', 'zoe-muller'],
    ['Zoë Müller'.normalize('NFD'), 'zoe-muller'],
    ["O'Brien, Ørjan  (2)", 'o-brien-orjan-2'],
    ['Łukasz Groß', 'lukasz-gross'],
    ['..', /^student-[0-9a-f]{8}$/],
    ['CON', 'student-con'],
    ['李小龍', /^student-[0-9a-f]{8}$/],
    ['=cmd|x', 'cmd-x'],
  ])('of %s is %s', (name, slug) => {
    expect(slugOf(name)).toMatch(typeof slug === 'string' ? new RegExp(`^${slug}$`) : slug);
  });
});

describe('slugsOf()', () => {
  it('gives the plain slug to the first, and never takes one away', () => {
    expect(slugsOf(['Zoë', 'Zoe', 'zoe 2'])).toEqual(['zoe', 'zoe-3', 'zoe-2']);
  });

  it('gives unique, harmless file names to any names', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 30 }), (names) => {
        const slugs = slugsOf(names);
        expect(new Set(slugs).size).toBe(names.length);
        for (const slug of slugs) expect(slug).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      }),
    );
  });
});

describe('segmentsOf()', () => {
  it('leads nowhere outside, whatever the path', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (path) => {
        const bad = (segmentsOf(path) ?? []).filter((one) => /^\.{0,2}$|[/\\\0]/.test(one));
        expect(bad).toEqual([]);
      }),
    );
    for (const path of ['/a', '\\a', 'C:\\a', 'c:a', 'a/../b', '..', 'a\\..\\b', 'a\0b']) {
      expect(segmentsOf(path), path).toBeUndefined();
    }
  });
});

describe('nameOf()', () => {
  it('composes accents, and reads a name that is not UTF-8', () => {
    expect(nameOf(Buffer.from('Zoe\u0308'))).toBe('Zo\u00eb');
    expect(nameOf(Buffer.from([0x5a, 0x6f, 0xeb]))).toBe('Zo\u00eb');
  });
});

describe('shown()', () => {
  it('keeps a name on one short line', () => {
    expect(shown('a\nb\u202ec')).toBe('a\ufffdb\ufffdc');
    expect(shown('x'.repeat(500))).toHaveLength(100);
  });
});

describe('matchOf()', () => {
  const labs = ['01-initial-sync'];
  it.each([
    '01-initial-sync.ts',
    'a/b/01-Initial-Sync.TS',
    'labs/01-initial-sync(1).ts',
    'labs/01-initial-sync (12).ts',
    'labs/01-initial-sync - Kopie.ts',
    'labs/01-initial-sync copy 2.ts',
    'labs/Zoë_1_assignsubmission_file_01_initial_sync.ts',
    'labs/01-initial-sync.ts.txt',
  ])('knows %s', (path) => expect(matchOf(path, labs)?.target).toEqual({ kind: 'labs', lab: labs[0] }));

  it.each([
    '01-initial-sync.test.ts',
    '01-initial-sync.js',
    '01-initial-sync-old.ts',
    'x/.git/01-initial-sync.ts',
    'ts',
  ])('does not take %s for a lab', (path) => expect(matchOf(path, labs)).toBeUndefined());
});
