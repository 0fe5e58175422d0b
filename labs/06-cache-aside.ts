import type { LabContext } from '../src/lab/context.ts';
import type { Step } from '../src/lab/steps.ts';
import type { CacheAside, CacheAsideOptions } from '../src/market/cache-aside.ts';

export async function getOrLoad<T>(
  { redis, now }: Pick<LabContext, 'redis' | 'now'>,
  key: string,
  load: () => Promise<T | null>,
  options: CacheAsideOptions,
): Promise<T | null> {
  throw new Error('TODO: write getOrLoad in labs/06-cache-aside.ts');
}

export const steps: Step<CacheAside>[] = [];
