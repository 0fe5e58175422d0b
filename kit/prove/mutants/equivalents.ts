import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rootFolder } from '../../base/root.ts';
import type { Mutant } from './make.ts';

/** A mutant that no check can catch, as it keeps the contract: the machine's mistake is none. */
export interface Equivalent {
  /** The line of the answer, without the spaces around it. */
  source: string;
  from: string;
  to: string;
  /** Why it keeps the contract, in a sentence: `HSET of a field that is there already only overwrites it.` */
  why: string;
}

/** The mutants of a lab that `test/mutants/<lab>.ts` exports as `equivalents`; none where there is no such file. */
export async function equivalentsOf(lab: string): Promise<readonly Equivalent[]> {
  const file = join(rootFolder(), 'test', 'mutants', `${lab}.ts`);
  if (!existsSync(file)) return [];
  return ((await import(pathToFileURL(file).href)) as { equivalents: readonly Equivalent[] }).equivalents;
}

/** Whether an entry means a mutant. Lines that stand twice in an answer share their entries. */
export const isMeant = (mutant: Mutant, { source, from, to }: Equivalent): boolean =>
  mutant.source === source && mutant.from === from && mutant.to === to;
