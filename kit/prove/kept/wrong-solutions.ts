import type { Edit } from './edits.ts';

/** A wrong solution, kept as what differs from its base. */
export interface WrongSolution {
  /** `any-integer`: small letters, digits and hyphens. */
  name: string;
  /** The checks that it must fail, the one that it is kept for first: `['03.add.values']`. */
  fails: readonly [string, ...string[]];
  /** The mistake, in a sentence: `Number.isInteger(1e21) is true.` */
  why: string;
  edits: readonly Edit[];
}

/** What `test/wrong/<lab>.ts` exports as `wrong`. */
export interface WrongSolutions {
  /**
   * The right solution that all of them are made of, from the root of the project: `answers/08-write-behind.md` or
   * `test/right/03-hset-mapping/plain-object.ts`.
   */
  base: `answers/${string}.md` | `test/right/${string}.ts`;
  solutions: readonly WrongSolution[];
}

/**
 * Looks through the entries of a file as the compiler cannot.
 *
 * @param file for messages: `test/wrong/03-hset-mapping.ts`
 * @throws Error for an entry whose name is none or is another's, or that has no `fails` or no `why`.
 */
export function checkEntries(file: string, solutions: readonly WrongSolution[]): void {
  const names = new Set<string>();
  for (const { name, fails, why } of solutions) {
    if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name))
      throw new Error(`${file}: "${name}" is no name. Use small letters, digits and hyphens: "any-integer".`);
    if (names.has(name)) throw new Error(`${file} has two solutions named ${name}. Rename one of them.`);
    names.add(name);
    if (!fails?.length || fails.some((check) => !check?.trim()))
      throw new Error(
        `${file}, ${name} has no "fails". Name the check that it must fail: ['03.add.values'].`,
      );
    if (!why?.trim())
      throw new Error(`${file}, ${name} has no "why". Say in one sentence what its mistake is.`);
  }
}
