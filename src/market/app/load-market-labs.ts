import type { LoadedLab } from '../../store/app/labs/shop-labs.ts';
import type { CacheAside } from '../cache-aside.ts';
import type { Invalidation } from '../invalidation.ts';
import type { Leaderboard } from '../leaderboard.ts';
import type { CacheLabs } from '../market-labs.ts';
import type { Game } from './game.ts';

/** The labs that the game runs on. */
export const marketLabIds = ['06-cache-aside', '09-invalidation', '10-leaderboard'] as const;

/** What of the labs the cache service and the routes are handed. They keep these objects, and `use` changes them. */
export interface MarketLabs {
  cache: CacheLabs;
  game: Game['labs'];
  /** Goes on with these: they were edited. */
  use(loaded: readonly LoadedLab[]): void;
  /** Labs that are not there or do not load: '06-cache-aside: line 12: ...' */
  problems(): string[];
}

/**
 * Takes what the labs export. A function that is missing is done without; one that is a stub says so when it is called,
 * and the game goes on without it.
 */
export function marketLabs(loaded: readonly LoadedLab[]): MarketLabs {
  const cache: CacheLabs = {};
  const game: Game['labs'] = {};
  let problems: string[] = [];
  const use = (labs: readonly LoadedLab[]) => {
    const from = <T>(id: (typeof marketLabIds)[number]) =>
      (labs.find((lab) => lab.id === id)?.exports ?? {}) as Partial<T>;
    cache.getOrLoad = from<CacheAside>('06-cache-aside').getOrLoad;
    const { readGeneration, keepTagged, invalidateTags, invalidateSale } =
      from<Invalidation>('09-invalidation');
    const whole = readGeneration && keepTagged && invalidateTags;
    cache.invalidation = whole && { readGeneration, keepTagged, invalidateTags };
    game.invalidateSale = whole && invalidateSale;
    const { getLeaderboard, refreshLeaderboard } = from<Leaderboard>('10-leaderboard');
    game.leaderboard = getLeaderboard && refreshLeaderboard && { getLeaderboard, refreshLeaderboard };
    problems = labs.flatMap(({ id, problem }) => (problem ? [`${id}: ${problem}`] : []));
  };
  use(loaded);
  return { cache, game, use, problems: () => problems };
}
