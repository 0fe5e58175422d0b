import { createHash } from 'node:crypto';

/** How an earlier run of the same proof saw a part of it. */
export interface Seen {
  /** Of the texts that the part is made of. */
  hash: string;
  /** Whether all its claims held. */
  held: boolean;
}

/** What earlier runs saw, by the names of parts; empty before the first. */
export type Before = Readonly<Record<string, Seen>>;

/** A part of a proof: a solution that is judged, or the notebook. */
export interface Part {
  name: string;
  hash: string;
}

/** @example hashOf('one', 'two') // 'b94d…', the same for the same texts */
export const hashOf = (...texts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(texts)).digest('hex');

/** Whether a part was seen before, and is another now. */
export const isChanged = ({ name, hash }: Part, before: Before): boolean =>
  Object.keys(before).length > 0 && before[name]?.hash !== hash;

/**
 * In which order a run proves parts: first those that have changed since an earlier run, whose author waits for them;
 * then those that did not hold in it; then the others.
 */
export function inOrder<One extends Part>(
  parts: readonly One[],
  before: Before,
): { changed: One[]; unchanged: One[] } {
  const changed = parts.filter((part) => isChanged(part, before));
  const others = parts.filter((part) => !changed.includes(part));
  const fell = others.filter(({ name }) => before[name]?.held === false);
  return { changed, unchanged: [...fell, ...others.filter((part) => !fell.includes(part))] };
}
