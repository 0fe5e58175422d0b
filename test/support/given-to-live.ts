import type { Redis } from 'ioredis';
import { MachineTooBusy } from '../../kit/judge/machine-too-busy.ts';

/** What is looked at later than this says too little of the time to live, ms. */
const AT_ONCE = 400;
/** The clock of Redis and PTTL round to a ms each. */
const ROUNDING = 2;
const ATTEMPTS = 5;

/** What PTTL said (-1: for ever, -2: no key), and whether the key was given just the time to live that was wanted. */
export interface Lifetime {
  left: number;
  exact: boolean;
}

/**
 * Whether what `write` writes has `wanted` ms to live, to the ms, however slow the machine is: the clock of Redis says how
 * long before the look it can have been written. `write` resolves to the key. Where the look came too late it writes once
 * more.
 *
 * @throws MachineTooBusy
 * @example
 * const { left, exact } = await givenToLive(redis, 700, async () => {
 *   await lab.saveProfile(change, { ttlMs: 700 });
 *   return 'player:profile:7';
 * });
 */
export async function givenToLive(
  redis: Redis,
  wanted: number,
  write: () => Promise<string>,
): Promise<Lifetime> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const before = ms(await redis.time());
    const key = await write();
    const [time, pttl] = (await redis.multi().time().pttl(key).exec())!;
    const passed = ms(time![1] as [number, number]) - before + ROUNDING;
    const left = pttl![1] as number;
    if (passed > AT_ONCE && attempt < ATTEMPTS) continue;
    if (left === -2 && passed >= wanted) break;
    return { left, exact: left >= 0 && left <= wanted + ROUNDING && left + passed >= wanted };
  }
  throw new MachineTooBusy(`what was to live for ${wanted} ms was over before the judge could look`);
}

/** What TIME says, in ms. */
const ms = ([seconds, micros]: (number | string)[]): number => Number(seconds) * 1000 + Number(micros) / 1000;
