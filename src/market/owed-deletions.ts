/** What must not be read any more: keys, tags, and keys by a pattern where nothing knows their names. */
export interface Stale {
  keys: readonly string[];
  tags: readonly string[];
  /** What SCAN matches, and what of that is meant. */
  pattern?: { match: string; test: RegExp };
}

/** More than this is forgotten, oldest first: their times to live end them. */
const MOST_OWED = 10_000;

/**
 * Deletions that Redis did not take. Until it has taken them, what they name is not read from the cache: an outage of
 * Redis must not bring back the inventory of before the sale.
 */
export class OwedDeletions {
  #owed = new Set<Stale>();

  get size(): number {
    return this.#owed.size;
  }

  /** Deletions owed at this moment. */
  list(): Stale[] {
    return [...this.#owed];
  }

  add(stale: Stale): void {
    this.#owed.add(stale);
    if (this.#owed.size > MOST_OWED) this.paid(this.#owed.values().next().value!);
  }

  paid(stale: Stale): void {
    this.#owed.delete(stale);
  }

  /** Whether a value under this key, with these tags, is meant to be gone. */
  covers(key: string, tags: readonly string[]): boolean {
    for (const stale of this.#owed) {
      if (stale.keys.includes(key) || stale.pattern?.test.test(key)) return true;
      if (tags.some((tag) => stale.tags.includes(tag))) return true;
    }
    return false;
  }
}
