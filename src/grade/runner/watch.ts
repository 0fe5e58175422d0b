/** What a process that is being waited for does: nothing ever again, something, or a loop that never lets go. */
export type Look = 'idle' | 'busy' | 'blocked';

export interface WatchOptions {
  /** After this, waiting is hopeless in any case, ms. */
  limitMs: number;
  look: () => Promise<Look>;
  /** Called once, with whether the event loop was blocked. */
  hopeless: (blocked: boolean) => Promise<void>;
}

/** How often to look, ms. */
const EVERY_MS = 500;
/** An event loop that gives no sign for so many looks in a row is in an endless loop: 6 × 500 ms, 3 s in all. */
const BLOCKED_LOOKS = 6;
/** One that is free, and waits for no timer and no server, cannot go on by itself: 3 looks rule out a moment's lull. */
const IDLE_LOOKS = 3;

/**
 * Looks at a process from time to time while a call is in flight, so that an endless loop is told after 3 s and a
 * promise that cannot settle after 1.5 s, not only when the whole limit has run out.
 *
 * @returns what ends the watch.
 */
export function watch({ limitMs, look, hopeless }: WatchOptions): () => void {
  let over = false;
  let timer: NodeJS.Timeout;
  let same: { look: Look; times: number } = { look: 'busy', times: 0 };
  const begun = performance.now();

  async function next(): Promise<void> {
    const now = await look();
    if (over) return;
    same = now === same.look ? { look: now, times: same.times + 1 } : { look: now, times: 1 };
    const blocked = same.look === 'blocked' && same.times >= BLOCKED_LOOKS;
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
