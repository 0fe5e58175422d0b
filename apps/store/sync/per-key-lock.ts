/** Waits until nobody holds the lock of this key, takes it, and gives the function that releases it. */
export type LockKey = (key: number) => Promise<() => void>;

/**
 * A lock for each key, in this process: of several that ask for the same key, each waits until the one before has
 * released it. They are served in the order in which they asked.
 *
 * @example const lock = perKeyLock(); const release = await lock(101); try { ... } finally { release(); }
 */
export function perKeyLock(): LockKey {
  const last = new Map<number, Promise<void>>();
  return async (key) => {
    const before = last.get(key);
    let release = () => {};
    const mine = new Promise<void>((resolve) => {
      release = resolve;
    });
    last.set(key, mine);
    await before;
    return () => {
      if (last.get(key) === mine) last.delete(key);
      release();
    };
  };
}
