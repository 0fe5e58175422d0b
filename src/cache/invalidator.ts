import type { KeyPattern } from './key-name.ts';
import { callLabInTime } from './lab-call.ts';
import type { CacheLabs } from './market-labs.ts';
import { OwedDeletions, type Stale } from './owed-deletions.ts';
import type { CallOptions, RedisCalls } from './redis-calls.ts';

/** Keys that one SCAN looks at, and the most that one UNLINK takes. */
const BATCH = 1000;

/** Deletes what is stale, by tag, by name or by SCAN, never by KEYS; and owes what Redis did not take. */
export class Invalidator {
  readonly owed = new OwedDeletions();
  #calls: RedisCalls;
  #labs: CacheLabs;
  #paying: Promise<void> | undefined;

  constructor(calls: RedisCalls, labs: CacheLabs) {
    this.#calls = calls;
    this.#labs = labs;
    calls.redis.on('ready', this.#connected);
  }

  /** Ends its wait for the next connection, on which it pays what it owes. */
  close(): void {
    this.#calls.redis.off('ready', this.#connected);
  }

  /**
   * Deletes, and says how many keys. Where Redis fails it is owed: this service then takes what it names for a miss
   * until it is done.
   *
   * @throws CacheUnavailable where it is strict; owed all the same
   */
  async invalidate(stale: Stale, options: CallOptions = {}): Promise<number> {
    const deleted = await this.#delete(stale, options).catch((error) => {
      this.owed.add(stale);
      throw error;
    });
    if (deleted === null) this.owed.add(stale);
    return deleted ?? 0;
  }

  /**
   * Whether a value under this key may be read: not where its deletion is owed. What is owed is tried first, so that
   * it ends with the outage.
   */
  async mayRead(key: string, tags: readonly string[]): Promise<boolean> {
    if (this.owed.size === 0 || !this.owed.covers(key, tags)) return true;
    await this.payOwed();
    return !this.owed.covers(key, tags);
  }

  /** Deletes what is owed, as far as Redis takes it. */
  payOwed(): Promise<void> {
    this.#paying ??= (async () => {
      for (const stale of this.owed.list()) {
        if (!this.#calls.reachable || (await this.#delete(stale, { strict: false })) === null) break;
        this.owed.paid(stale);
      }
    })().finally(() => {
      this.#paying = undefined;
    });
    return this.#paying;
  }

  #connected = (): void => {
    if (this.owed.size > 0) void this.payOwed();
  };

  /** How many keys went, or null where Redis failed. */
  async #delete({ keys, tags, pattern }: Stale, options: CallOptions): Promise<number | null> {
    // Tags first: a load that is under way is worthless before any key is gone.
    const byTag = tags.length > 0 && this.#labs.invalidation ? await this.#byTag(tags, options) : 'no tags';
    if (byTag === null) return null;
    const named = keys.length > 0 ? await this.#unlink(keys, options) : 0;
    if (named === null) return null;
    const swept = byTag === 'no tags' && pattern ? await this.#sweep(pattern, options) : 0;
    if (swept === null) return null;
    return (byTag === 'no tags' ? 0 : byTag) + named + swept;
  }

  /** Lab 09's; where its code fails, rather than Redis, the keys are looked for as if there were no tags. */
  async #byTag(tags: readonly string[], options: CallOptions): Promise<number | null | 'no tags'> {
    const { invalidateTags } = this.#labs.invalidation!;
    const what = `invalidateTags of ${tags.join(', ')}`;
    const outcome = await callLabInTime(
      this.#calls,
      what,
      (redis) => invalidateTags({ redis }, [...tags]),
      options,
    );
    if (outcome === 'Redis failed') return null;
    return outcome === 'code failed' ? 'no tags' : outcome.value || 0;
  }

  #unlink(keys: readonly string[], options: CallOptions): Promise<number | null> {
    const what = keys.length === 1 ? `UNLINK ${keys[0]}` : `UNLINK of ${keys.length} keys`;
    return this.#calls.ask(what, (redis) => redis.unlink([...keys]), { ...options, otherwise: null });
  }

  async #sweep({ match, test }: KeyPattern, options: CallOptions): Promise<number | null> {
    let deleted = 0;
    let cursor = '0';
    do {
      const page = await this.#calls.ask(
        `SCAN MATCH ${match}`,
        (redis) => redis.scan(cursor, 'MATCH', match, 'COUNT', BATCH),
        { ...options, otherwise: null },
      );
      if (page === null) return null;
      cursor = page[0];
      const meant = page[1].filter(test);
      const gone = meant.length > 0 ? await this.#unlink(meant, options) : 0;
      if (gone === null) return null;
      deleted += gone;
    } while (cursor !== '0');
    return deleted;
  }
}
