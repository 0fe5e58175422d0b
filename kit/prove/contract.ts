/** The interface that a lab implements. */
export interface Contract {
  /** `WriteThrough` */
  name: string;
  /** `src/contracts/write-through.ts` */
  path: string;
}

/**
 * The contract that a test file tries a lab on, which is what it gives to `checksOf`; undefined where it imports none.
 *
 * @example contractOf("import type { Ping } from '../src/contracts/ping.ts';\nchecksOf<Ping>('99-ping')")?.name // 'Ping'
 */
export function contractOf(test: string): Contract | undefined {
  const name = /checksOf<(\w+)>/.exec(test)?.[1];
  if (!name) return undefined;
  const imports = test.matchAll(/^import type \{([^}]*)\} from '\.\.\/(src\/[^']+)';$/gm);
  for (const [, names, path] of imports)
    if (new RegExp(`\\b${name}\\b`).test(names!)) return { name, path: path! };
  return undefined;
}
