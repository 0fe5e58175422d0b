import { Flights } from './flights.ts';
import type { KeyPattern } from './key-name.ts';
import { callLabInTime } from './lab-call.ts';
import type { CacheLabs } from './market-labs.ts';
import { PendingDeletions } from './pending-deletions.ts';
import type { CallOptions, RedisCalls } from './redis-calls.ts';
import type { Stale } from './stale.ts';

/** Keys that one SCAN looks at, and the most that one UNLINK takes. */
const BATCH = 1000;

/** Deletes what is stale, by tag, by name or by SCAN, never by KEYS; and keeps what Redis did not take as pending. */
export class Invalidator {
  readonly pending = new PendingDeletions();
  /** Loads that are under way without Redis: an invalidation ends them for whoever comes after it. */
  readonly flights = new Flights();
  #calls: RedisCalls;
  #labs: CacheLabs;
  #retrying: Promise<void> | undefined;

  constructor(calls: RedisCalls, labs: CacheLabs) {
    this.#calls = calls;
    this.#labs = labs;
    calls.redis.on('ready', this.#connected);
  }

  /** Ends its wait for the next connection, on which it deletes what is pending. */
  close(): void {
    this.#calls.redis.off('ready', this.#connected);
  }

  /**
   * Deletes, and says how many keys. Where Redis fails the deletion is pending: until it is done, this service takes
   * what it names for a miss.
   *
   * @throws CacheUnavailable where it is strict; the deletion is pending all the same
   */
  async invalidate(stale: Stale, options: CallOptions = {}): Promise<number> {
    this.flights.end(stale);
    const deleted = await this.#delete(stale, options).catch((error) => {
      this.pending.add(stale);
      throw error;
    });
    if (deleted === null) this.pending.add(stale);
    return deleted ?? 0;
  }

  /**
   * Whether a value under this key may be read: not where its deletion is pending. Pending deletions are tried first,
   * so that they end with the outage.
   */
  async mayRead(key: string, tags: readonly string[]): Promise<boolean> {
    if (this.pending.size === 0 || !this.pending.covers(key, tags)) return true;
    await this.retryPending();
    return !this.pending.covers(key, tags);
  }

  /** Deletes what is pending, as far as Redis takes it. */
  retryPending(): Promise<void> {
    this.#retrying ??= (async () => {
      for (const stale of this.pending.list()) {
        if (!this.#calls.reachable || (await this.#delete(stale, { strict: false })) === null) break;
        this.pending.done(stale);
      }
    })().finally(() => {
      this.#retrying = undefined;
    });
    return this.#retrying;
  }

  #connected = (): void => {
    if (this.pending.size > 0) void this.retryPending();
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
