import type { Taps } from '../../kit/judge/environment.ts';
import { fairClock } from '../../kit/judge/fair-clock.ts';
import { begin } from './standstill.ts';
import { until } from './until.ts';

/** A step that is not over after so long waits for the call itself, which holds a lock: the call goes on first, ms. */
const STEP_MS = 400;
/** Nothing crossed the taps for so long: the step waits for the call, ms. */
const STILL_MS = 80;

export interface SteppedIn<T, S> {
  /** Commands that the call had sent when the step began. */
  commands: number;
  value: T;
  stepped: S;
}

/**
 * Runs `call` again and again. Its second command stands still before the server has it, and another process takes
 * its whole `step` meanwhile; in the next run the third command does, and so on, until the call has no more: then the
 * step comes after it. Only the call waits: the step is as quick as if nobody did, however many trips it takes. A step
 * that needs what the call holds (a lock on a row) is over after the call.
 *
 * @param options.first after how many commands of the call the first step comes, default 1; 0 is before any.
 * @param options.most commands of the call, default 24.
 * @example
 * const step = () => other.invalidateTags(['listings:10']);
 * for await (const { commands } of steppedIn(tap, { prepare, call, step })) {
 *   expect(await redis.get(key), `after ${commands} commands`).toBe(null);
 * }
 */
export async function* steppedIn<T, S>(
  tap: Taps,
  {
    prepare,
    call,
    step,
    server = 'redis',
    first = 1,
    most = 24,
  }: {
    prepare: () => Promise<unknown>;
    call: () => Promise<T>;
    step: () => Promise<S>;
    server?: 'redis' | 'mysql';
    first?: number;
    most?: number;
  },
): AsyncGenerator<SteppedIn<T, S>> {
  for (let commands = first; commands <= most; commands++) {
    await prepare();
    tap.meter.reset();
    const next = tap[server].stallAt(commands + 1, { executed: false });
    const calling = begin(call());
    const inTime = await Promise.race([
      next.happened.then(() => true),
      calling.then(
        () => false,
        () => false,
      ),
    ]);
    const stepping = begin(step());
    if (inTime) await overOrWaiting(tap, stepping);
    next.release();
    const value = await calling;
    yield { commands, value, stepped: await stepping };
    if (!inTime) return;
  }
}

/** Waits until the step is over, or waits for what the call holds. */
async function overOrWaiting({ meter }: Taps, stepping: Promise<unknown>): Promise<void> {
  let over = false;
  begin(
    stepping.finally(() => {
      over = true;
    }),
  );
  let [seen, since] = [meter.commands, fairClock()];
  await until(() => {
    if (meter.commands !== seen) [seen, since] = [meter.commands, fairClock()];
    return over || since.passed(STILL_MS);
  }, STEP_MS);
}
