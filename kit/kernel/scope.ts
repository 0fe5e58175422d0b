/**
 * The names that cells share: what compiled cells read and write as `exports`.
 *
 * An imported name stays bound to its module, so it gives the newest code after an edit, until a cell assigns to it.
 */
export function createScope(): Record<string, unknown> {
  return new Proxy<Record<string, unknown>>(
    {},
    {
      defineProperty(names, name, { get, value }) {
        if (name === '__esModule') return true;
        const given = get ? { get } : { value, writable: true };
        return Reflect.defineProperty(names, name, { ...given, configurable: true, enumerable: true });
      },
      set: (names, name, value) =>
        Reflect.defineProperty(names, name, { value, writable: true, configurable: true, enumerable: true }),
    },
  );
}
