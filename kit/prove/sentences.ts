import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rootFolder } from '../base/root.ts';
import type { LabResult } from '../judge/result.ts';
import type { Claim } from './claim.ts';

/** One sentence of a lab's contract, as its stub says it, and what shows that its breach is seen. */
export interface Sentence {
  /** The sentence, or what it comes to: `An order that lost an item keeps no field of it.` */
  says: string;
  /** The checks that look whether it holds: `['03.add.exact']`. */
  checks: readonly [string, ...string[]];
  /** Kept wrong solutions that break it and nothing else, so that only these checks fail them: `['keeps-old-items']`. */
  broken: readonly [string, ...string[]];
}

/** What `test/sentences/<lab>.ts` exports as `sentences`; each has a number in the order in which they stand, from 1. */
export type Sentences = readonly Sentence[];

/** The sentences of a lab's contract; undefined in a students' edition, and where nobody has numbered them yet. */
export async function sentencesOf(lab: string): Promise<Sentences | undefined> {
  const file = join(rootFolder(), 'test', 'sentences', `${lab}.ts`);
  if (!existsSync(file)) return undefined;
  return ((await import(pathToFileURL(file).href)) as { sentences: Sentences }).sentences;
}

export interface SentenceProof {
  lab: string;
  sentences: Sentences;
  /** Ids of all checks of the lab. */
  checks: readonly string[];
  /** What became of each kept wrong solution that was judged, by its name. */
  wrong: ReadonlyMap<string, LabResult>;
  /** Names of all wrong solutions that are kept; undefined where a run took only some of them. */
  kept?: ReadonlySet<string> | undefined;
}

/**
 * That each sentence of a contract has a check of its own, and that only its checks fail a solution which breaks it
 * alone, as far as that was judged on all checks; and that each check belongs to a sentence.
 */
export function sentenceClaims({ lab, sentences, checks, wrong, kept }: SentenceProof): Claim[] {
  const idle = checks.filter((id) => !sentences.some((one) => one.checks.includes(id)));
  return [
    ...sentences.map((sentence, i): Claim => {
      const faults = faultsOf(sentence, { lab, checks, wrong, kept });
      const name = `sentence ${i + 1} of ${lab} is checked: ${sentence.says}`;
      return { name, holds: faults.length === 0, detail: faults.join('\n') || sentence.checks.join(', ') };
    }),
    {
      name: `each check of ${lab} belongs to a sentence of its contract`,
      holds: idle.length === 0,
      ...(idle.length > 0 ? { detail: `test/sentences/${lab}.ts names none for ${idle.join(', ')}` } : {}),
    },
  ];
}

function faultsOf(
  { checks: own, broken }: Sentence,
  { lab, checks, wrong, kept }: Omit<SentenceProof, 'sentences'>,
): string[] {
  const unknown = own.filter((id) => !checks.includes(id)).map((id) => `${id} is no check of this lab.`);
  const lost = broken
    .filter((name) => kept && !kept.has(name))
    .map(
      (name) => `${name} is no wrong solution of test/wrong/${lab}.ts: write it, or name one that is there.`,
    );
  const missed = broken.flatMap((name) => {
    const result = wrong.get(name);
    if (!result) return [];
    const failed = result.checks.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id);
    const others = failed.filter((id) => !own.includes(id));
    if (failed.length === 0) return [`No check fails ${name}, which breaks it.`];
    return others.length > 0 ? [`${name} breaks it, and ${others.join(', ')} fails it too.`] : [];
  });
  return [...unknown, ...lost, ...missed];
}
