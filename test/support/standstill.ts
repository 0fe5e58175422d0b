import type { Taps } from '../../kit/judge/environment.ts';
import { fairClock } from '../../kit/judge/fair-clock.ts';
import { until } from './until.ts';

/** Nothing crossed the taps for so long: what runs waits for something that the check holds. */
const STILL_MS = 150;

/** A call that goes on while the check does other things. */
export function begin<T>(call: Promise<T>): Promise<T> {
  call.catch(() => {}); // who awaits it hears of it
  return call;
}

/**
 * Waits until `call` is over, or stands still itself since it needs what another holds: a lock on a row. Resolves to
 * whether it is over.
 */
export async function overOrStill({ meter }: Taps, call: Promise<unknown>): Promise<boolean> {
  let over = false;
  begin(
    call.finally(() => {
      over = true;
    }),
  );
  let [seen, since] = [meter.commands, fairClock()];
  await until(() => {
    if (meter.commands !== seen) [seen, since] = [meter.commands, fairClock()];
    return over || since.passed(STILL_MS);
  }, 1_000);
  return over;
}

/**
 * Runs `call` once and tells which of its MySQL commands is the last before it writes to the cache: 1 for an UPDATE
 * that commits by itself, 4 for START TRANSACTION, UPDATE, SELECT and COMMIT.
 */
export async function lastQueryBeforeCache(tap: Taps, call: () => Promise<unknown>): Promise<number> {
  tap.meter.reset();
  await call();
  const requests = (server: 'redis' | 'mysql') =>
    tap[server].transcript().filter(({ kind, depth }) => kind === 'request' && depth > 0);
  const queries = requests('mysql');
  const lastOfRedis = requests('redis').at(-1)?.at ?? Number.POSITIVE_INFINITY;
  return Math.max(1, queries.filter(({ at }) => at < lastOfRedis).length);
}
