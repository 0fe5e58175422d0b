import { createHash } from 'node:crypto';
import type { Flights } from './flights.ts';
import { callLab } from './lab-call.ts';
import type { CacheLabs } from './market-labs.ts';
import type { RedisCalls } from './redis-calls.ts';

/** How long what a crowd of readers loaded stands for those who come late to it, ms. */
const CROWD_MS = 1000;

/** A load through the cache, and how it went. */
export interface Loaded<T> {
  value: T | null;
  /** Whether it was loaded for this reader, alone or with others, rather than found. */
  loaded: boolean;
}

export interface LoadOptions<T> {
  calls: RedisCalls;
  labs: CacheLabs;
  flights: Flights;
  key: string;
  tags: readonly string[];
  ttlMs: number;
  now(): number;
  /** Reads and writes without the labs: what is left where their code fails. */
  readPlainly(): Promise<{ value: T | null } | null>;
  keepPlainly(value: T | null): Promise<unknown>;
}

/**
 * Loads a value through the cache, once for a crowd of readers (lab 06).
 *
 * A value with tags is kept unless one of them was invalidated since the load began (lab 09), and its crowd meets
 * under a key of the tags' generation: who comes after an invalidation is of another generation, and never gets what
 * was loaded before it. Where a lab's code fails, the reader loads for itself; where Redis does, the readers of this
 * process share one load. The error of `load` itself is the reader's, and is not kept.
 */
export async function loadThrough<T>(
  load: () => Promise<T | null>,
  options: LoadOptions<T>,
): Promise<Loaded<T>> {
  const { calls, labs, key, tags, ttlMs, now } = options;
  const own = watched(load);
  const withoutRedis = async (): Promise<Loaded<T>> => ({
    value: await (own.ran ? own.run() : options.flights.share(key, tags, own.run)),
    loaded: true,
  });

  async function loadAndKeep(generation: string | undefined): Promise<T | null> {
    const value = await own.run();
    if (generation !== undefined) {
      const entry = { key, value, tags: [...tags], ttlMs };
      const kept = await callLab(calls, `keepTagged of ${key}`, (redis) =>
        labs.invalidation!.keepTagged({ redis }, entry, generation),
      );
      if (kept !== 'code failed') return value;
    }
    await options.keepPlainly(value);
    return value;
  }

  if (!calls.reachable) return withoutRedis();
  const generation = await generationOf(options);
  const { getOrLoad } = labs;
  if (!getOrLoad) return { value: await loadAndKeep(generation), loaded: true };
  const outcome = await callLab(
    calls,
    `getOrLoad of ${key}`,
    (redis) =>
      generation === undefined
        ? getOrLoad({ redis, now }, key, own.run, { ttlMs })
        : getOrLoad({ redis, now }, crowdKey(key, generation), () => loadAndKeep(generation), {
            ttlMs: Math.min(CROWD_MS, ttlMs),
          }),
    { passes: isLoadError },
  );
  if (outcome === 'Redis failed') return withoutRedis();
  if (outcome !== 'code failed') return { value: outcome.value, loaded: own.ran };
  const found = own.ran ? null : await options.readPlainly();
  if (found) return { value: found.value, loaded: false };
  return { value: await loadAndKeep(generation), loaded: true };
}

async function generationOf<T>({ calls, labs, tags }: LoadOptions<T>): Promise<string | undefined> {
  const { invalidation } = labs;
  if (tags.length === 0 || !invalidation) return undefined;
  const outcome = await callLab(calls, 'readGeneration of lab 09', (redis) =>
    invalidation.readGeneration({ redis }, [...tags]),
  );
  return typeof outcome === 'object' ? outcome.value : undefined;
}

/** Errors that a `load` threw: readers who waited for it get them too, and none of them is the cache's. */
const loadErrors = new WeakSet<object>();
const isLoadError = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && loadErrors.has(error);

/** A `load` that runs once at most, however the cache fails around it. */
function watched<T>(load: () => Promise<T | null>) {
  let running: Promise<T | null> | undefined;
  const own = {
    ran: false,
    run(): Promise<T | null> {
      own.ran = true;
      running ??= load().catch((cause) => {
        const error = typeof cause === 'object' && cause !== null ? cause : new Error(String(cause));
        loadErrors.add(error);
        throw error;
      });
      return running;
    },
  };
  return own;
}

const crowdKey = (key: string, generation: string): string =>
  `crowd:${createHash('sha256').update(`${key} ${generation}`).digest('base64url').slice(0, 32)}`;
