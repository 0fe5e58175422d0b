/** What a process that is being waited for does: nothing ever again, something, or a loop that never lets go. */
export type Look = 'idle' | 'busy' | 'blocked';

export interface WatchOptions {
  /** After this, waiting is hopeless in any case, ms. */
  limitMs: number;
  look: () => Promise<Look>;
  /** Processor time that the process has used so far, ms; undefined where the system does not tell. */
  cpuMs?: () => number | undefined;
  /** Called once, with whether the event loop was blocked. */
  hopeless: (blocked: boolean) => Promise<void>;
}

/** How often to look, ms. */
const EVERY_MS = 500;
/**
 * A loop that gives no sign while it uses so much processor time is endless. Processor time, as on a busy machine an
 * honest loop may take long by the clock; where the system does not tell it, so many looks of 500 ms in a row.
 */
const BLOCKED_CPU_MS = 3_000;
const BLOCKED_LOOKS = 6;
/** One that is free, and waits for no timer and no server, cannot go on by itself: 3 looks rule out a moment's lull. */
const IDLE_LOOKS = 3;

/**
 * Looks at a process from time to time while a call is in flight, so that an endless loop is told after 3 s of processor time and a
 * promise that cannot settle after 1.5 s, not only when the whole limit has run out.
 *
 * @returns what ends the watch.
 */
export function watch({ limitMs, look, cpuMs = () => undefined, hopeless }: WatchOptions): () => void {
  let over = false;
  let timer: NodeJS.Timeout;
  let same: { look: Look; times: number; cpu: number | undefined } = { look: 'busy', times: 0, cpu: cpuMs() };
  const begun = performance.now();

  async function next(): Promise<void> {
    const now = await look();
    if (over) return;
    const cpu = cpuMs();
    same = now === same.look ? { ...same, times: same.times + 1 } : { look: now, times: 1, cpu };
    const used = cpu === undefined || same.cpu === undefined ? undefined : cpu - same.cpu;
    const spent = used === undefined ? same.times >= BLOCKED_LOOKS : used >= BLOCKED_CPU_MS;
    const blocked = same.look === 'blocked' && spent;
    const idle = same.look === 'idle' && same.times >= IDLE_LOOKS;
    if (!blocked && !idle && performance.now() - begun < limitMs) {
      timer = setTimeout(next, now === 'blocked' ? 0 : EVERY_MS);
      return;
    }
    over = true;
    await hopeless(same.look === 'blocked');
  }

  timer = setTimeout(next, Math.min(EVERY_MS, limitMs));
  return () => {
    over = true;
    clearTimeout(timer);
  };
}
