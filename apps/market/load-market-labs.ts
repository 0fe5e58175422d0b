import { z } from 'zod';
import type { CacheLabs } from '../../src/cache/market-labs.ts';
import type { CacheAside } from '../../src/contracts/cache-aside.ts';
import type { Invalidation } from '../../src/contracts/invalidation.ts';
import type { Leaderboard } from '../../src/contracts/leaderboard.ts';
import type { WriteBehind } from '../../src/contracts/write-behind.ts';
import type { WriteThrough } from '../../src/contracts/write-through.ts';
import { type LabCallOptions, labFunction } from '../shared/lab-function.ts';
import { type LoadedLab, labOfId } from '../shared/loaded-lab.ts';
import type { Game } from './game.ts';
import { serverError } from './server-error.ts';

/** The labs that the game runs on. */
export const marketLabIds = [
  '06-cache-aside',
  '07-write-through',
  '08-write-behind',
  '09-invalidation',
  '10-leaderboard',
] as const;

/** What of the labs the cache service and the routes are handed. They keep these objects, and `use` changes them. */
export interface MarketLabs {
  cache: CacheLabs;
  game: Game['labs'];
  /** Goes on with these: they were edited. */
  use(loaded: readonly LoadedLab[]): void;
  /** Called after each `use`; one listener at most. */
  onUse?: (() => void) | undefined;
  /** Labs that are not there or do not load: '06-cache-aside: line 12: ...' */
  problems(): string[];
}

const whole = z.number().int();
const profile = z.object({ playerId: whole, displayName: z.string(), level: whole, version: whole });
const refused = z.object({
  changeId: z.string(),
  playerId: whole,
  resourceId: whole,
  delta: whole,
  reason: z.string(),
});

/**
 * Takes what the labs export. What the game can do without it does without: labs 06, 09 and 10 where a function is
 * missing or a stub. Labs 07 and 08 have routes of their own, which say so.
 */
export function marketLabs(loaded: readonly LoadedLab[]): MarketLabs {
  let problems: string[] = [];
  const labs: MarketLabs = {
    cache: {},
    game: gameLabs([]),
    use(chosen) {
      Object.assign(labs.game, gameLabs(chosen));
      Object.assign(labs.cache, cacheLabs(chosen));
      problems = chosen.flatMap(({ id, problem }) => (problem ? [`${id}: ${problem}`] : []));
      labs.onUse?.();
    },
    problems: () => problems,
  };
  labs.use(loaded);
  return labs;
}

type MarketLabId = (typeof marketLabIds)[number];
const from = <T>(labs: readonly LoadedLab[], id: MarketLabId) => labOfId(labs, id).exports as Partial<T>;

function cacheLabs(labs: readonly LoadedLab[]): CacheLabs {
  const { getOrLoad } = from<CacheAside>(labs, '06-cache-aside');
  return { getOrLoad, invalidation: invalidationOf(labs) };
}

/** All of lab 09 that belongs together, or nothing. */
function invalidationOf(labs: readonly LoadedLab[]): CacheLabs['invalidation'] {
  const { readGeneration, keepTagged, invalidateTags } = from<Invalidation>(labs, '09-invalidation');
  return readGeneration && keepTagged && invalidateTags && { readGeneration, keepTagged, invalidateTags };
}

function gameLabs(labs: readonly LoadedLab[]): Game['labs'] {
  const of =
    (id: MarketLabId) =>
    <F extends (...args: never[]) => Promise<unknown>>(
      name: string,
      { throws = [], ...options }: LabCallOptions & { throws?: string[] } = {},
    ) =>
      labFunction<F>(labOfId(labs, id), name, { ...options, notItsFault: serverError(name, throws) });
  const [through, behind] = [of('07-write-through'), of('08-write-behind')];
  const throws = ['NoSuchPlayer', 'RedisMayForget'];
  return {
    invalidateSale: invalidationOf(labs) && from<Invalidation>(labs, '09-invalidation').invalidateSale,
    leaderboard: from<Leaderboard>(labs, '10-leaderboard'),
    saveProfile: through<WriteThrough['saveProfile']>('saveProfile', { shape: profile, throws }),
    getProfile: through<WriteThrough['getProfile']>('getProfile', { shape: profile.nullable() }),
    acceptChange: behind<WriteBehind['acceptChange']>('acceptChange'),
    getPending: behind<WriteBehind['getPending']>('getPending', { shape: whole }),
    getRefused: behind<WriteBehind['getRefused']>('getRefused', { shape: z.array(refused) }),
    runFlusher: behind<WriteBehind['runFlusher']>('runFlusher', { unhurried: true, throws }),
  };
}
