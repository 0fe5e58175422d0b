import type { Redis } from 'ioredis';
import { NotGradable } from '../../kit/judge/check-errors.ts';

/**
 * Runs `work` while the judge's Redis is configured so, and puts back what was.
 *
 * @throws NotGradable where the settings of this Redis cannot be changed.
 * @example await withConfig(redis, { maxmemory: '1' }, () => lab.acceptChange(change));
 */
export async function withConfig(
  redis: Redis,
  settings: Record<string, string>,
  work: () => Promise<unknown>,
) {
  const before: [string, string][] = [];
  for (const [name, value] of Object.entries(settings)) {
    const [, was] = (await redis.config('GET', name).catch(() => [])) as string[];
    if (was === undefined)
      throw new NotGradable("This Redis is not the judge's own, so its settings cannot be changed.");
    before.push([name, was]);
    await redis.config('SET', name, value);
  }
  try {
    await work();
  } finally {
    for (const [name, was] of before) await redis.config('SET', name, was);
  }
}
