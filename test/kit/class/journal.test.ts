import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Entry, Journal, OtherTerms, type Terms } from '../../../kit/class/journal.ts';
import type { LabResult } from '../../../kit/judge/result.ts';

let folder: string;
const path = () => join(folder, 'journal.jsonl');
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'storelab-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const terms: Terms = {
  version: 1,
  seed: 7,
  labs: ['03-hset-mapping'],
  checks: 'abc',
  startedAt: '2026-01-15T12:00:00.000Z',
};
const entry = (slug: string, points = 26): Entry => ({
  slug,
  sha256: 'one',
  of: 'labs',
  result: { lab: '03-hset-mapping', points, maxPoints: 26, checks: [] } as unknown as LabResult,
});
const wanted = (slug: string, sha256 = 'one') =>
  ({ slug, sha256, of: 'labs', lab: '03-hset-mapping' }) as const;
const reopen = (more: Partial<Terms> = {}, sameSeed = false) =>
  Journal.open(path(), { ...terms, ...more }, { sameSeed });

describe('Journal', () => {
  test('keeps what was judged for the next run, with the seed of the first', () => {
    const first = reopen();
    first.add(entry('zoe'));
    first.close();
    const second = reopen({ seed: 8, startedAt: '2026-02-02T00:00:00.000Z' });
    expect(second.find(wanted('zoe'))?.points).toBe(26);
    expect(second.find(wanted('max'))).toBeUndefined();
    expect([second.terms.seed, second.terms.startedAt]).toEqual([7, terms.startedAt]);
    second.close();
  });

  test('judges again what was handed in anew', () => {
    const journal = reopen();
    journal.add(entry('zoe'));
    expect(journal.find(wanted('zoe', 'two'))).toBeUndefined();
    journal.close();
  });

  test('takes no line that was cut off in the middle, wherever that was', () => {
    const journal = reopen();
    journal.add(entry('zoe'));
    const whole = readFileSync(path()).length;
    journal.add(entry('max'));
    journal.close();
    const bytes = readFileSync(path());
    for (const size of [whole + 1, Math.floor((whole + bytes.length) / 2), bytes.length - 1]) {
      writeFileSync(path(), bytes.subarray(0, size));
      const again = reopen();
      expect([again.find(wanted('zoe'))?.points, again.find(wanted('max'))]).toEqual([26, undefined]);
      again.add(entry('max', 3));
      again.close();
      const after = reopen();
      expect(after.find(wanted('max'))?.points).toBe(3);
      after.close();
    }
  });

  test('refuses other labs, other checks and another seed, and says what to do', () => {
    reopen().close();
    expect(() => reopen({ labs: ['01-initial-sync'] })).toThrow(OtherTerms);
    expect(() => reopen({ checks: 'new' })).toThrow(/the kit has changed since.*--fresh/);
    expect(() => reopen({ seed: 8 }, true)).toThrow('with the seed 7, not 8');
  });
});
