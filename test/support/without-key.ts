import type { Redis } from 'ioredis';
import { withRules } from '../../kit/judge/rights.ts';

/** Patterns that fit every key but one, which holds no character that means something in a pattern. */
export function allBut(key: string): string[] {
  const starts = Array.from(key, (_, i) => key.slice(0, i));
  return [
    ...starts.map((start, i) => `${start}[^${key[i]}]*`), // goes on in another way
    ...starts.slice(1), // ends before
    `${key}?*`, // is longer
  ];
}

/**
 * Takes one key from the student's Redis user while `work` runs: Redis answers each command on it with an error, and all
 * others as ever, in the same pipeline too.
 *
 * @throws NotGradable where the Redis is not the judge's to do so.
 * @example await withoutKey(redis, 'order:7', () => lab.getOrdersFromRedis({ limit: 10 })) // rejects: NOPERM
 */
export async function withoutKey<T>(redis: Redis, key: string, work: () => Promise<T>): Promise<T> {
  return withRules(redis, ['resetkeys', ...allBut(key).map((pattern) => `~${pattern}`)], work);
}
