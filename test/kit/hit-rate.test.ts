import { expect, test } from 'vitest';
import { watchHitRate } from '../../apps/market/watch-hit-rate.ts';
import { CacheCounters } from '../../src/cache/cache-counters.ts';

/** A look at counters that a test drives, and what it said. */
function watched() {
  const counters = new CacheCounters();
  const said: string[] = [];
  const look = watchHitRate(
    () => ({ ...counters.reads, domains: counters.domains }),
    (sentence) => said.push(sentence),
  );
  const count = (domain: 'listings' | 'inventory' | 'sessions', { hits = 0, misses = 0 }) => {
    for (let i = 0; i < hits; i++) counters.hit(domain);
    for (let i = 0; i < misses; i++) counters.miss(domain);
  };
  return { look, count, said, counters };
}

test('a hit rate under 50 % is told once an interval, with the part that misses most', () => {
  const { look, count, said } = watched();
  count('listings', { hits: 10, misses: 70 });
  count('inventory', { hits: 30, misses: 10 });
  look();
  expect(said).toEqual([
    expect.stringMatching(
      /^The cache was asked 120 times and had the answer 40 times \(33\.33 %\); most often it lacked listings \(12\.50 %\)\./,
    ),
  ]);
  look(); // nothing since
  expect(said).toHaveLength(1);
  count('listings', { misses: 100 });
  look();
  expect(said[1]).toContain('asked 100 times and had the answer 0 times');
});

test('half is enough, and few reads say nothing', () => {
  const { look, count, said } = watched();
  count('listings', { hits: 50, misses: 50 });
  look();
  count('listings', { misses: 99 });
  look();
  expect(said).toEqual([]);
});

test('look-ups of sessions are no hits of the cache', () => {
  const { look, count, said, counters } = watched();
  count('sessions', { hits: 1000 });
  count('listings', { misses: 100 });
  expect(counters.reads).toEqual({ hits: 0, misses: 100, hitRate: 0 });
  expect(counters.domains.sessions).toEqual({ hits: 1000, misses: 0, hitRate: 100 });
  look();
  expect(said).toHaveLength(1);
});
