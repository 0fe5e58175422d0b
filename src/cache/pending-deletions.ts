import { isStale, type Stale } from './stale.ts';

/** More than this is forgotten, oldest first: their times to live end them. */
const MAX_PENDING = 10_000;

/**
 * Deletions that Redis did not take. Until it has taken them, what they name is not read from the cache: an outage of
 * Redis must not bring back the inventory of before the sale.
 */
export class PendingDeletions {
  #pending = new Map<string, Stale>(); // each object is of one `add`, so that `done` knows which it was

  get size(): number {
    return this.#pending.size;
  }

  /** Deletions that Redis has not taken yet. */
  list(): Stale[] {
    return [...this.#pending.values()];
  }

  /** A deletion that is pending already stays one entry. */
  add(stale: Stale): void {
    const name = nameOf(stale);
    this.#pending.delete(name);
    this.#pending.set(name, { ...stale });
    if (this.#pending.size > MAX_PENDING) this.#pending.delete(this.#pending.keys().next().value!);
  }

  /** Redis has taken it. It stays pending where the same was added again meanwhile. */
  done(stale: Stale): void {
    const name = nameOf(stale);
    if (this.#pending.get(name) === stale) this.#pending.delete(name);
  }

  /** Whether a value under this key, with these tags, is meant to be gone. */
  covers(key: string, tags: readonly string[]): boolean {
    for (const stale of this.#pending.values()) if (isStale(stale, key, tags)) return true;
    return false;
  }
}

const nameOf = ({ keys, tags, pattern }: Stale): string => JSON.stringify([keys, tags, pattern?.match]);
