import type { KeyPattern } from './key-name.ts';

/** What must not be read any more: keys, tags, and keys by a pattern where nothing knows their names. */
export interface Stale {
  keys: readonly string[];
  tags: readonly string[];
  pattern?: KeyPattern;
}

/** Whether a value under this key, with these tags, is meant. */
export const isStale = (stale: Stale, key: string, tags: readonly string[]): boolean =>
  stale.keys.includes(key) ||
  stale.pattern?.test(key) === true ||
  tags.some((tag) => stale.tags.includes(tag));
