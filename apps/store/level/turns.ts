/** One at a time for each id: gives the function that ends the turn. */
export type TakeTurn = (id: number) => Promise<() => void>;

/**
 * Turns by id: of several that ask for the same id, each waits until the one before has ended its turn.
 *
 * @example const take = turns(); const end = await take(101); try { ... } finally { end(); }
 */
export function turns(): TakeTurn {
  const last = new Map<number, Promise<void>>();
  return async (id) => {
    const before = last.get(id);
    let end = () => {};
    const mine = new Promise<void>((resolve) => {
      end = resolve;
    });
    last.set(id, mine);
    await before;
    return () => {
      if (last.get(id) === mine) last.delete(id);
      end();
    };
  };
}
