import type { KeyPart } from './key-parts.ts';

/** Keys that SCAN is to find: `match` is its glob, and `test` says of a key that it found whether it is meant. */
export interface KeyPattern {
  match: string;
  test(key: string): boolean;
}

/** How the keys of one kind of value are made, and how they are found again. */
export interface KeyName<Parts extends unknown[]> {
  /** @throws InvalidKeyPart */
  key(...parts: Parts): string;
  /** Every key whose first parts are these; every key of this name without any. @throws InvalidKeyPart */
  all(...first: Partial<Parts>): KeyPattern;
}

/**
 * Keys of a prefix and checked parts. A value stays inside its part whatever it holds, so that no login, address or
 * session id can name a key of somebody else.
 *
 * @example
 * const recipes = keyName('recipes:user', idPart('user'), idPart('profession'));
 * recipes.key(7, 3); // 'recipes:user:7:3'
 * recipes.all(7).match; // 'recipes:user:7:*', of which 'recipes:user:7:3:lock' is not meant
 */
export function keyName<Parts extends unknown[]>(
  prefix: string,
  ...parts: { [I in keyof Parts]: KeyPart<Parts[I]> }
): KeyName<Parts> {
  const written = (values: readonly unknown[], count: number) =>
    [prefix, ...parts.slice(0, count).map((part, i) => part.write(values[i]))].join(':');
  return {
    key: (...values) => written(values, parts.length),
    all(...first) {
      const start = `${written(first, first.length)}:`;
      const rest = parts.slice(first.length).map((part) => part.written);
      const meant = new RegExp(`^${rest.join(':')}$`);
      return {
        match: `${start}*`,
        test: (key) => key.startsWith(start) && meant.test(key.slice(start.length)),
      };
    },
  };
}
