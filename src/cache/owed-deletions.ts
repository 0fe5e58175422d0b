import type { KeyPattern } from './key-name.ts';

/** What must not be read any more: keys, tags, and keys by a pattern where nothing knows their names. */
export interface Stale {
  keys: readonly string[];
  tags: readonly string[];
  pattern?: KeyPattern;
}

/** More than this is forgotten, oldest first: their times to live end them. */
const MAX_PENDING = 10_000;

/**
 * Deletions that Redis did not take. Until it has taken them, what they name is not read from the cache: an outage of
 * Redis must not bring back the inventory of before the sale.
 */
export class OwedDeletions {
  #owed = new Map<string, Stale>(); // each object is of one `add`, so that `paid` knows which it was

  get size(): number {
    return this.#owed.size;
  }

  /** Deletions owed at this moment. */
  list(): Stale[] {
    return [...this.#owed.values()];
  }

  /** What is owed already is owed once. */
  add(stale: Stale): void {
    const name = nameOf(stale);
    this.#owed.delete(name);
    this.#owed.set(name, { ...stale });
    if (this.#owed.size > MAX_PENDING) this.#owed.delete(this.#owed.keys().next().value!);
  }

  /** Not where it came to be owed again meanwhile. */
  paid(stale: Stale): void {
    const name = nameOf(stale);
    if (this.#owed.get(name) === stale) this.#owed.delete(name);
  }

  /** Whether a value under this key, with these tags, is meant to be gone. */
  covers(key: string, tags: readonly string[]): boolean {
    for (const stale of this.#owed.values()) {
      if (stale.keys.includes(key) || stale.pattern?.test(key)) return true;
      if (tags.some((tag) => stale.tags.includes(tag))) return true;
    }
    return false;
  }
}

const nameOf = ({ keys, tags, pattern }: Stale): string => JSON.stringify([keys, tags, pattern?.match]);
