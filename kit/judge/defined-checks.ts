import type { Definition } from './definition.ts';

/** What the test files of one lab define. */
interface DefinedChecks {
  definitions: Definition[];
  /** Sizes of generated data that they ask for. */
  sizes: Set<number>;
}

const defined = new Map<string, DefinedChecks>();
let listening: ((lab: string, definition: Definition) => void) | undefined;

/** Has `listener` called for each check that a test file defines from now on: for vitest, which makes tests of them. */
export function listenForChecks(listener: (lab: string, definition: Definition) => void): void {
  listening = listener;
}

/** Tells whoever listens of a check that a test file has just defined. */
export const tellOfCheck = (lab: string, definition: Definition): void => listening?.(lab, definition);

/** Where the test files of a lab put their checks, and the judge takes them from. */
export function definedChecks(labId: string): DefinedChecks {
  let found = defined.get(labId);
  if (!found) {
    found = { definitions: [], sizes: new Set() };
    defined.set(labId, found);
  }
  return found;
}

/** The checks that the imported test files define for a lab, in their order. */
export const definitionsOf = (labId: string): readonly Definition[] => definedChecks(labId).definitions;

/** The sizes of generated data that they will ask for, in orders. */
export const generatedSizesOf = (labId: string): number[] => [...definedChecks(labId).sizes];
