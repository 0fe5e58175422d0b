import { judgeLost, type LostTime, STRAINED } from '../../base/lost-time.ts';
import { type Seen, Stillness } from './stillness.ts';

/** What a process answered: nothing in time, or whether it holds anything that could wake it. */
export type Sign = 'none' | 'free' | 'waits';

/** Why waiting for a process is hopeless. */
export type Hopeless =
  /** It has had nothing to do for so long. */
  | { why: 'idle'; forMs: number }
  /**
   * Its event loop has not turned while it used so much processor time, or until its time was up; undefined where the
   * system does not tell.
   */
  | { why: 'blocked'; cpuMs: number | undefined }
  /** Its time is up. */
  | { why: 'limit' }
  /** Its time is up, or far more than that, and this machine kept much of it from the process and the judge. */
  | { why: 'machine'; wallMs: number; lostMs: number };

export interface WatchOptions {
  /** After this the time is up, ms; what the machine keeps from the process and from the judge does not count. */
  limitMs: number;
  /** Asks the process for a sign, and waits for it some 500 ms. */
  ask: () => Promise<Sign>;
  seen: () => Omit<Seen, 'usage'>;
  process: LostTime;
  /** Called once. */
  hopeless: (verdict: Hopeless) => Promise<void>;
}

/** How often to look, ms. */
const EVERY_MS = 500;
/**
 * A loop that gives no sign while it uses so much processor time is endless. Where the system does not tell it, so many looks
 * of 500 ms in a row.
 */
const BLOCKED_CPU_MS = 3_000;
const BLOCKED_LOOKS = 6;
/** Nobody waits longer, whatever the machine does, ms. */
export const WALL_MS = 100_000;
/** Where the machine is strained the time is so many times as long: it may yet settle, and then there is a verdict. */
export const STRAINED_FACTOR = 3;

/**
 * Looks at a process from time to time while a call is in flight, so that an endless loop is told after 3 s of processor time
 * and a promise that cannot settle after 1.5 s, not only when the whole limit has run out.
 *
 * @returns what ends the watch.
 */
export function watch({ limitMs, ask, seen, process, hopeless }: WatchOptions): () => void {
  let over = false;
  let timer: NodeJS.Timeout;
  const begun = performance.now();
  const lostMs = () => process.ms + judgeLost.ms;
  const lostBefore = lostMs();
  const stillness = new Stillness();
  let blocked: { looks: number; cpuMs: number | undefined } | undefined;
  const look = (): Seen => ({ ...seen(), usage: process.look() });

  async function next(): Promise<void> {
    const before = look();
    const sign = await ask();
    if (over) return;
    const after = look();
    if (sign === 'none') {
      blocked = { looks: (blocked?.looks ?? 0) + 1, cpuMs: blocked ? blocked.cpuMs : before.usage?.cpuMs };
      stillness.noAnswer();
    } else {
      blocked = undefined;
      stillness.look(before, after, sign === 'free');
    }
    const verdict = verdictOn(after);
    if (!verdict) return again(sign === 'none' ? 0 : EVERY_MS);
    over = true;
    await hopeless(verdict);
  }

  function verdictOn({ usage }: Seen): Hopeless | undefined {
    const forMs = stillness.forMs;
    if (forMs !== undefined) return { why: 'idle', forMs };
    const cpuMs = usage && blocked?.cpuMs !== undefined ? usage.cpuMs - blocked.cpuMs : undefined;
    if (blocked && (cpuMs === undefined ? blocked.looks >= BLOCKED_LOOKS : cpuMs >= BLOCKED_CPU_MS))
      return { why: 'blocked', cpuMs };
    const wallMs = performance.now() - begun;
    const lost = Math.min(wallMs, lostMs() - lostBefore);
    const machine: Hopeless = { why: 'machine', wallMs, lostMs: lost };
    if (wallMs >= WALL_MS) return machine;
    const strained = lost >= STRAINED * wallMs;
    if (wallMs - lost < limitMs * (strained ? STRAINED_FACTOR : 1)) return undefined;
    // It computes: a little more processor time, and it is known whether that has an end.
    if (blocked && cpuMs !== undefined && usage?.state === 'ready') return undefined;
    if (strained) return machine;
    // Its event loop has not turned for seconds, whatever system call it sits in: it is no slow call.
    return blocked && blocked.looks >= BLOCKED_LOOKS ? { why: 'blocked', cpuMs } : { why: 'limit' };
  }

  function again(ms: number): void {
    const paused = judgeLost.pause(ms);
    timer = setTimeout(() => {
      paused();
      next();
    }, ms);
  }

  again(Math.min(EVERY_MS, limitMs));
  return () => {
    over = true;
    clearTimeout(timer);
  };
}
