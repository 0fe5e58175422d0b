import type ts from '@tslab/typescript-for-tslab';

/**
 * Lets several timers wait in a system that holds one.
 *
 * tslab fires the compiler's pending timer by hand before each cell and can hold a single one; the compiler has two
 * (the program's update, and imports that were not found). A second one left tslab's kernel dead with
 * "Unexpected pending rebuildTimer".
 */
export function holdManyTimers(sys: ts.System): void {
  const set = sys.setTimeout!.bind(sys);
  const clear = sys.clearTimeout!.bind(sys);
  const waiting = new Map<object, () => void>();
  let armed: unknown;
  let firing = false;

  const fire = () => {
    firing = true;
    armed = undefined;
    try {
      for (const [timer, callback] of waiting) {
        waiting.delete(timer);
        callback();
      }
    } finally {
      firing = false;
    }
  };
  sys.setTimeout = (callback: (...args: unknown[]) => void, _ms: number, ...args: unknown[]) => {
    const timer = {};
    waiting.set(timer, () => callback(...args));
    if (!armed && !firing) armed = set(fire, 0);
    return timer;
  };
  sys.clearTimeout = (timer: object) => {
    waiting.delete(timer);
    if (waiting.size > 0 || !armed) return;
    clear(armed);
    armed = undefined;
  };
}
