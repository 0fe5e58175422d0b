import type { Waiting } from './inbox.ts';
import { type WatchOptions, watch } from './watch.ts';

/** Whoever waits for a process: each wait is watched, and the end of the process fails them all. */
export class Waits {
  /** Why the process is gone, or is to go; undefined while it lives. */
  ended: Error | undefined;
  #open = new Set<Waiting>();

  /** Whether anybody waits. */
  get busy(): boolean {
    return this.#open.size > 0;
  }

  /**
   * Waits for what `begin` starts, and watches the process meanwhile.
   *
   * @throws why the process ended, where it does before that.
   */
  async for(watched: WatchOptions, begin: (waiting: Waiting) => void): Promise<unknown> {
    if (this.ended) throw this.ended;
    let waiting: Waiting | undefined;
    const stop = watch(watched);
    try {
      return await new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        this.#open.add(waiting);
        begin(waiting);
      });
    } finally {
      stop();
      if (waiting) this.#open.delete(waiting);
    }
  }

  /** Fails all that wait, and all that will; the first reason stays. */
  end(why: Error): void {
    if (this.ended) return;
    this.ended = why;
    for (const waiting of [...this.#open]) waiting.reject(why);
  }
}
