import { isStale, type Stale } from './stale.ts';

interface Flight {
  tags: readonly string[];
  load: Promise<unknown>;
}

/**
 * The loads that this process has under way where Redis cannot say so. Who comes to one shares it (single-flight): an outage
 * of Redis costs MySQL one load a key and process, not one a reader.
 *
 * Who comes after this process has invalidated a value never gets what was loaded before. Of an invalidation in another
 * process nothing is heard while Redis is away: a reader may get what was loaded up to the length of one load before it came.
 */
export class Flights {
  #flights = new Map<string, Flight>();

  /**
   * What `load` resolves to, or what the load of the same key that is under way does. Its error is everybody's who shares it.
   *
   * @example await flights.share('user:7', ['user:7'], () => loadUser(7)) // of 1,000 at once one loads
   */
  share<T>(key: string, tags: readonly string[], load: () => Promise<T>): Promise<T> {
    const under = this.#flights.get(key);
    if (under) return under.load as Promise<T>;
    const flight: Flight = { tags, load: load() };
    this.#flights.set(key, flight);
    const ended = () => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    };
    flight.load.then(ended, ended);
    return flight.load as Promise<T>;
  }

  /** Lets who comes from now on load anew what is stale. */
  end(stale: Stale): void {
    for (const [key, { tags }] of this.#flights) if (isStale(stale, key, tags)) this.#flights.delete(key);
  }
}
