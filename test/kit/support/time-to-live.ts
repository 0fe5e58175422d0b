import type { Redis } from 'ioredis';
import { expect } from 'vitest';

/** What two clocks of one machine may differ by, ms. */
const CLOCKS_MS = 100;

/**
 * Expects that a key was given `seconds` to live, at some moment since `since`: however long the test took, it has
 * that much less left.
 *
 * @param options `since` is `performance.now()` before the key was written.
 */
export async function expectTimeToLive(
  redis: Redis,
  key: string,
  { seconds, since }: { seconds: number; since: number },
): Promise<void> {
  const left = await redis.pttl(key);
  const gone = performance.now() - since + CLOCKS_MS;
  expect(left, `time to live of ${key}, ms`).toBeLessThanOrEqual(seconds * 1000);
  expect(left, `time to live of ${key}, ms`).toBeGreaterThanOrEqual(seconds * 1000 - gone);
}
